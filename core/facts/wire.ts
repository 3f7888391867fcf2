import {
  bytesOf,
  bytesUpTo,
  decodeBytes,
  encodeBytes,
  integer,
  listUpTo,
  nullable,
  record,
  variant,
  wordOf,
  type Codec,
} from '../platform/codec.ts'
import type { Failure, Result } from '../platform/result.ts'
import { decreeCodec, maxDecreeBytes } from '../settlement/encoding.ts'
import type { Bytes32, Decree } from '../settlement/objects.ts'
import { faults, type Proof, type SignedNote } from './model.ts'

/** A proof as it is gossiped, stored and handed on; and how a node asks another for those it lacks. */

/** An escrow's opening and at most five steps (escrow/model.ts); an ordinary trade is two decrees of about 1 kB. */
const maxDecrees = 6
export const maxProofBytes = maxDecrees * maxDecreeBytes

/** An invite's two transfers and the newcomer's first step. */
const introductionDecrees = 3

type Chain = { readonly decrees: readonly Decree[] }
const chainUpTo = (maxItems: number): Codec<Chain> => record<Chain>({ decrees: listUpTo(decreeCodec, maxItems) })
const note = record<{ readonly signed: SignedNote }>({
  signed: record<SignedNote>({ escrowId: bytesOf(32), fault: wordOf(faults), clientKey: bytesOf(32), signature: bytesOf(64) }),
})
const proofCodec = variant<Proof>({ settlement: chainUpTo(maxDecrees), introduction: chainUpTo(introductionDecrees), note })

export const encodeProof = (proof: Proof): Uint8Array => encodeBytes(proofCodec, proof)
export const decodeProof = (bytes: Uint8Array): Result<Proof, Failure<'malformed'>> =>
  decodeBytes(proofCodec, bytes, maxProofBytes, 'proof of a trade')

/**
 * Facts are compared day by day (UTC; day 0 holds those that carry no time): a digest of the ids, then the ids, then the proofs that are
 * missing.
 */
export type FactQuery =
  | { readonly kind: 'days' }
  | { readonly kind: 'ids'; readonly day: number; readonly after: Bytes32 | null }
  | { readonly kind: 'proofs'; readonly ids: readonly Bytes32[] }
export type FactAnswer =
  | { readonly kind: 'days'; readonly days: readonly DayDigest[] }
  | { readonly kind: 'ids'; readonly ids: readonly Bytes32[] }
  /** As many of those asked for, in their order, as fit. */
  | { readonly kind: 'proofs'; readonly proofs: readonly Uint8Array[] }
export type DayDigest = { readonly day: number; readonly digest: Bytes32 }

/** More than any horizon has. */
export const maxDays = 400
export const maxIds = 4_096
/** Each costs the asking node about ten signatures, and a page is checked in one go. */
export const maxProofs = 16
/** Of one answer: a full page of ordinary proofs, or six of the largest. */
export const maxAnswerBytes = 900_000

const day = integer(0, 4_000_000)
const queryCodec = variant<FactQuery>({
  days: record<object>({}),
  ids: record({ day, after: nullable(bytesOf(32)) }),
  proofs: record({ ids: listUpTo(bytesOf(32), maxProofs) }),
})
const answerCodec = variant<FactAnswer>({
  days: record({ days: listUpTo(record<DayDigest>({ day, digest: bytesOf(32) }), maxDays) }),
  ids: record({ ids: listUpTo(bytesOf(32), maxIds) }),
  proofs: record({ proofs: listUpTo(bytesUpTo(maxProofBytes), maxProofs) }),
})

const wire = <T>(codec: Codec<T>, maxBytes: number, what: string) => ({
  encode: (value: T): Uint8Array => encodeBytes(codec, value),
  decode: (bytes: Uint8Array): Result<T, Failure<'malformed'>> => decodeBytes(codec, bytes, maxBytes, what),
})
export const factQueries = wire(queryCodec, 4_096, 'question about trades')
export const factAnswers = wire(answerCodec, 1_000_000, 'answer about trades')
