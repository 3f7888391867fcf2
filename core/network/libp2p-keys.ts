import { privateKeyFromRaw, publicKeyFromRaw } from '@libp2p/crypto/keys'
import type { PrivateKey } from '@libp2p/interface'
import { peerIdFromPublicKey } from '@libp2p/peer-id'
import { keyFromSeed } from '../identity/ed25519.ts'
import { concatBytes } from '../platform/bytes.ts'

/** The libp2p id of the node whose key comes from this 32-byte seed, without starting it. */
export const peerIdFromSeed = (seed: Uint8Array): string => peerIdFromPublicKey(publicKeyFromRaw(keyFromSeed(seed).publicKey)).toString()

export const privateKeyFromSeed = (seed: Uint8Array): PrivateKey => privateKeyFromRaw(concatBytes(seed, keyFromSeed(seed).publicKey))
