import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { maxBackupCharacters, readBackup, renderBackup, type Backup } from '../copies/backup-file.ts'
import { maxGenesisFileCharacters, parseGenesisFile, renderGenesisFile } from '../federation/genesis-file.ts'
import { maxInviteLinkCharacters } from '../federation/invite.ts'
import type { Federation } from '../federation/federation.ts'
import { fromUtf8, utf8 } from '../platform/bytes.ts'
import { diskFailure, FileTooLarge, systemDisk } from '../platform/disk.ts'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'

/** What a data folder is, told by what is in it, so that no file can say something else. */
export type Holding = 'nothing' | 'practice' | 'member' | 'keys-alone' | 'keys-lost'

const federationFile = (dataFolder: string): string => join(dataFolder, 'federation.json')
/** Credit that is still to be claimed: written before the first start with it, gone when it is claimed. */
const inviteFile = (dataFolder: string): string => join(dataFolder, 'invite.txt')

/** The vault is written last: a federation's file beside no vault is what an interrupted start left, and the next one replaces it. */
export const holdingOf = (dataFolder: string): Holding => {
  const has = (name: string): boolean => existsSync(join(dataFolder, name))
  if (has('vault.json')) return has('federation.json') ? 'member' : 'keys-alone'
  if (has('practice.json')) return 'practice'
  // A market has run here, and the keys to it have gone since; nothing may be founded over what it left.
  return has('market.db') || has(join('practice', 'own', 'market.db')) ? 'keys-lost' : 'nothing'
}

export const keysLost = (dataFolder: string): Result<never, Failure<'damaged'>> =>
  fail(
    'damaged',
    `The data folder ${dataFolder} holds a market's records and no key file. Put back vault.json (or practice.json) and try again, or start over, which keeps the folder under another name; a recovery phrase brings the account back.`,
  )

export const readFederation = async (dataFolder: string): Promise<Result<Federation, Failure>> => {
  const path = federationFile(dataFolder)
  const text = await readText(path, maxGenesisFileCharacters, 'The federation file')
  if (!text.ok) return text
  const federation = text.value === null ? null : parseGenesisFile(text.value)
  if (federation?.ok === true) return federation
  const why = federation === null ? 'It is missing.' : federation.error.message
  return fail('damaged', `The federation file ${path} cannot be used. ${why} Put back a copy of it; any other member has the same one.`)
}

export const writeFederation = (dataFolder: string, federation: Federation): Promise<Result<null, Failure<'disk'>>> =>
  writeText(federationFile(dataFolder), renderGenesisFile(federation), 'The federation file')

export const writePendingInvite = (dataFolder: string, link: string): Promise<Result<null, Failure<'disk'>>> =>
  writeText(inviteFile(dataFolder), link, 'The invite')

/** Null when none is left to claim; one that cannot be read is none, and the link itself is still in the newcomer's hands. */
export const readPendingInvite = async (dataFolder: string): Promise<string | null> => {
  const text = await readText(inviteFile(dataFolder), maxInviteLinkCharacters, 'The invite')
  return text.ok ? text.value : null
}

export const removePendingInvite = (dataFolder: string): Promise<void> => rm(inviteFile(dataFolder), { force: true })

/** This account was brought back by its phrase, with the backup file in here if it is not empty, and nothing of it has been shown yet. */
const restoredMark = (dataFolder: string): string => join(dataFolder, 'restored')

/** Null for an account that was not: a start that was interrupted may have been of one. */
export const markRestored = async (
  dataFolder: string,
  restored: { readonly backup: Backup | null } | null,
): Promise<Result<null, Failure<'disk'>>> => {
  if (restored !== null)
    return writeText(restoredMark(dataFolder), restored.backup === null ? '' : renderBackup(restored.backup), 'The data folder')
  await removeRestoredMark(dataFolder)
  return ok(null)
}

/** Null where there is none to take in; what cannot be read is none, and the file itself is still in its owner's hands. */
export const restoredBackup = async (dataFolder: string): Promise<Backup | null> => {
  const text = await readText(restoredMark(dataFolder), maxBackupCharacters, 'The backup file')
  const backup = text.ok && text.value !== null ? readBackup(text.value) : null
  return backup?.ok === true ? backup.value : null
}

export const isMarkedRestored = (dataFolder: string): boolean => existsSync(restoredMark(dataFolder))

export const removeRestoredMark = (dataFolder: string): Promise<void> => rm(restoredMark(dataFolder), { force: true })

const readText = async (path: string, maxBytes: number, title: string): Promise<Result<string | null, Failure>> => {
  try {
    const bytes = await systemDisk.read(path, maxBytes)
    return ok(bytes === null ? null : fromUtf8(bytes))
  } catch (error) {
    return error instanceof FileTooLarge || error instanceof TypeError
      ? fail('damaged', `${title} ${path} is damaged.`)
      : diskFailure(title, error)
  }
}

const writeText = async (path: string, text: string, title: string): Promise<Result<null, Failure<'disk'>>> => {
  try {
    await systemDisk.replace(path, utf8(text))
    return ok(null)
  } catch (error) {
    return diskFailure(title, error)
  }
}
