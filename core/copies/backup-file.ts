import { acceptGenesis, type Federation } from '../federation/federation.ts'
import { genesisBounds, signedGenesisCodec, type SignedGenesis } from '../federation/genesis.ts'
import { readLink, renderLink, type LinkFailure, type LinkKind } from '../federation/link-text.ts'
import { decodeBytes, encodeBytes, record, timeMs, type Codec } from '../platform/codec.ts'
import { fail, ok, type Err, type Failure, type Result } from '../platform/result.ts'
import { copyCodec, isCopySigned, maxCopyBytes, type SealedCopy } from './model.ts'

/**
 * A sealed copy that its owner keeps instead of the witnesses, and the federation it is of, so that this file and the recovery phrase
 * are all that a restore needs. Without the phrase nobody can read what is sealed in it.
 */
export type Backup = { readonly federation: Federation; readonly madeAtMs: number; readonly copy: SealedCopy }
export type BackupFailure = Failure<'not-a-backup' | 'other-version' | 'damaged' | 'too-big' | 'other-federation'>

export const backupPrefix = 'claude-market://backup/'
/** The largest genesis document and the largest copy. */
const maxPayloadBytes = genesisBounds.bytes + maxCopyBytes + 256
/** In base64. */
export const maxBackupCharacters = 115_000
const backupText: LinkKind = {
  prefix: backupPrefix,
  article: 'a',
  noun: 'backup file',
  version: 1,
  maxCharacters: maxBackupCharacters,
  maxPayloadBytes,
}

type Payload = { readonly signed: SignedGenesis; readonly madeAtMs: number; readonly copy: SealedCopy }
const payloadCodec: Codec<Payload> = record<Payload>({ signed: signedGenesisCodec, madeAtMs: timeMs, copy: copyCodec })

export const renderBackup = ({ federation: { genesis, signature }, ...kept }: Backup): string =>
  `${renderLink(backupText, encodeBytes(payloadCodec, { signed: { genesis, signature }, ...kept }))}\n`

/** Whose account it is of, only its phrase can tell for certain; whoever restores from it holds the two against each other. */
export const readBackup = (text: string): Result<Backup, BackupFailure> => {
  const payload = readLink(backupText, text)
  if (!payload.ok) return refusals[payload.error.code]
  const decoded = decodeBytes(payloadCodec, payload.value, maxPayloadBytes, 'backup file')
  if (!decoded.ok) return fail('damaged', `This backup file is no valid one. ${decoded.error.message}`)
  const { signed, ...kept } = decoded.value
  const federation = acceptGenesis(signed)
  if (!federation.ok) return fail('damaged', federation.error.message)
  return isCopySigned(kept.copy, federation.value.id)
    ? ok({ federation: federation.value, ...kept })
    : fail('other-federation', 'What is sealed in this backup file is not of the federation that the file names. Use another copy of it.')
}

const damaged = fail('damaged', 'This backup file is damaged, or only a part of one. Use another copy of it.')
const refusals: Readonly<Record<LinkFailure['code'], Err<BackupFailure>>> = {
  'not-a-link': fail('not-a-backup', 'This is not a backup file of Claude Market. Choose the one that was saved in its settings.'),
  'too-long': fail('too-big', 'This is too long for a backup file of Claude Market. Choose the one that was saved in its settings.'),
  truncated: damaged,
  damaged,
  invalid: damaged,
  'newer-version': fail(
    'other-version',
    'This backup file was made by a newer version of Claude Market. Update the app, then use it again.',
  ),
}
