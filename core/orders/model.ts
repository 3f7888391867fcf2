import { taggedHash, verifySignature, type SignatureTag, type Signer } from '../identity/signing.ts'
import {
  encodeBytes,
  decodeBytes,
  decodeKnown,
  amount,
  bytesOf,
  bytesUpTo,
  integer,
  listUpTo,
  nullable,
  record,
  textUpTo,
  timeMs,
  wordOf,
  type Codec,
} from '../platform/codec.ts'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'
import type { AmountMicro } from '../platform/amount.ts'
import type { PeerAddress } from '../network/port.ts'
import { maxPaddedBytes } from '../tasks/padding.ts'
import { termsCodec } from '../settlement/encoding.ts'
import type { AccountId, Bytes32, EscrowTerms, Pricing, Signature } from '../settlement/objects.ts'

/** What members say to each other before money is involved: offers, requests, bids, and who lost. All signed, bounded and expiring. */
export const backendKinds = ['practice', 'local-model', 'anthropic-api', 'claude-cli'] as const
export type BackendKind = (typeof backendKinds)[number]

export type Offer = {
  readonly provider: AccountId
  readonly providerKey: Bytes32
  readonly peer: PeerAddress
  readonly backend: BackendKind
  readonly modelLabel: string
  readonly classKey: string
  readonly pricing: Pricing
  readonly maxInputTokens: number
  readonly maxOutputTokens: number
  readonly concurrent: number
  readonly leftToday: number
  /** Promised: first token and whole answer within these, and the share of tasks that succeed in parts per million. */
  readonly firstTokenMs: number
  readonly totalMs: number
  readonly successPpm: number
  /** Hash of the signed consent that stands behind this offer. */
  readonly consentTag: Bytes32
  readonly nonce: Uint8Array
  readonly createdAtMs: number
  readonly validUntilMs: number
  /** When the oldest offer that its maker has open was made: what that key made earlier is over, whoever missed its withdrawal. */
  readonly oldestOpenMs: number
}

export type OfferWithdrawal = { readonly offerId: Bytes32; readonly providerKey: Bytes32; readonly createdAtMs: number }

export const auctionModes = ['first', 'best'] as const
export type AuctionMode = (typeof auctionModes)[number]

export type TaskRequest = {
  readonly client: AccountId
  readonly clientKey: Bytes32
  readonly peer: PeerAddress
  readonly classKey: string
  /** Upper edge of the padded task's size class; the text itself stays sealed. */
  readonly inputBucketBytes: number
  readonly maxOutputTokens: number
  readonly maxPriceMicro: AmountMicro
  readonly deliverWithinMs: number
  /** The client needs the first token within this; null = no wish. */
  readonly firstTokenMs: number | null
  readonly mode: AuctionMode
  readonly taskCommit: Bytes32
  /** The client's signed attestation to belong to the organisation, for backends that serve nobody else. */
  readonly attestation: Uint8Array | null
  readonly nonce: Uint8Array
  readonly createdAtMs: number
  readonly validUntilMs: number
}

export type Bid = {
  readonly requestHash: Bytes32
  readonly offerId: Bytes32
  readonly peer: PeerAddress
  readonly backend: BackendKind
  readonly modelLabel: string
  readonly terms: EscrowTerms
  /** Signature over the terms alone (tag RUV1/ACCEPT): what the witnesses check. */
  readonly acceptSignature: Signature
  /** Fresh X25519 key for this one task. */
  readonly taskKey: Bytes32
  readonly validUntilMs: number
}

/** Tells the losers that they may free the slot; `winner` is null when the request ended without a trade. */
export type Closed = {
  readonly requestHash: Bytes32
  readonly clientKey: Bytes32
  readonly winner: Bytes32 | null
  readonly createdAtMs: number
}

export type Signed<T> = { readonly value: T; readonly signature: Signature; readonly id: Bytes32 }

/** 8 addresses of 256 characters cover every transport of a node; an id is a base58 multihash. */
const peer: Codec<PeerAddress> = record<PeerAddress>({ peerId: textUpTo(128), addresses: listUpTo(textUpTo(256), 8) })
const pricing: Codec<Pricing> = record<Pricing>({
  perTaskMicro: amount,
  perThousandInputTokensMicro: amount,
  perThousandOutputTokensMicro: amount,
  minimumMicro: amount,
})
const hash = bytesOf(32)
const nonce = bytesOf(16)
const label = textUpTo(80)
const classKey = textUpTo(64)
/** The context of the largest models in use is below this. */
const tokens = integer(0, 4_000_000)
const durationMs = integer(1, 7 * 24 * 3_600_000)

const offerCodec = record<Offer>({
  provider: hash,
  providerKey: hash,
  peer,
  backend: wordOf(backendKinds),
  modelLabel: label,
  classKey,
  pricing,
  maxInputTokens: tokens,
  maxOutputTokens: tokens,
  concurrent: integer(1, 1_000),
  leftToday: integer(0, 1_000_000),
  firstTokenMs: durationMs,
  totalMs: durationMs,
  successPpm: integer(0, 1_000_000),
  consentTag: hash,
  nonce,
  createdAtMs: timeMs,
  validUntilMs: timeMs,
  oldestOpenMs: timeMs,
})
const withdrawalCodec = record<OfferWithdrawal>({ offerId: hash, providerKey: hash, createdAtMs: timeMs })
const requestCodec = record<TaskRequest>({
  client: hash,
  clientKey: hash,
  peer,
  classKey,
  inputBucketBytes: integer(1, maxPaddedBytes),
  maxOutputTokens: tokens,
  maxPriceMicro: amount,
  deliverWithinMs: durationMs,
  firstTokenMs: nullable(durationMs),
  mode: wordOf(['first', 'best']),
  taskCommit: hash,
  attestation: nullable(bytesUpTo(512)),
  nonce,
  createdAtMs: timeMs,
  validUntilMs: timeMs,
})
const bidCodec = record<Bid>({
  requestHash: hash,
  offerId: hash,
  peer,
  backend: wordOf(backendKinds),
  modelLabel: label,
  terms: termsCodec,
  acceptSignature: bytesOf(64),
  taskKey: hash,
  validUntilMs: timeMs,
})
const closedCodec = record<Closed>({ requestHash: hash, clientKey: hash, winner: nullable(hash), createdAtMs: timeMs })

/** The largest order is an offer with eight long addresses: under 3 kB. */
export const maxOrderBytes = 4_096

/** An order with its signature and the heads of both. */
export const maxEnvelopeBytes = maxOrderBytes + 128

type SignedBytes = { readonly body: Uint8Array; readonly signature: Signature }
const envelope = record<SignedBytes>({ body: bytesUpTo(maxOrderBytes), signature: bytesOf(64) })

export type Kind<T> = {
  readonly sign: (value: T, signer: Signer, federationId: Bytes32) => Signed<T>
  readonly encode: (signed: Signed<T>) => Uint8Array
  /** The id of what these bytes say, unverified; null when they are no envelope. */
  readonly idOf: (bytes: Uint8Array, federationId: Bytes32) => Bytes32 | null
  /** Of bytes that this node encoded or decoded before, under the id it found then: nothing is checked again. */
  readonly reopen: (bytes: Uint8Array, id: Bytes32) => Signed<T>
  /** Bounded, canonical and correctly signed by the key the body names; who that key belongs to is for the caller. */
  readonly decode: (bytes: Uint8Array, federationId: Bytes32) => Result<Signed<T>, Failure<'malformed' | 'bad-signature'>>
}

const kindOf = <T>(name: string, tag: SignatureTag, codec: Codec<T>, keyOf: (value: T) => Bytes32): Kind<T> => ({
  sign: (value, signer, federationId) => {
    const body = encodeBytes(codec, value)
    return { value, signature: signer.sign(tag, federationId, body), id: taggedHash(tag, federationId, body) }
  },
  encode: (signed) => encodeBytes(envelope, { body: encodeBytes(codec, signed.value), signature: signed.signature }),
  idOf: (bytes, federationId) => {
    const outer = decodeBytes(envelope, bytes, maxEnvelopeBytes, name)
    return outer.ok ? taggedHash(tag, federationId, outer.value.body) : null
  },
  reopen: (bytes, id) => {
    const { body, signature } = decodeKnown(envelope, bytes)
    return { value: decodeKnown(codec, body), signature, id }
  },
  decode: (bytes, federationId) => {
    const outer = decodeBytes(envelope, bytes, maxEnvelopeBytes, name)
    if (!outer.ok) return outer
    const { body, signature } = outer.value
    const value = decodeBytes(codec, body, maxOrderBytes, name)
    if (!value.ok) return value
    if (!verifySignature(tag, federationId, body, signature, keyOf(value.value)))
      return fail('bad-signature', `Refused: the signature of this ${name} does not match its key in this federation.`)
    return ok({ value: value.value, signature, id: taggedHash(tag, federationId, body) })
  },
})

export const offers = kindOf<Offer>('offer', 'RUV1/OFFER', offerCodec, (offer) => offer.providerKey)
export const withdrawals = kindOf<OfferWithdrawal>('withdrawal', 'RUV1/WITHDRAWAL', withdrawalCodec, (withdrawal) => withdrawal.providerKey)
export const requests = kindOf<TaskRequest>('request', 'RUV1/REQUEST', requestCodec, (request) => request.clientKey)
export const bids = kindOf<Bid>('bid', 'RUV1/BID', bidCodec, (bid) => bid.terms.providerKey)
export const closings = kindOf<Closed>('closing', 'RUV1/CLOSED', closedCodec, (closed) => closed.clientKey)

/** Clocks of honest members differ by less than this; an order from further in the future is refused. */
export const maxFutureMs = 30_000
/** An offer lives at most a day and is announced anew while its maker is there; a request at most ten minutes. */
export const maxOfferLifeMs = 24 * 3_600_000
export const maxRequestLifeMs = 10 * 60_000

export type LifetimeRefusal = 'expired' | 'from-the-future' | 'lives-too-long'
type Lifetime = { readonly createdAtMs: number; readonly validUntilMs: number }
/** Whether an order is of now: not from the future, not expired, not meant to live too long. */
export const checkLifetime = (order: Lifetime, nowMs: number, maxLifeMs: number): Result<void, Failure<LifetimeRefusal>> => {
  if (order.createdAtMs > nowMs + maxFutureMs)
    return fail('from-the-future', 'Refused: made in the future. One of the two clocks is wrong.')
  if (order.validUntilMs <= nowMs) return fail('expired', 'Refused: no longer valid.')
  if (order.validUntilMs - order.createdAtMs > maxLifeMs)
    return fail('lives-too-long', 'Refused: valid for longer than the federation allows.')
  return ok(undefined)
}
