import { concatBytes, toHex } from '../platform/bytes.ts'
import { keyFromSeed } from './ed25519.ts'

/** Multihash "identity" of 36 bytes, which are a protobuf: key type Ed25519, then the 32 bytes (libp2p's peer-ids specification). */
const prefix = new Uint8Array([0x00, 0x24, 0x08, 0x01, 0x12, 0x20])
const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'

/** The libp2p id of a node key: 52 characters of base58, always beginning with 12D3KooW. */
export const peerIdOf = (publicKey: Uint8Array): string => {
  let digits = ''
  for (let rest = BigInt(`0x${toHex(concatBytes(prefix, publicKey))}`); rest > 0n; rest /= 58n)
    digits = `${alphabet[Number(rest % 58n)]}${digits}`
  // The one leading zero byte is one leading "1".
  return `1${digits}`
}

export const peerIdOfSeed = (nodeSeed: Uint8Array): string => peerIdOf(keyFromSeed(nodeSeed).publicKey)

const shape = /^12D3KooW[1-9A-HJ-NP-Za-km-z]{44}$/
export const isPeerId = (text: string): boolean => shape.test(text)
