import { bytesOf, decodeBytes, encodeBytes, listUpTo, nullable, record, variant, type Codec } from '../platform/codec.ts'
import type { Failure, Result } from '../platform/result.ts'
import { authorisedTxCodec, decreeCodec } from '../settlement/encoding.ts'
import type { AuthorisedTx, Bytes32, Decree, ObjectId } from '../settlement/objects.ts'
import { boxCodec, choiceCodec, sealedExhibitCodec, type Box, type Choice, type OwnRulingQuestion, type SealedExhibit } from './model.ts'

/**
 * The court protocol: witnesses keep what parties and arbiters of a dispute leave for each other, so that none of them has to be
 * online at the same time. Everything in it is signed by its maker, so a witness can lose it but not change it.
 */
export type CourtRequest =
  /** An escrow's whole chain: whoever keeps it knows the case. */
  | { readonly kind: 'announce'; readonly chain: readonly Decree[] }
  | { readonly kind: 'put-box'; readonly box: Box }
  | { readonly kind: 'put-exhibit'; readonly exhibit: SealedExhibit }
  /** What a seated arbiter is about to sign: the first one stays. */
  | { readonly kind: 'put-choice'; readonly choice: Choice }
  /** One seated arbiter's signature under one outcome. */
  | { readonly kind: 'put-ruling'; readonly order: AuthorisedTx }
  | { readonly kind: 'fetch-boxes'; readonly arbiters: readonly Bytes32[] }
  /** The next that wait for its ruling, in the order of their ids. */
  | { readonly kind: 'fetch-cases'; readonly arbiter: Bytes32; readonly after: ObjectId }
  | { readonly kind: 'fetch-case'; readonly escrowId: ObjectId }
  | { readonly kind: 'fetch-own-ruling'; readonly question: OwnRulingQuestion }
export type CourtAnswer =
  | { readonly kind: 'taken' }
  | { readonly kind: 'refused' }
  | { readonly kind: 'boxes'; readonly boxes: readonly Box[] }
  | { readonly kind: 'cases'; readonly chains: readonly (readonly Decree[])[] }
  /** `ruling`: once as many arbiters as it takes have signed the same; single signatures are shown to their signers only. */
  | {
      readonly kind: 'case'
      readonly chain: readonly Decree[]
      readonly exhibits: readonly SealedExhibit[]
      readonly ruling: AuthorisedTx | null
    }
  | { readonly kind: 'own-ruling'; readonly choice: Choice | null; readonly order: AuthorisedTx | null }

/** The network's own limit for this protocol. */
const maxCourtBytes = 1_048_576
/** In one answer. */
export const maxCases = 8
const chain = listUpTo(decreeCodec, 6)
const hash = bytesOf(32)
const noFields = record<Record<never, never>>({})

const requestCodec: Codec<CourtRequest> = variant<CourtRequest>({
  announce: record({ chain }),
  'put-box': record({ box: boxCodec }),
  'put-exhibit': record({ exhibit: sealedExhibitCodec }),
  'put-choice': record({ choice: choiceCodec }),
  'put-ruling': record({ order: authorisedTxCodec }),
  'fetch-boxes': record({ arbiters: listUpTo(hash, 9) }),
  'fetch-cases': record({ arbiter: hash, after: hash }),
  'fetch-case': record({ escrowId: hash }),
  'fetch-own-ruling': record({ question: record<OwnRulingQuestion>({ escrowId: hash, arbiter: hash, signature: bytesOf(64) }) }),
})
const answerCodec: Codec<CourtAnswer> = variant<CourtAnswer>({
  taken: noFields,
  refused: noFields,
  boxes: record({ boxes: listUpTo(boxCodec, 9) }),
  cases: record({ chains: listUpTo(chain, maxCases) }),
  case: record({ chain, exhibits: listUpTo(sealedExhibitCodec, 2), ruling: nullable(authorisedTxCodec) }),
  'own-ruling': record({ choice: nullable(choiceCodec), order: nullable(authorisedTxCodec) }),
})
export const encodeCourtRequest = (request: CourtRequest): Uint8Array => encodeBytes(requestCodec, request)
export const decodeCourtRequest = (bytes: Uint8Array): Result<CourtRequest, Failure<'malformed'>> =>
  decodeBytes(requestCodec, bytes, maxCourtBytes, 'court question')
export const encodeCourtAnswer = (answer: CourtAnswer): Uint8Array => encodeBytes(answerCodec, answer)
export const decodeCourtAnswer = (bytes: Uint8Array): Result<CourtAnswer, Failure<'malformed'>> =>
  decodeBytes(answerCodec, bytes, maxCourtBytes, 'court answer')

/** Chains as they are kept. */
export const encodeChain = (decrees: readonly Decree[]): Uint8Array => encodeBytes(chain, decrees)
export const decodeChain = (bytes: Uint8Array): Result<readonly Decree[], Failure<'malformed'>> =>
  decodeBytes(chain, bytes, maxCourtBytes, 'chain')
export const orderBytes = (order: AuthorisedTx): Uint8Array => encodeBytes(authorisedTxCodec, order)
export const boxBytes = (box: Box): Uint8Array => encodeBytes(boxCodec, box)
export const decodeBox = (bytes: Uint8Array): Result<Box, Failure<'malformed'>> => decodeBytes(boxCodec, bytes, 1_024, 'box')
export const choiceBytes = (choice: Choice): Uint8Array => encodeBytes(choiceCodec, choice)
export const decodeChoice = (bytes: Uint8Array): Result<Choice, Failure<'malformed'>> => decodeBytes(choiceCodec, bytes, 1_024, 'choice')
