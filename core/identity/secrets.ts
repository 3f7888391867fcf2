import { assert } from '../platform/assert.ts'
import { bytesOf, decodeBytes, encodeBytes, integer, listUpTo, nullable, record, textUpTo, type Codec } from '../platform/codec.ts'
import type { Random } from '../platform/random.ts'
import { ok, type Failure, type Result } from '../platform/result.ts'
import type { Ed25519Key } from './ed25519.ts'
import { createKeyTree, deviceIndexOf } from './keys.ts'
import { generateEntropy } from './phrase.ts'
import { maxVaultBytes } from './vault-file.ts'

/** Everything that must never be in the database. */
export type Secrets = {
  /** 32 bytes: the recovery phrase; on a linked computer its own, for which nobody has words. Account and device keys grow from it (keys.ts). */
  readonly accountEntropy: Uint8Array
  readonly deviceIndex: number
  /** The account whose owner has certified this computer's device key; null where the phrase itself is. */
  readonly linkedTo: LinkedTo | null
  /** 32 bytes, random: the libp2p key. */
  readonly nodeSeed: Uint8Array
  readonly witness: WitnessSecrets | null
  /** What providers' backends log in with; everything else names them by `ref`. */
  readonly credentials: readonly Credential[]
}
/** The key that names the account, the one that its copies are sealed to, and what this computer is called in its list of devices. */
export type LinkedTo = { readonly firstKey: Uint8Array; readonly copyKey: Uint8Array; readonly name: string }
/** A random 32-byte seed, and what settlement remembers of the one database it may vote with (settlement.md §3.6). */
export type WitnessSecrets = {
  readonly seed: Uint8Array
  /** The database's 32-byte id and how often it was started; null before the first start. */
  readonly memory: { readonly dbId: Uint8Array; readonly generation: number } | null
}
export type Credential = { readonly ref: string; readonly secret: string }

export const maxDeviceNameCharacters = 40
/** A few for each kind of backend; they have to fit the vault file. */
export const maxStoredCredentials = 32

const credential: Codec<Credential> = record({ ref: textUpTo(64), secret: textUpTo(4_096) })
const witness: Codec<WitnessSecrets> = record({
  seed: bytesOf(32),
  memory: nullable(record({ dbId: bytesOf(32), generation: integer(0, 0xffff_ffff) })),
})
const kept = {
  accountEntropy: bytesOf(32),
  deviceIndex: integer(0, 0x7fff_ffff),
  nodeSeed: bytesOf(32),
  witness: nullable(witness),
  credentials: listUpTo(credential, maxStoredCredentials),
}
const codec: Codec<Secrets> = record<Secrets>({
  ...kept,
  linkedTo: nullable(record<LinkedTo>({ firstKey: bytesOf(32), copyKey: bytesOf(32), name: textUpTo(maxDeviceNameCharacters) })),
})
/** As they were written before computers could be linked. */
const earlierCodec = record<Omit<Secrets, 'linkedTo'>>(kept)

/** The secrets of a new data folder; with an old phrase's entropy, of a restored one, whose device and node are new all the same. */
export const newSecrets = (random: Random, accountEntropy: Uint8Array = generateEntropy(random)): Secrets => ({
  accountEntropy,
  deviceIndex: deviceIndexOf(random.bytes(4)),
  linkedTo: null,
  nodeSeed: random.bytes(32),
  witness: null,
  credentials: [],
})

/** This computer's own key, and the one that names the account it acts for. */
export const accountKeysOf = ({
  accountEntropy,
  deviceIndex,
  linkedTo,
}: Secrets): { readonly own: Ed25519Key; readonly firstKey: Uint8Array } => {
  const tree = createKeyTree(accountEntropy)
  const own = linkedTo === null ? tree.accountKey(0) : tree.deviceKey(deviceIndex)
  return { own, firstKey: linkedTo?.firstKey ?? own.publicKey }
}

/** Makes this data folder a witness's: a new key, never that of another folder. */
export const withNewWitness = (secrets: Secrets, random: Random): Secrets & { readonly witness: WitnessSecrets } => ({
  ...secrets,
  witness: { seed: random.bytes(32), memory: null },
})

export const encodeSecrets = (secrets: Secrets): Uint8Array => {
  const bytes = encodeBytes(codec, secrets)
  assert(decodeSecrets(bytes).ok, 'a secret is outside its bounds')
  return bytes
}

export const decodeSecrets = (bytes: Uint8Array): Result<Secrets, Failure<'malformed'>> => {
  const decoded = decodeBytes(codec, bytes, maxVaultBytes, 'the key file')
  if (decoded.ok) return decoded
  const earlier = decodeBytes(earlierCodec, bytes, maxVaultBytes, 'the key file')
  return earlier.ok ? ok({ ...earlier.value, linkedTo: null }) : decoded
}

export const copySecrets = (secrets: Secrets): Secrets => ({
  ...secrets,
  accountEntropy: secrets.accountEntropy.slice(),
  nodeSeed: secrets.nodeSeed.slice(),
  witness: secrets.witness === null ? null : { ...secrets.witness, seed: secrets.witness.seed.slice() },
})

/** Best effort: strings, and what the garbage collector has copied, stay until their memory is used again. */
export const wipeSecrets = (secrets: Secrets): void => {
  for (const bytes of [secrets.accountEntropy, secrets.nodeSeed, secrets.witness?.seed]) bytes?.fill(0)
}
