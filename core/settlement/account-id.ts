import { taggedHash } from '../identity/signing.ts'
import { sha256 } from '../platform/bytes.ts'
import { encodeCbor } from '../platform/cbor.ts'
import type { AccountId, Bytes32, CreditId, Governance } from './objects.ts'

/**
 * Every account is born under the first committee, whenever that is: a later one takes over what was never begun as it takes over what
 * sleeps (handover.ts). So a key has one account, and no invite has to say when it was made.
 */
export const birthOf = (federationId: Bytes32): Governance => ({ federationId, epoch: 0 })

/** Home federation and birth epoch are in the id, so exactly one chain of committees can decide an account's step 0 (settlement.md §2). */
export const accountIdOf = (birth: Governance, firstKey: Bytes32): AccountId =>
  taggedHash('RUV1/ACCOUNT', birth.federationId, encodeCbor([birth.epoch, firstKey]))

/** H(source hash ‖ index as 32-bit big-endian); the source is a decree's transaction or the genesis document. */
export const creditIdOf = (sourceHash: Bytes32, index: number): CreditId => {
  const position = new Uint8Array(4)
  new DataView(position.buffer).setUint32(0, index)
  return sha256(sourceHash, position)
}
