import type { HomeContract } from '../contract/contract.ts'
import type { OutputOf } from '../contract/definition.ts'
import type { Handlers } from '../contract/dispatcher.ts'
import { maxBackupLength, maxFederationTextLength } from '../contract/setup.ts'
import { backupPrefix, readBackup, type Backup } from '../copies/backup-file.ts'
import { parseGenesisFile } from '../federation/genesis-file.ts'
import { inviteLinkPrefix, maxInviteLinkCharacters, parseInviteLink } from '../federation/invite.ts'
import { summaryOf } from '../federation/summary.ts'
import { diskFailure, FileTooLarge, type Disk } from '../platform/disk.ts'
import { toHex } from '../platform/bytes.ts'
import { ok } from '../platform/result.ts'
import type { RecentCommands } from './recent-commands.ts'

export type IncomingItem = NonNullable<OutputOf<HomeContract['incoming']['current']>['item']>

/** Holds the newest thing that was handed to the app until its owner has decided about it. */
export type Incoming = {
  readonly current: () => { readonly revision: number; readonly item: IncomingItem | null }
  readonly receiveLink: (link: string) => void
  /** Resolves when it has been read, or could not be. */
  readonly receiveFile: (path: string) => Promise<void>
  readonly dismiss: (revision: number) => void
  readonly onChanged: (listener: () => void) => void
}

export const createIncoming = (disk: Disk): Incoming => {
  const listeners = new Set<() => void>()
  let item: IncomingItem | null = null
  let revision = 0
  const hold = (next: IncomingItem | null): void => {
    item = next
    revision += 1
    for (const listener of listeners) listener()
  }
  return {
    current: () => ({ revision, item }),
    receiveLink: (link) => hold(readIncomingLink(link)),
    receiveFile: async (path) => hold(await readIncomingFile(disk, path)),
    dismiss: (shown) => {
      if (shown === revision && item !== null) hold(null)
    },
    onChanged: (listener) => void listeners.add(listener),
  }
}

export const incomingHandlers = (incoming: Incoming, recent: RecentCommands): Handlers<HomeContract>['incoming'] => ({
  current: () => ok(incoming.current()),
  dismiss: (input) =>
    recent.run('incoming.dismiss', input, () => {
      incoming.dismiss(input.revision)
      return Promise.resolve(ok({}))
    }),
})

const refused = (message: string): IncomingItem => ({ kind: 'refused', message })

/**
 * Any page or mail can hand over a link, so only a whole and intact invite link comes through, character by character: unlike a
 * pasted one it has no spaces to forgive. Whether it has expired is told where it is shown.
 */
export const readIncomingLink = (link: string): IncomingItem => {
  if (link.length > maxInviteLinkCharacters) return refused('The link that was opened is too long for an invite link. Nothing was done.')
  const payload = link.startsWith(inviteLinkPrefix) ? link.slice(inviteLinkPrefix.length) : ''
  if (!/^[\w-]+$/.test(payload))
    return refused('The link that was opened is not an invite link, and no other link is opened from outside. Nothing was done.')
  const invite = parseInviteLink(link, { nowMs: 0, currentFederationId: null })
  return invite.ok ? { kind: 'invite', link } : refused(invite.error.message)
}

/** By their endings as by their content; each of the two readers says what is wrong with its own kind. */
const readIncomingFile = async (disk: Disk, path: string): Promise<IncomingItem> => {
  let bytes
  try {
    bytes = await disk.read(path, Math.max(maxFederationTextLength, maxBackupLength))
  } catch (error) {
    if (error instanceof FileTooLarge) return refused('The file that was opened is too long for what this app opens. Nothing was done.')
    return refused(diskFailure('The file that was opened', error).error.message)
  }
  if (bytes === null) return refused('The file that was opened is not there any more. Nothing was done.')
  // What is no text is neither, and its reader says so.
  const content = new TextDecoder().decode(bytes)
  return content.startsWith(backupPrefix) || path.endsWith(backupEnding) ? incomingBackup(content) : incomingFederation(content)
}
const backupEnding = '.claude-market-backup'

const incomingBackup = (content: string): IncomingItem => {
  const backup = readBackup(content)
  return backup.ok ? { kind: 'backup-file', backup: backupSummaryOf(backup.value), content } : refused(backup.error.message)
}

const incomingFederation = (content: string): IncomingItem => {
  const federation = parseGenesisFile(content)
  return federation.ok ? { kind: 'federation-file', federation: summaryOf(federation.value), content } : refused(federation.error.message)
}

export const backupSummaryOf = ({ federation, madeAtMs, copy }: Backup) => ({
  federation: summaryOf(federation),
  accountId: toHex(copy.account),
  madeAtMs,
})
