import { decodeBytes, encodeBytes } from '../platform/codec.ts'
import type { Failure, Result } from '../platform/result.ts'
import { proposalsCodec, type Proposal } from './model.ts'

/**
 * The committee protocol has one message either way: the proposals that are known there. So witnesses pass on what members leave with
 * them, and nobody has to be online at the same time.
 */
const maxBytes = 524_288

export const encodeProposals = (proposals: readonly Proposal[]): Uint8Array => encodeBytes(proposalsCodec, proposals)
export const decodeProposals = (bytes: Uint8Array): Result<readonly Proposal[], Failure<'malformed'>> =>
  decodeBytes(proposalsCodec, bytes, maxBytes, 'proposals')
