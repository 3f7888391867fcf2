import {
  bytesOf,
  bytesUpTo,
  decodeBytes,
  encodeBytes,
  integer,
  listUpTo,
  record,
  textUpTo,
  variant,
  type Codec,
} from '../platform/codec.ts'
import type { Failure, Result } from '../platform/result.ts'
import { maxDecreeBytes } from '../settlement/encoding.ts'
import { maxEnded, maxOrders } from './book.ts'
import { bucketCount, digestBytes } from './digests.ts'
import { maxEnvelopeBytes } from './model.ts'
import { shortIdLength } from './side.ts'

/** The messages of the `market` and `sync` protocols and of the order topics. Orders inside are signed envelopes of model.ts. */
const order = bytesUpTo(maxEnvelopeBytes)
const oneOrderBytes = maxEnvelopeBytes + 384
/** So many orders are checked in some 20 ms, during which the node does nothing else. */
export const maxPageOrders = 256
/** A page is cut off here, below the frame limit of `sync`; usual orders are ten times smaller than they may be. */
export const maxPageBytes = 900 * 1_024

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
/** Side 0 is offers, 1 requests. The ids are the first bytes of the orders' ids, one after another. */
export type SyncQuery =
  | { readonly kind: 'compare'; readonly side: number; readonly digests: Uint8Array }
  | { readonly kind: 'fetch'; readonly side: number; readonly ids: Uint8Array }
  /** The makers' signed words that these are over. */
  | { readonly kind: 'endings'; readonly side: number; readonly ids: Uint8Array }
/** Which buckets differ, and of those: what is open, and what the peer can show to be over. */
export type SyncIds = { readonly buckets: Uint8Array; readonly open: Uint8Array; readonly ended: Uint8Array }
/** What was asked for as far as it is here; the last `left` of the ids were not looked at. */
export type SyncPage = { readonly envelopes: readonly Uint8Array[]; readonly left: number }

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
const side = integer(0, 1)
const syncQuery = variant<SyncQuery>({
  compare: record({ side, digests: bytesOf(digestBytes) }),
  fetch: record({ side, ids: bytesUpTo(maxPageOrders * shortIdLength) }),
  endings: record({ side, ids: bytesUpTo(maxPageOrders * shortIdLength) }),
})
const syncPage = record<SyncPage>({ envelopes: listUpTo(order, maxPageOrders), left: integer(0, maxPageOrders) })

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
export const syncQueries = wire(syncQuery, digestBytes + 64, 'sync query')
/** Of one side of a full book, with what it remembers to be over. */
const maxIdsBytes = maxOrders * shortIdLength
const maxEndedBytes = maxEnded * shortIdLength
const syncIdsCodec = record<SyncIds>({ buckets: bytesUpTo(bucketCount), open: bytesUpTo(maxIdsBytes), ended: bytesUpTo(maxEndedBytes) })
export const syncIds = wire(syncIdsCodec, bucketCount + maxIdsBytes + maxEndedBytes + 64, 'lists of ids')
export const syncPages = wire(syncPage, maxPageBytes + oneOrderBytes, 'page of orders')
