import { fromHex } from '../platform/bytes.ts'
import type { Witness } from '../settlement/objects.ts'

/** `PUBLICKEY,PEERID,MULTIADDR…`: what a witness hands to a founder. Null for anything else; the genesis rules judge the rest. */
export const parseWitnessCard = (text: string): Witness | null => {
  const [key = '', peerId = '', ...addresses] = text.split(',').map((part) => part.trim())
  return /^[0-9a-f]{64}$/.test(key) && addresses.length > 0 ? { publicKey: fromHex(key), peerId, addresses } : null
}
