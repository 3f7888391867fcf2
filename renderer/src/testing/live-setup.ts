/** A first start that can be gone through: what is chosen leads to a running market. */
import { contractExamples } from '../../../core/contract/testing/contract-examples.ts'
import type { SetupStatus } from '../store/types.ts'
import type { Emit, SceneHandlers } from './fake-market.ts'

export const WORDS =
  'abandon ability able about above absent absorb abstract absurd abuse access accident account accuse achieve acid acoustic acquire across act action actor actress actual'.split(
    ' ',
  )
export const INVITE = 'claude-market:invite/AAAA'
const BACKUP = contractExamples.setup.readBackup.input.content
const ACCOUNT_CODE = contractExamples.setup.link.input.accountCode
const ASK = [3, 11, 20]
const START_UP_MS = 400

export const liveSetup = (emit: Emit, market: SceneHandlers): SceneHandlers => {
  let status: SetupStatus = { revision: 1, phase: 'first-start', kind: null, keyStore: 'os', awaitedMicro: 0n, problem: null }
  const enter = (changed: Partial<SetupStatus>): void => {
    status = { ...status, ...changed, revision: status.revision + 1 }
    emit('setup.changed', { revision: status.revision })
  }
  const begin = (kind: 'practice' | 'organisation' | 'community') => {
    enter({ phase: 'starting', kind })
    setTimeout(() => enter({ phase: 'running' }), START_UP_MS)
    return { ok: true as const, value: {} }
  }
  const malformed = {
    ok: false as const,
    error: {
      code: 'malformed-link' as const,
      message: 'This is not a whole invite link. Copy it again, from the first letter to the last.',
    },
  }
  const wrongProof = {
    ok: false as const,
    error: { code: 'wrong-proof' as const, message: 'Those are not the words. Look at what you wrote down.' },
  }
  const wrongPhrase = {
    ok: false as const,
    error: { code: 'wrong-phrase' as const, message: 'A recovery phrase has 24 words; these are not.' },
  }
  const malformedCode = {
    ok: false as const,
    error: { code: 'malformed-code' as const, message: 'This is not an account code. One begins with claude-market://linked/' },
  }
  const notBackup = {
    ok: false as const,
    error: {
      code: 'not-a-backup' as const,
      message: 'This is not a backup file of Claude Market. Choose the one that was saved in its settings.',
    },
  }
  const malformedFederation = {
    ok: false as const,
    error: { code: 'malformed-federation' as const, message: 'This is not a federation file of Claude Market. Ask for the whole file.' },
  }
  const isWhole = (phrase: string): boolean => phrase.trim().split(/\s+/).length === WORDS.length
  const isProven = (proof: readonly string[]): boolean => proof.join(' ') === ASK.map((place) => WORDS[place - 1]).join(' ')
  return {
    ...market,
    setup: {
      status: () => ({ ok: true, value: status }),
      practice: () => begin('practice'),
      newPhrase: () => ({ ok: true, value: { words: WORDS, ask: ASK } }),
      checkAccount: ({ account }) => {
        if (account.kind === 'new') return isProven(account.proof) ? { ok: true, value: {} } : wrongProof
        return isWhole(account.phrase) ? { ok: true, value: {} } : wrongPhrase
      },
      readInvite: ({ link }) => (link === INVITE ? { ok: true, value: contractExamples.setup.readInvite.output } : malformed),
      join: ({ link, account }) => {
        if (link !== INVITE) return malformed
        return account.kind === 'new' && !isProven(account.proof) ? wrongProof : begin('organisation')
      },
      found: ({ kind, account }) => (account.kind === 'new' && !isProven(account.proof) ? wrongProof : begin(kind)),
      deviceCode: () => ({ ok: true, value: contractExamples.setup.deviceCode.output }),
      checkLink: ({ accountCode }) => (accountCode === ACCOUNT_CODE ? { ok: true, value: {} } : malformedCode),
      link: ({ accountCode }) => (accountCode === ACCOUNT_CODE ? begin('organisation') : malformedCode),
      readBackup: ({ content }) => (content === BACKUP ? { ok: true, value: contractExamples.setup.readBackup.output } : notBackup),
      checkRestore: ({ federation, phrase }) => {
        if (!isWhole(phrase)) return wrongPhrase
        return federation.includes('{') || federation === BACKUP || federation.trim() === INVITE
          ? { ok: true, value: {} }
          : malformedFederation
      },
      restore: ({ phrase }) => (isWhole(phrase) ? begin('organisation') : wrongPhrase),
    },
  }
}
