import type { HomeContract } from '../contract/contract.ts'
import type { InputOf, OutputOf, OwnCodeOf } from '../contract/definition.ts'
import type { Handlers } from '../contract/dispatcher.ts'
import { maxProblemLength } from '../contract/setup.ts'
import { backupPrefix, readBackup, type Backup, type BackupFailure } from '../copies/backup-file.ts'
import type { Federation } from '../federation/federation.ts'
import { readAccountCode } from '../devices/codes.ts'
import { checkFoundingTime } from '../federation/founding-time.ts'
import { parseGenesisFile } from '../federation/genesis-file.ts'
import { inviteLinkPrefix, parseInviteLink, type Invite } from '../federation/invite.ts'
import { summaryOf } from '../federation/summary.ts'
import { accountKeysOf, newSecrets, type Secrets } from '../identity/secrets.ts'
import { freePorts } from '../node/free-ports.ts'
import { foundPractice, practiceWitnesses } from '../node/practice.ts'
import { equalBytes, toHex } from '../platform/bytes.ts'
import type { Clock } from '../platform/clock.ts'
import { assert } from '../platform/assert.ts'
import type { Random } from '../platform/random.ts'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'
import { accountIdOf, birthOf } from '../settlement/account-id.ts'
import { foundFrom } from './founding.ts'
import { backupSummaryOf } from './incoming.ts'
import type { Lifecycle } from './lifecycle.ts'
import { markRestored, writeFederation, writePendingInvite } from './member-files.ts'
import { createMemberVault, protectorFor, restoredSecrets, secretsFrom } from './new-account.ts'
import { memberOpening, practiceOpening, type Keys, type Opening } from './opening.ts'
import type { PendingDevice } from './pending-device.ts'
import type { PendingPhrase } from './pending-phrase.ts'
import { writePractice } from './practice-file.ts'
import type { RecentCommands } from './recent-commands.ts'
import { kindOf } from './state.ts'

export type SetupDeps = Keys & {
  readonly lifecycle: Lifecycle
  readonly revision: () => number
  readonly pending: PendingPhrase
  readonly device: PendingDevice
  readonly recent: RecentCommands
  readonly clock: Clock
  readonly random: Random
}
type Setup = HomeContract['setup']
type DeviceCodeAnswer = Result<OutputOf<Setup['deviceCode']>, Failure<'not-now' | 'refused'>>
type Prepared<K extends 'join' | 'restore' | 'found' | 'link'> = Promise<Result<Opening, Failure<OwnCodeOf<Setup[K]>>>>

export const setupHandlers = (deps: SetupDeps): Handlers<HomeContract>['setup'] => {
  const { lifecycle, pending, recent, clock, random } = deps
  const readLink = (link: string) => readInviteLink(link, clock.nowMs())

  const join = ({ link, account, passphrase }: InputOf<Setup['join']>) =>
    lifecycle.begin(async (path): Prepared<'join'> => {
      const invite = readLink(link)
      if (!invite.ok) return invite
      const secrets = secretsFrom(account, pending, random)
      return secrets.ok
        ? settle(deps, path, { ...plain, secrets: secrets.value, federation: invite.value.federation, link, passphrase })
        : secrets
    })
  const readRestore = ({ federation, phrase }: InputOf<Setup['checkRestore']>) => {
    const read = readRestoreSource(federation, clock.nowMs())
    if (!read.ok) return read
    const secrets = restoredSecrets(phrase, random)
    if (!secrets.ok) return secrets
    const isOfPhrase = read.value.backup === null || isOwnBackup(read.value.backup, secrets.value)
    return isOfPhrase ? ok({ ...read.value, secrets: secrets.value }) : otherPhrase
  }
  const restore = ({ passphrase, ...account }: InputOf<Setup['restore']>) =>
    lifecycle.begin(async (path): Prepared<'restore'> => {
      const read = readRestore(account)
      if (!read.ok) return read
      const { federation, secrets, backup } = read.value
      return settle(deps, path, { ...plain, secrets, federation, restored: { backup }, passphrase })
    })
  const found = ({ account, passphrase, ...wish }: InputOf<Setup['found']>) =>
    lifecycle.begin(async (path): Prepared<'found'> => {
      const secrets = secretsFrom(account, pending, random)
      if (!secrets.ok) return secrets
      const federation = foundFrom(wish, secrets.value, await freePorts(practiceWitnesses), clock.nowMs())
      return federation.ok ? settle(deps, path, { ...plain, secrets: secrets.value, federation: federation.value, passphrase }) : federation
    })
  const readLinked = ({ accountCode }: InputOf<Setup['checkLink']>) => {
    const code = readAccountCode(accountCode)
    if (!code.ok) return fail('malformed-code', code.error.message)
    const founded = checkFoundingTime(code.value.federation, clock.nowMs())
    if (!founded.ok) return founded
    const secrets = deps.device.linkedTo(code.value)
    return secrets.ok ? ok({ federation: founded.value, secrets: secrets.value }) : secrets
  }
  const link = ({ accountCode, passphrase }: InputOf<Setup['link']>) =>
    lifecycle.begin(async (path): Prepared<'link'> => {
      const read = readLinked({ accountCode })
      return read.ok ? settle(deps, path, { ...plain, ...read.value, passphrase }) : read
    })
  const practice = () =>
    lifecycle.begin(async (path) => {
      const founded = foundPractice({ random, nowMs: clock.nowMs(), own: newSecrets(random) })
      assert(founded.ok, 'a practice federation keeps the rules')
      const written = await writePractice(path, founded.value)
      return written.ok ? ok(practiceOpening(founded.value)) : written
    })

  return {
    status: async () => {
      const state = lifecycle.state()
      const problem = 'problem' in state ? state.problem : null
      return ok({
        revision: deps.revision(),
        phase: state.phase,
        kind: kindOf(state),
        keyStore: (await deps.osProtector()) === null ? 'passphrase' : 'os',
        awaitedMicro: state.phase === 'running' ? state.awaitedMicro : 0n,
        problem: problem === null ? null : { code: problem.code, message: problem.message.slice(0, maxProblemLength) },
      })
    },
    practice: async (input) => empty(await recent.run('setup.practice', input, practice)),
    newPhrase: (input) =>
      recent.run('setup.newPhrase', input, async () =>
        lifecycle.state().phase === 'first-start' ? ok(pending.renew()) : fail('not-now', 'This data folder has its account already.'),
      ),
    checkAccount: ({ account }) => {
      const secrets = secretsFrom(account, pending, random)
      return secrets.ok ? ok({}) : secrets
    },
    readInvite: ({ link }) => {
      const invite = readLink(link)
      if (!invite.ok) return invite
      const { federation, amountMicro, sponsor, expiresAtMs } = invite.value
      return ok({ federation: summaryOf(federation), amountMicro, sponsor: toHex(sponsor), expiresAtMs })
    },
    join: async (input) => empty(await recent.run('setup.join', input, () => join(input))),
    readBackup: ({ content }) => {
      const backup = readFoundedBackup(content, clock.nowMs())
      return backup.ok ? ok(backupSummaryOf(backup.value)) : backup
    },
    checkRestore: (input) => {
      const read = readRestore(input)
      return read.ok ? ok({}) : read
    },
    restore: async (input) => empty(await recent.run('setup.restore', input, () => restore(input))),
    deviceCode: (input) =>
      recent.run('setup.deviceCode', input, async (): Promise<DeviceCodeAnswer> => {
        if (lifecycle.state().phase !== 'first-start') return fail('not-now', 'This data folder has its account already.')
        return deps.device.renew(input.name)
      }),
    checkLink: (input) => {
      const read = readLinked(input)
      return read.ok ? ok({}) : read
    },
    link: async (input) => empty(await recent.run('setup.link', input, () => link(input))),
    found: async (input) => empty(await recent.run('setup.found', input, () => found(input))),
    unlock: async (input) => empty(await recent.run('setup.unlock', input, () => lifecycle.unlock(input.passphrase))),
    retry: async (input) => empty(await recent.run('setup.retry', input, lifecycle.retry)),
    startOver: async (input) => {
      const keptAs = await recent.run('setup.startOver', input, lifecycle.startOver)
      return keptAs.ok ? ok({ keptAs: keptAs.value }) : keptAs
    },
  }
}

const empty = <E>(answer: Result<null, E>): Result<Record<never, never>, E> => (answer.ok ? ok({}) : answer)

type NewMember = {
  readonly secrets: Secrets
  readonly federation: Federation
  /** The invite whose credit is to be claimed. */
  readonly link: string | null
  /** Not null for an account that its phrase brings back, with a file or without. */
  readonly restored: { readonly backup: Backup | null } | null
  readonly passphrase: string | null
}
const plain = { link: null, restored: null } as const

/** Writes what a member needs into the data folder, the vault last: with it the start has happened, and without it nothing has. */
const settle = async (
  deps: SetupDeps,
  path: string,
  { secrets, federation, link, restored, passphrase }: NewMember,
): Promise<Result<Opening, Failure<'passphrase-needed' | 'not-now' | 'disk'>>> => {
  const protector = protectorFor(passphrase, await deps.osProtector())
  if (!protector.ok) return protector
  const written = await writeFederation(path, federation)
  if (!written.ok) return written
  const kept = link === null ? ok(null) : await writePendingInvite(path, link)
  if (!kept.ok) return kept
  const marked = await markRestored(path, restored)
  if (!marked.ok) return marked
  const vault = await createMemberVault(path, protector.value, secrets)
  if (!vault.ok) return vault
  deps.pending.forget()
  deps.device.forget()
  return ok(memberOpening(federation, vault.value, deps.member))
}

type LinkFailure = Failure<'malformed-link' | 'expired' | 'wrong-clock'>

const readInviteLink = (link: string, nowMs: number): Result<Invite, LinkFailure> => {
  const invite = parseInviteLink(link, { nowMs, currentFederationId: null })
  if (!invite.ok) return fail(invite.error.code === 'expired' ? 'expired' : 'malformed-link', invite.error.message)
  const founded = checkFoundingTime(invite.value.federation, nowMs)
  return founded.ok ? invite : founded
}

const readFoundedBackup = (content: string, nowMs: number): Result<Backup, BackupFailure | Failure<'wrong-clock'>> => {
  const backup = readBackup(content)
  if (!backup.ok) return backup
  const founded = checkFoundingTime(backup.value.federation, nowMs)
  return founded.ok ? backup : founded
}

const isOwnBackup = ({ federation, copy }: Backup, secrets: Secrets): boolean =>
  equalBytes(accountIdOf(birthOf(federation.id), accountKeysOf(secrets).firstKey), copy.account)
const otherPhrase = fail(
  'other-phrase',
  'This backup file is of another account than these words. Type the words that belong to it, or use the file that belongs to them.',
)

type RestoreSource = { readonly federation: Federation; readonly backup: Backup | null }
const readRestoreSource = (
  text: string,
  nowMs: number,
): Result<RestoreSource, LinkFailure | Failure<'malformed-federation'> | BackupFailure> => {
  if (text.includes(backupPrefix)) {
    const backup = readFoundedBackup(text, nowMs)
    return backup.ok ? ok({ federation: backup.value.federation, backup: backup.value }) : backup
  }
  const federation = readFederationText(text, nowMs)
  return federation.ok ? ok({ federation: federation.value, backup: null }) : federation
}

/** A federation's file, or any invite link of it: one that has expired names the federation as well. */
const readFederationText = (text: string, nowMs: number): Result<Federation, LinkFailure | Failure<'malformed-federation'>> => {
  if (text.trimStart().startsWith('{') || !text.includes(inviteLinkPrefix)) {
    const file = parseGenesisFile(text)
    return file.ok ? checkFoundingTime(file.value, nowMs) : fail('malformed-federation', file.error.message)
  }
  const invite = parseInviteLink(text, { nowMs: 0, currentFederationId: null })
  return invite.ok ? checkFoundingTime(invite.value.federation, nowMs) : fail('malformed-link', invite.error.message)
}
