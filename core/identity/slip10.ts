import { createHmac } from 'node:crypto'
import { assert } from '../platform/assert.ts'
import { utf8 } from '../platform/bytes.ts'

/**
 * SLIP-0010 for Ed25519: a tree of keys from one seed. The curve allows hardened children only, so no child's key gives away its
 * parent or its siblings.
 */
export type Slip10Node = {
  /** 32 bytes, an Ed25519 seed (RFC 8032). */
  readonly key: Uint8Array
  /** 32 bytes. */
  readonly chainCode: Uint8Array
}

const hardened = 0x8000_0000

const nodeOf = (hmacKey: Uint8Array, data: Uint8Array): Slip10Node => {
  const digest = createHmac('sha512', hmacKey).update(data).digest()
  const node = { key: new Uint8Array(digest.subarray(0, 32)), chainCode: new Uint8Array(digest.subarray(32)) }
  digest.fill(0)
  return node
}

const childOf = (parent: Slip10Node, index: number): Slip10Node => {
  assert(Number.isInteger(index) && index >= 0 && index < hardened, 'a SLIP-0010 index is below 2^31; its hardening is implied')
  const data = Buffer.alloc(37)
  data.set(parent.key, 1)
  data.writeUInt32BE(index + hardened, 33)
  const child = nodeOf(parent.chainCode, data)
  data.fill(0)
  return child
}

/** The node at m/path₀'/path₁'/…; the seed is 16 to 64 bytes, from BIP-39 always 64. */
export const deriveNode = (seed: Uint8Array, path: readonly number[]): Slip10Node => {
  assert(seed.length >= 16 && seed.length <= 64, 'a SLIP-0010 seed has 16 to 64 bytes')
  return path.reduce(childOf, nodeOf(utf8('ed25519 seed'), seed))
}
