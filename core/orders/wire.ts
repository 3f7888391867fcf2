import { bytesUpTo, decodeBytes, encodeBytes, integer, listUpTo, record, textUpTo, variant, type Codec } from '../platform/codec.ts'
import type { Failure, Result } from '../platform/result.ts'
import { maxDecreeBytes } from '../settlement/encoding.ts'
import { maxEnvelopeBytes } from './model.ts'

/** The messages of the `market` and `sync` protocols and of the order topics. Orders inside are signed envelopes of model.ts. */
const order = bytesUpTo(maxEnvelopeBytes)
const oneOrderBytes = maxEnvelopeBytes + 384
/** A page of a snapshot holds at most this many orders, so that it stays far below the frame limit of `sync`. */
export const maxPageOrders = 64

/** How long a peer has for one message of the market. */
export const answerTimeoutMs = 3_000

export type MarketMessage =
  | { readonly kind: 'request'; readonly request: Uint8Array }
  | { readonly kind: 'bid'; readonly bid: Uint8Array }
  | { readonly kind: 'closed'; readonly closed: Uint8Array }
  /** An offer or withdrawal for the receiver to pass on: what was gossiped before there was anyone to hear it. */
  | { readonly kind: 'offer'; readonly gossip: Uint8Array }
  /** A final decree that concerns the receiver, so that it need not wait until it asks the witnesses. */
  | { readonly kind: 'decree'; readonly decree: Uint8Array }
  /** A split that the other side of an escrow has signed and this one may sign too. */
  | { readonly kind: 'split'; readonly order: Uint8Array }
export type MarketAnswer =
  | { readonly kind: 'bid'; readonly bid: Uint8Array }
  | { readonly kind: 'no-bid'; readonly code: string; readonly reason: string }
  | { readonly kind: 'taken' }
export type OfferGossip =
  | { readonly kind: 'offer'; readonly offer: Uint8Array }
  | { readonly kind: 'withdrawal'; readonly withdrawal: Uint8Array }
export type SnapshotQuery = { readonly side: number; readonly offset: number }
export type SnapshotPage = { readonly orders: readonly Uint8Array[]; readonly total: number }

const marketMessage = variant<MarketMessage>({
  request: record({ request: order }),
  bid: record({ bid: order }),
  closed: record({ closed: order }),
  offer: record({ gossip: bytesUpTo(oneOrderBytes) }),
  decree: record({ decree: bytesUpTo(maxDecreeBytes) }),
  split: record({ order: bytesUpTo(maxDecreeBytes) }),
})
const marketAnswer = variant<MarketAnswer>({
  bid: record({ bid: order }),
  'no-bid': record({ code: textUpTo(40), reason: textUpTo(300) }),
  taken: record<object>({}),
})
const offerGossip = variant<OfferGossip>({ offer: record({ offer: order }), withdrawal: record({ withdrawal: order }) })
/** Side 0 is offers, 1 requests. */
const snapshotQuery = record<SnapshotQuery>({ side: integer(0, 1), offset: integer(0, 1_000_000) })
const snapshotPage = record<SnapshotPage>({ orders: listUpTo(order, maxPageOrders), total: integer(0, 1_000_000) })

/** The reason is cut to what the wire takes. */
export const noBid = ({ code, message }: Failure): MarketAnswer => ({
  kind: 'no-bid',
  code: code.slice(0, 40),
  reason: message.slice(0, 300),
})

type Wire<T> = { readonly encode: (value: T) => Uint8Array; readonly decode: (bytes: Uint8Array) => Result<T, Failure<'malformed'>> }
const wire = <T>(codec: Codec<T>, maxBytes: number, what: string): Wire<T> => ({
  encode: (value) => encodeBytes(codec, value),
  decode: (bytes) => decodeBytes(codec, bytes, maxBytes, what),
})

export const marketMessages = wire(marketMessage, maxDecreeBytes + 512, 'market message')
export const marketAnswers = wire(marketAnswer, oneOrderBytes, 'market answer')
export const offerGossips = wire(offerGossip, oneOrderBytes, 'offer gossip')
export const snapshotQueries = wire(snapshotQuery, 64, 'snapshot query')
export const snapshotPages = wire(snapshotPage, maxPageOrders * oneOrderBytes, 'snapshot page')
