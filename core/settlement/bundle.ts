import {
  bytesOf,
  flag,
  decodeBytes,
  encodeBytes,
  integer,
  listUpTo,
  nullable,
  record,
  timeMs,
  variant,
  wordOf,
  type Codec,
} from '../platform/codec.ts'
import type { Failure, Result } from '../platform/result.ts'
import {
  authorisedTxCodec,
  certificateCodec,
  decreeCodec,
  governanceCodec,
  hashCodec,
  maxClaims,
  maxDevices,
  signatureCodec,
  signedProposalCodec,
  stepCodec,
  voteCodec,
} from './encoding.ts'
import { carriedStepsCodec, type CarriedStep } from './handover.ts'
import type {
  AccountId,
  AuthorisedTx,
  Bytes32,
  Certificate,
  CreditId,
  Decree,
  Governance,
  ObjectId,
  Signature,
  SignedProposal,
  TxHash,
  Vote,
} from './objects.ts'
import { refusalCodes, type RefusalCode } from './refusals.ts'
import { shareBytes } from './seed-share.ts'

/** What members and witnesses say to each other: one question, one answer (settlement.md §3.2). */

/** The register of one step of one object. */
export type RegisterId = { readonly governance: Governance; readonly objectId: ObjectId; readonly step: number }

/** What one side knows of an undecided register. Everything in it is about that register. */
export type Bundle = {
  readonly orders: readonly AuthorisedTx[]
  readonly votes: readonly Vote[]
  readonly proposals: readonly SignedProposal[]
  /** Notarizations of this step by former committees, which bind this one (handover.ts). */
  readonly carried: readonly Certificate[]
}

export type SettlementRequest =
  | (Bundle & {
      readonly kind: 'exchange'
      readonly register: RegisterId
      readonly wantSkip: boolean
      /** Proofs of claimed credits and missing history, oldest first. */
      readonly decrees: readonly Decree[]
    })
  /** Final decrees the witness may not have seen. */
  | { readonly kind: 'inform'; readonly decrees: readonly Decree[] }
  | { readonly kind: 'fetch-object'; readonly objectId: ObjectId; readonly fromStep: number }
  /** `after` is the `next` of the page before, 0 for the first. */
  | { readonly kind: 'fetch-inbox'; readonly account: AccountId; readonly after: number }
  /** Who may sign for an account now. */
  | { readonly kind: 'fetch-keys'; readonly account: AccountId }
  /** The proofs of these credits, claimed or not; what is not known here is left out. */
  | { readonly kind: 'fetch-credits'; readonly credits: readonly CreditId[] }
  /** The escrows in which this account is the provider and that are not settled; each as the decree that opened it. */
  | { readonly kind: 'fetch-escrows'; readonly provider: AccountId; readonly after: number }
  /** When this witness learnt of steps. */
  | { readonly kind: 'fetch-times'; readonly places: readonly Place[] }
  /** This witness's share of the panel's seed; `decrees` prove the dispute to a witness that has not seen it. */
  | { readonly kind: 'fetch-share'; readonly escrowId: ObjectId; readonly decrees: readonly Decree[] }
  /** What time is it? */
  | { readonly kind: 'clock' }
  /** What is decided, in the order in which this witness learnt of it; `after` as above. */
  | { readonly kind: 'fetch-log'; readonly after: number }
  /** Closes the epoch if its time has come, and shows what the witness left open in it. */
  | { readonly kind: 'hand-over'; readonly governance: Governance; readonly fromPosition: number }

export type SettlementAnswer =
  /** `refusal`: why the first order in the question cannot get a vote. `headStep`: the last step this witness has of the object, −1 for none. */
  | (Bundle & { readonly kind: 'open'; readonly refusal: RefusalCode | null; readonly headStep: number })
  | { readonly kind: 'decided'; readonly decree: Decree }
  /** `headStep`: the last step this witness has of the last decree's object; it lags when that is an earlier step. */
  | { readonly kind: 'informed'; readonly headStep: number }
  /** `next`: ask again from there for more; null at the end. */
  | { readonly kind: 'decrees'; readonly decrees: readonly Decree[]; readonly next: number | null }
  /** The owner's key first, then the devices'; none for an account without steps, whose only key is the one that names it. */
  | { readonly kind: 'keys'; readonly step: number; readonly keys: readonly Bytes32[] }
  /** In the order of the places asked for; null for what is not known here, or was before times were kept. */
  | { readonly kind: 'times'; readonly times: readonly (number | null)[] }
  /** `next` as above. */
  | { readonly kind: 'log'; readonly entries: readonly LogEntry[]; readonly next: number | null }
  /** The signature is over everything from the first position to the last. */
  | { readonly kind: 'handed-over'; readonly carried: readonly CarriedStep[]; readonly next: number | null; readonly signature: Signature }
  | { readonly kind: 'refused'; readonly refusal: RefusalCode }
  /** 96 bytes. */
  | { readonly kind: 'share'; readonly share: Uint8Array }
  | { readonly kind: 'clock'; readonly nowMs: number }

/** One step of one object. */
export type Place = { readonly object: ObjectId; readonly step: number }
export type LogEntry = { readonly object: ObjectId; readonly step: number; readonly tx: TxHash }

/** Three orders by each of the roles that can write an object, and room for one that a leader names. */
export const maxOrders = 16
/** In 85 kB: of up to seven witnesses all for as many views as a year has room for, of up to 25 for one view more than bad leaders can take. */
export const maxVotes = 480
export const maxProposals = 16
/** Every claim with the five decrees of an escrow, and as much history again. */
const maxDecrees = 10 * maxClaims
/** A former committee rarely left more than one: each is a view in which it notarized and did not finish. */
export const maxCarried = 8
/** 72 bytes each. */
export const maxLogEntries = 1_000
export const maxPlaces = 256
/** The network's own limit for a settlement payload; a driver sends what does not fit ahead of its question. */
export const maxBundleBytes = 262_144
/** A page of history, well below the bundle's limit whatever the size of its decrees. */
export const maxPageBytes = 131_072

const bundleFields = {
  orders: listUpTo(authorisedTxCodec, maxOrders),
  votes: listUpTo(voteCodec, maxVotes),
  proposals: listUpTo(signedProposalCodec, maxProposals),
  carried: listUpTo(certificateCodec, maxCarried),
}
const decrees = listUpTo(decreeCodec, maxDecrees)
const cursor = integer(0, Number.MAX_SAFE_INTEGER)
const refusal = wordOf(refusalCodes)
const headStep = integer(-1, Number.MAX_SAFE_INTEGER)

const requestCodec: Codec<SettlementRequest> = variant<SettlementRequest>({
  exchange: record({
    register: record<RegisterId>({ governance: governanceCodec, objectId: hashCodec, step: stepCodec }),
    ...bundleFields,
    wantSkip: flag,
    decrees,
  }),
  inform: record({ decrees }),
  'fetch-object': record({ objectId: hashCodec, fromStep: stepCodec }),
  'fetch-inbox': record({ account: hashCodec, after: cursor }),
  'fetch-share': record({ escrowId: hashCodec, decrees }),
  clock: record({}),
  'fetch-log': record({ after: cursor }),
  'hand-over': record({ governance: governanceCodec, fromPosition: cursor }),
  'fetch-keys': record({ account: hashCodec }),
  'fetch-credits': record({ credits: listUpTo(hashCodec, maxClaims) }),
  'fetch-escrows': record({ provider: hashCodec, after: cursor }),
  'fetch-times': record({ places: listUpTo(record<Place>({ object: hashCodec, step: stepCodec }), maxPlaces) }),
})

const answerCodec: Codec<SettlementAnswer> = variant<SettlementAnswer>({
  open: record({ ...bundleFields, refusal: nullable(refusal), headStep }),
  decided: record({ decree: decreeCodec }),
  informed: record({ headStep }),
  decrees: record({ decrees, next: nullable(cursor) }),
  log: record({
    entries: listUpTo(record<LogEntry>({ object: hashCodec, step: stepCodec, tx: hashCodec }), maxLogEntries),
    next: nullable(cursor),
  }),
  'handed-over': record({ carried: carriedStepsCodec, next: nullable(cursor), signature: signatureCodec }),
  refused: record({ refusal }),
  share: record({ share: bytesOf(shareBytes) }),
  clock: record({ nowMs: timeMs }),
  keys: record({ step: headStep, keys: listUpTo(hashCodec, maxDevices + 1) }),
  times: record({ times: listUpTo(nullable(timeMs), maxPlaces) }),
})

type Malformed = Failure<'malformed'>
export const encodeRequest = (request: SettlementRequest): Uint8Array => encodeBytes(requestCodec, request)
export const decodeRequest = (bytes: Uint8Array): Result<SettlementRequest, Malformed> =>
  decodeBytes(requestCodec, bytes, maxBundleBytes, 'settlement question')
export const encodeAnswer = (answer: SettlementAnswer): Uint8Array => encodeBytes(answerCodec, answer)
export const decodeAnswer = (bytes: Uint8Array): Result<SettlementAnswer, Malformed> =>
  decodeBytes(answerCodec, bytes, maxBundleBytes, 'settlement answer')
