import { scrypt } from 'node:crypto'
import { fromBase64Url, toBase64Url, utf8 } from '../platform/bytes.ts'
import type { Random } from '../platform/random.ts'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'

/** Who keeps the key of the vault: the operating system's key store, a passphrase in a person's head, or nobody (memory only). */
export type OsProtector = {
  readonly kind: 'os'
  /** The operating system's key store, for up to 32 bytes; both may reject. */
  readonly encrypt: (bytes: Uint8Array) => Promise<Uint8Array>
  readonly decrypt: (bytes: Uint8Array) => Promise<Uint8Array>
}
export type PassphraseProtector = {
  readonly kind: 'passphrase'
  readonly passphrase: string
  /** For new vaults; tests choose a low one. Existing vaults say their own. */
  readonly cost?: ScryptCost
}
export type LastingProtector = OsProtector | PassphraseProtector
export type Protector = LastingProtector | { readonly kind: 'session' }

export type ScryptCost = { readonly n: number; readonly r: number; readonly p: number }
/** 128 MiB and about half a second, for every guess of an attacker too (OWASP's first choice for scrypt). */
const defaultCost: ScryptCost = { n: 131_072, r: 8, p: 1 }
/** What a vault file may ask of this computer: at most 1 GiB. */
export const scryptBounds = { n: { min: 1_024, max: 1_048_576 }, r: 8, p: 1 } as const

/** What the vault file says about its protection; authenticated with the contents. */
export type ProtectionHeader =
  | { readonly kind: 'os'; readonly wrappedKey: string }
  | ({ readonly kind: 'passphrase'; readonly salt: string } & ScryptCost)

/** `key` is 32 bytes, for AES-256-GCM. */
export type Lock = { readonly header: ProtectionHeader; readonly key: Uint8Array }
export type LockFailure = Failure<'weak-passphrase' | 'other-protection' | 'wrong-passphrase' | 'os-refused'>

const minPassphraseCharacters = 10
const maxPassphraseCharacters = 1_024

/** A new key under a protector. */
export const createLock = async (protector: LastingProtector, random: Random): Promise<Result<Lock, LockFailure>> => {
  if (protector.kind === 'passphrase') {
    if (protector.passphrase.length < minPassphraseCharacters || protector.passphrase.length > maxPassphraseCharacters)
      return fail(
        'weak-passphrase',
        `Choose a passphrase of at least ${minPassphraseCharacters} characters; four or five random words are good.`,
      )
    const { n, r, p } = protector.cost ?? defaultCost
    const header = { kind: 'passphrase', n, r, p, salt: toBase64Url(random.bytes(16)) } as const
    return ok({ header, key: await stretch(protector.passphrase, header) })
  }
  const key = random.bytes(32)
  try {
    return ok({ header: { kind: 'os', wrappedKey: toBase64Url(await protector.encrypt(key)) }, key })
  } catch {
    return fail('os-refused', "This computer's key store would not keep the key. Choose a passphrase instead.")
  }
}

/** The key of an existing vault. A wrong passphrase gives a wrong key: only unsealing can tell. */
export const openLock = async (protector: LastingProtector, header: ProtectionHeader): Promise<Result<Lock, LockFailure>> => {
  if (protector.kind === 'passphrase' && header.kind === 'passphrase') {
    if (protector.passphrase.length > maxPassphraseCharacters) return fail('wrong-passphrase', 'That passphrase is longer than any can be.')
    return ok({ header, key: await stretch(protector.passphrase, header) })
  }
  if (protector.kind === 'os' && header.kind === 'os') {
    const key = await protector.decrypt(fromBase64Url(header.wrappedKey)).catch(() => null)
    if (key?.length === 32) return ok({ header, key })
    return fail(
      'os-refused',
      "This computer's key store does not open the key file: another user or another computer made it. Use the recovery phrase.",
    )
  }
  return header.kind === 'passphrase'
    ? fail('other-protection', 'The key file is protected with a passphrase; enter it.')
    : fail('other-protection', "The key file is protected by this computer's key store, not with a passphrase.")
}

/** The same passphrase typed on another keyboard may come in other code points, hence NFKC. */
const stretch = (passphrase: string, { n, r, p, salt }: ScryptCost & { readonly salt: string }): Promise<Uint8Array> =>
  new Promise((resolve, reject) => {
    const options = { N: n, r, p, maxmem: 128 * r * (n + p + 2) }
    scrypt(utf8(passphrase.normalize('NFKC')), fromBase64Url(salt), 32, options, (error, key) => {
      if (error === null) resolve(new Uint8Array(key))
      else reject(error)
    })
  })
