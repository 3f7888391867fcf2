import type { ClosenessOf } from '../../escrow/recusal.ts'
import { createEscrows, type Escrows } from '../../escrow/service.ts'
import type { Signer } from '../../identity/signing.ts'
import { assert } from '../../platform/assert.ts'
import type { Clock } from '../../platform/clock.ts'
import { silentLog } from '../../platform/log.ts'
import type { Decree, EscrowTerms } from '../../settlement/objects.ts'
import { signTerms } from '../../settlement/signatures.ts'
import type { Database } from '../../storage/database.ts'
import { createWallet, type Wallet } from '../service.ts'
import { testRules, type FakeWitnesses } from './fake-witnesses.ts'

export type Parties = Pick<Member, 'signer' | 'wallet'>
export type Member = { readonly signer: Signer; readonly wallet: Wallet; readonly escrows: Escrows; readonly stop: () => void }

/** A node of one member on this database; made again on the same one, it is the node after a restart. */
export const startMember = (
  signer: Signer,
  db: Database,
  witnesses: Pick<FakeWitnesses, 'rules' | 'genesis' | 'driver'>,
  clock: Clock,
  announce: (decree: Decree) => void = () => undefined,
  firstKey: Uint8Array = signer.publicKey,
  closenessOf: ClosenessOf = () => null,
): Member => {
  const shared = {
    db,
    signer,
    rules: witnesses.rules,
    driver: witnesses.driver,
    clock,
    log: silentLog,
    announce,
  }
  const wallet = createWallet({ ...shared, firstKey, genesisCredits: witnesses.genesis })
  assert(wallet.ok, 'the wallet opens')
  const escrows = createEscrows({ ...shared, wallet: wallet.value, closenessOf })
  const stop = (): void => {
    escrows.stop()
    wallet.value.stop()
  }
  return { signer, wallet: wallet.value, escrows, stop }
}

/** Terms both sides would agree on, and the provider's acceptance. */
export const agree = (
  client: Parties,
  provider: Parties,
  clock: Clock,
  changes: Partial<EscrowTerms> = {},
  federationId = testRules.federationId,
) => {
  const nowMs = clock.nowMs()
  const free = { perTaskMicro: 0n, perThousandInputTokensMicro: 0n, perThousandOutputTokensMicro: 0n, minimumMicro: 0n }
  const terms: EscrowTerms = {
    client: client.wallet.accountId,
    clientKey: client.signer.publicKey,
    provider: provider.wallet.accountId,
    providerKey: provider.signer.publicKey,
    amountMicro: 100n,
    classKey: 'practice-small',
    pricing: free,
    taskCommit: new Uint8Array(32),
    requestHash: new Uint8Array(32),
    firstTokenMs: 1_000,
    totalMs: 60_000,
    lateReductionPpm: 200_000,
    deliverByMs: nowMs + 120_000,
    reviewMs: 60_000,
    ruleMs: 120_000,
    panel: { size: 3, quorum: 2 },
    defaultOutcome: 'split-half',
    acceptValidUntilMs: nowMs + 10_000,
    nonce: new Uint8Array(16),
    ...changes,
  }
  return { terms, acceptSignature: signTerms(federationId, terms, provider.signer) }
}
