import { equalBytes } from '../platform/bytes.ts'
import * as ed25519 from '../identity/ed25519.ts'

/**
 * Stands in for identity/ed25519.ts in the simulation's own threads (see substitutions.ts): a signature is a token that only the
 * holder of the seed can make, a hundred times cheaper than Ed25519. Nothing outside these threads can load it.
 */
export type Ed25519Key = ed25519.Ed25519Key

let scheme: 'token' | 'ed25519' = 'token'
const seeds = new Map<string, Uint8Array>()

/** For the run to come; keys are made anew for each run. */
export const useSignatures = (next: typeof scheme): void => {
  scheme = next
  seeds.clear()
}

const nameOf = (publicKey: Uint8Array): string => Buffer.from(publicKey.buffer, publicKey.byteOffset, publicKey.length).toString('latin1')

const tokenOf = (seed: Uint8Array, message: Uint8Array): Uint8Array => {
  const token = new Uint8Array(64)
  for (let at = 0; at < 32; at++) {
    token[at] = (seed[at] ?? 0) ^ (message[at] ?? 0)
    token[32 + at] = (seed[31 - at] ?? 0) + (message[at] ?? 0)
  }
  return token
}

export const keyFromSeed = (seed: Uint8Array): Ed25519Key => {
  if (scheme === 'ed25519') return ed25519.keyFromSeed(seed)
  const publicKey = seed.map((byte, at) => byte ^ (at * 7 + 13))
  seeds.set(nameOf(publicKey), seed)
  return { publicKey, signRaw: (message) => tokenOf(seed, message) }
}

export const isAdmissiblePublicKey = (publicKey: Uint8Array): boolean =>
  scheme === 'ed25519' ? ed25519.isAdmissiblePublicKey(publicKey) : seeds.has(nameOf(publicKey))

export const verifyStrict = (signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean => {
  if (scheme === 'ed25519') return ed25519.verifyStrict(signature, message, publicKey)
  const seed = seeds.get(nameOf(publicKey))
  return seed !== undefined && signature.length === 64 && equalBytes(tokenOf(seed, message), signature)
}
