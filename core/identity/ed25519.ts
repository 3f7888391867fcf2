import { createPublicKey, createPrivateKey, sign as nodeSign, verify as nodeVerify, type KeyObject } from 'node:crypto'
import { Point } from '@noble/ed25519'
import { assert } from '../platform/assert.ts'
import { concatBytes, equalBytes, toHex } from '../platform/bytes.ts'

/**
 * One verdict on every runtime (docs/decisions: the Ed25519 rule). Native verifiers disagree on small-order points, which
 * would split witnesses. So a public key is admitted once with @noble (canonical, not small-order, torsion-free); R may not
 * be the identity; the rest is node:crypto, which then agrees everywhere and is more than ten times faster: under a
 * torsion-free key the equation without cofactor, which native verifiers check bytewise, holds for no R with torsion and no
 * second encoding of R, so the identity is the only small-order R left. ed25519-hard-cases.ts builds each of these traps.
 */
const spkiPrefix = new Uint8Array(Buffer.from('302a300506032b6570032100', 'hex'))
const pkcs8Prefix = new Uint8Array(Buffer.from('302e020100300506032b657004220420', 'hex'))
const identityPoint = new Uint8Array(32).fill(0).with(0, 1)

/** Keys stay admitted while they are in use; 4,096 covers every member, device and witness of a large federation. */
const maxAdmittedKeys = 4096
const admitted = new Map<string, KeyObject | null>()

const admit = (publicKey: Uint8Array): KeyObject | null => {
  try {
    const point = Point.fromBytes(publicKey, false)
    if (point.isSmallOrder() || !point.isTorsionFree()) return null
    return createPublicKey({ format: 'der', type: 'spki', key: Buffer.from(concatBytes(spkiPrefix, publicKey)) })
  } catch {
    return null
  }
}

const admittedKey = (publicKey: Uint8Array): KeyObject | null => {
  const id = toHex(publicKey)
  const known = admitted.get(id)
  if (known !== undefined) {
    admitted.delete(id)
    admitted.set(id, known)
    return known
  }
  const key = admit(publicKey)
  remember(id, key)
  return key
}
const remember = (id: string, key: KeyObject | null): void => {
  admitted.set(id, key)
  if (admitted.size <= maxAdmittedKeys) return
  const oldest = admitted.keys().next().value
  if (oldest !== undefined) admitted.delete(oldest)
}

/** Whether a 32-byte string is a public key that any signature may be checked against. */
export const isAdmissiblePublicKey = (publicKey: Uint8Array): boolean => publicKey.length === 32 && admittedKey(publicKey) !== null

/**
 * The same signature is shown again and again: a vote by itself, in its certificate, in the chain of its escrow, in the proof that this
 * was settled. 4,096 that held are those of the last hundred trades, 1 MB. One that does not hold is never remembered.
 */
const maxVerified = 4096
const verified = new Set<string>()
/** What is signed is a hash everywhere but in tests. */
const hashLength = 32

const holds = (signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean => {
  const key = admittedKey(publicKey)
  return key !== null && !equalBytes(signature.subarray(0, 32), identityPoint) && nodeVerify(null, message, key, signature)
}

/** The strict verdict; false for anything malformed, never throws. */
export const verifyStrict = (signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean => {
  if (signature.length !== 64 || publicKey.length !== 32) return false
  if (message.length !== hashLength) return holds(signature, message, publicKey)
  const id = toHex(concatBytes(signature, publicKey, message))
  if (verified.has(id)) return true
  if (!holds(signature, message, publicKey)) return false
  verified.add(id)
  const oldest = verified.size > maxVerified ? verified.values().next().value : undefined
  if (oldest !== undefined) verified.delete(oldest)
  return true
}

export type Ed25519Key = {
  /** 32 bytes. */
  readonly publicKey: Uint8Array
  /** 64 bytes; deterministic (RFC 8032). */
  readonly signRaw: (message: Uint8Array) => Uint8Array
}

/** A key pair from a 32-byte seed. */
export const keyFromSeed = (seed: Uint8Array): Ed25519Key => {
  assert(seed.length === 32, 'an Ed25519 seed is 32 bytes')
  const der = Buffer.concat([pkcs8Prefix, seed])
  const privateKey = createPrivateKey({ format: 'der', type: 'pkcs8', key: der })
  der.fill(0)
  const keyObject = createPublicKey(privateKey)
  const spki = keyObject.export({ format: 'der', type: 'spki' })
  const publicKey = new Uint8Array(spki.subarray(spki.length - 32))
  // A multiple of the base point is canonical, torsion-free and not small: what was made here need not be checked for it.
  remember(toHex(publicKey), keyObject)
  return {
    publicKey,
    signRaw: (message) => new Uint8Array(nodeSign(null, message, privateKey)),
  }
}
