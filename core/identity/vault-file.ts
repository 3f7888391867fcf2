import { createCipheriv, createDecipheriv } from 'node:crypto'
import { z } from 'zod'
import { concatBytes, fromUtf8, sha256, toBase64Url, toHex, utf8 } from '../platform/bytes.ts'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'
import { scryptBounds, type Lock, type ProtectionHeader } from './protection.ts'

/**
 * The form of DATA/vault.json: a small JSON object in one exact spelling. The contents are sealed with AES-256-GCM, the header is
 * authenticated with them. The checksum guards nobody against an attacker: it tells a damaged file from a wrong passphrase.
 */
export type SealedVault = { readonly header: ProtectionHeader; readonly nonce: Uint8Array; readonly sealed: Uint8Array }

const format = 'claude-market-vault'
const version = 1
/** 32 credentials of 4,096 characters in base64url, with room to spare. */
export const maxVaultBytes = 262_144
const nonceBytes = 12
const tagBytes = 16

const base64url = (maxLength: number) =>
  z
    .string()
    .max(maxLength)
    .regex(/^[A-Za-z0-9_-]+$/)
const schema = z.strictObject({
  format: z.literal(format),
  version: z.literal(version),
  protection: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('os'), wrappedKey: base64url(4_096) }),
    z.strictObject({
      kind: z.literal('passphrase'),
      n: z
        .int()
        .min(scryptBounds.n.min)
        .max(scryptBounds.n.max)
        .refine((n) => Number.isInteger(Math.log2(n))),
      r: z.literal(scryptBounds.r),
      p: z.literal(scryptBounds.p),
      salt: base64url(22).min(22),
    }),
  ]),
  nonce: base64url(16).min(16),
  sealed: base64url(maxVaultBytes),
  checksum: z.string().length(64),
})
const anyVersion = z.object({ format: z.literal(format), version: z.int().min(version + 1) })

const headerBytes = (header: ProtectionHeader): Uint8Array => utf8(JSON.stringify([format, version, header]))

export const renderVault = ({ header, nonce, sealed }: SealedVault): Uint8Array => {
  const body = { format, version, protection: header, nonce: toBase64Url(nonce), sealed: toBase64Url(sealed) }
  return utf8(`${JSON.stringify({ ...body, checksum: toHex(sha256(utf8(JSON.stringify(body)))) }, null, 2)}\n`)
}

export const parseVault = (bytes: Uint8Array): Result<SealedVault, Failure<'damaged' | 'newer-version'>> => {
  const json = parseJson(bytes)
  if (anyVersion.safeParse(json).success)
    return fail('newer-version', 'The key file was written by a newer version of Claude Market. Update the app; nothing was changed.')
  const parsed = schema.safeParse(json)
  if (!parsed.success) return damagedVault
  const { protection, nonce, sealed } = parsed.data
  const vault = { header: protection, nonce: bytesFrom(nonce), sealed: bytesFrom(sealed) }
  // One spelling only, checksum included: whatever differs from it was not written by this program.
  return Buffer.compare(renderVault(vault), bytes) === 0 ? ok(vault) : damagedVault
}

export const damagedVault = fail(
  'damaged',
  'The key file is damaged and was left as it is. Put back a copy of vault.json, or move it away and restore with the recovery phrase.',
)

const parseJson = (bytes: Uint8Array): unknown => {
  try {
    return JSON.parse(fromUtf8(bytes))
  } catch {
    return null
  }
}
const bytesFrom = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64url'))

/** Seals `plaintext` and wipes it. The nonce must never have been used with this key: 12 fresh random bytes. */
export const seal = ({ header, key }: Lock, nonce: Uint8Array, plaintext: Uint8Array): SealedVault => {
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(headerBytes(header))
  const sealed = concatBytes(cipher.update(plaintext), cipher.final(), cipher.getAuthTag())
  plaintext.fill(0)
  return { header, nonce, sealed }
}

/** Null when the key is wrong or anything was changed. */
export const unseal = ({ header, key }: Lock, { nonce, sealed }: SealedVault): Uint8Array | null => {
  if (sealed.length < tagBytes || nonce.length !== nonceBytes) return null
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes })
  decipher.setAAD(headerBytes(header))
  decipher.setAuthTag(sealed.subarray(sealed.length - tagBytes))
  const plaintext = decipher.update(sealed.subarray(0, sealed.length - tagBytes))
  try {
    decipher.final()
    return new Uint8Array(plaintext.buffer, plaintext.byteOffset, plaintext.length)
  } catch {
    plaintext.fill(0)
    return null
  }
}
