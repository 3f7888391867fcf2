import { keyFromSeed } from '../identity/ed25519.ts'
import { peerIdOfSeed } from '../identity/peer-id.ts'
import type { WitnessSecrets } from '../identity/secrets.ts'
import { concatBytes, fromHex, toBase64Url, toHex } from '../platform/bytes.ts'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'
import type { Witness } from '../settlement/objects.ts'
import { isSeedKeyProven, seedKeyBytes, seedKeyOf, shareBytes } from '../settlement/seed-share.ts'

/**
 * What a future witness gives the founder: PUBLICKEY,PEERID,SEED, behind which the founder writes its addresses. SEED is the seed key
 * with the proof that the witness has its private half; the proof is checked here, once, and is not part of the genesis document.
 */
type WitnessNode = { readonly nodeSeed: Uint8Array; readonly witness: WitnessSecrets }

export const witnessOf = ({ nodeSeed, witness }: WitnessNode, addresses: readonly string[]): Witness => {
  const { publicKey } = keyFromSeed(witness.seed)
  return { publicKey, peerId: peerIdOfSeed(nodeSeed), addresses, seedKey: seedKeyOf(witness.seed, publicKey).publicKey }
}

export const witnessCardOf = ({ nodeSeed, witness }: WitnessNode): string => {
  const { publicKey } = keyFromSeed(witness.seed)
  const seedKey = seedKeyOf(witness.seed, publicKey)
  return [toHex(publicKey), peerIdOfSeed(nodeSeed), toBase64Url(concatBytes(seedKey.publicKey, seedKey.proof()))].join(',')
}

const malformed = fail(
  'malformed',
  'A witness is its public key in 64 hexadecimal digits, its peer id, its seed key and its address, with commas between.',
)
const notProven = fail(
  'not-proven',
  'The seed key of this witness card was not made with its public key. Ask the witness for the line that its keys command prints.',
)

/** Peer id and addresses are checked with the whole document. */
export const parseWitnessCard = (text: string): Result<Witness, Failure<'malformed' | 'not-proven'>> => {
  const [key = '', peerId = '', seed = '', ...addresses] = text.split(',').map((part) => part.trim())
  const seedBytes = new Uint8Array(Buffer.from(seed, 'base64url'))
  const isWellFormed =
    /^[0-9a-f]{64}$/.test(key) && toBase64Url(seedBytes) === seed && seedBytes.length === seedKeyBytes + shareBytes && addresses.length > 0
  if (!isWellFormed) return malformed
  const [publicKey, seedKey] = [fromHex(key), seedBytes.slice(0, seedKeyBytes)]
  return isSeedKeyProven(seedKey, seedBytes.slice(seedKeyBytes), publicKey) ? ok({ publicKey, peerId, addresses, seedKey }) : notProven
}
