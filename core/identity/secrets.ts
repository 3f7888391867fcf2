import { assert } from '../platform/assert.ts'
import { bytesOf, decodeBytes, encodeBytes, integer, listUpTo, nullable, record, textUpTo, type Codec } from '../platform/codec.ts'
import type { Random } from '../platform/random.ts'
import type { Failure, Result } from '../platform/result.ts'
import { deviceIndexOf } from './keys.ts'
import { generateEntropy } from './phrase.ts'
import { maxVaultBytes } from './vault-file.ts'

/** Everything that must never be in the database. */
export type Secrets = {
  /** 32 bytes: the recovery phrase. Account and device keys grow from it (keys.ts). */
  readonly accountEntropy: Uint8Array
  readonly deviceIndex: number
  /** 32 bytes, random: the libp2p key. */
  readonly nodeSeed: Uint8Array
  readonly witness: WitnessSecrets | null
  /** What providers' backends log in with; everything else names them by `ref`. */
  readonly credentials: readonly Credential[]
}
/** A random 32-byte seed, and what settlement remembers of the one database it may vote with (settlement.md §3.6). */
export type WitnessSecrets = {
  readonly seed: Uint8Array
  /** The database's 32-byte id and how often it was started; null before the first start. */
  readonly memory: { readonly dbId: Uint8Array; readonly generation: number } | null
}
export type Credential = { readonly ref: string; readonly secret: string }

/** A few for each kind of backend; they have to fit the vault file. */
export const maxStoredCredentials = 32

const credential: Codec<Credential> = record({ ref: textUpTo(64), secret: textUpTo(4_096) })
const witness: Codec<WitnessSecrets> = record({
  seed: bytesOf(32),
  memory: nullable(record({ dbId: bytesOf(32), generation: integer(0, 0xffff_ffff) })),
})
const codec: Codec<Secrets> = record({
  accountEntropy: bytesOf(32),
  deviceIndex: integer(0, 0x7fff_ffff),
  nodeSeed: bytesOf(32),
  witness: nullable(witness),
  credentials: listUpTo(credential, maxStoredCredentials),
})

/** The secrets of a new data folder; with an old phrase's entropy, of a restored one, whose device and node are new all the same. */
export const newSecrets = (random: Random, accountEntropy: Uint8Array = generateEntropy(random)): Secrets => ({
  accountEntropy,
  deviceIndex: deviceIndexOf(random.bytes(4)),
  nodeSeed: random.bytes(32),
  witness: null,
  credentials: [],
})

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

export const decodeSecrets = (bytes: Uint8Array): Result<Secrets, Failure<'malformed'>> =>
  decodeBytes(codec, bytes, maxVaultBytes, 'the key file')

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
