import { maxSupplyMicro } from '../platform/amount.ts'
import { kindOfPrices, referencePrice, type Prices } from './cheapest.ts'
import { offers, requests, type BackendKind, type Offer, type TaskRequest } from './model.ts'
import type { Brief } from './price-index.ts'
import { createSide, type Side, type SideRules } from './side.ts'

/**
 * One node's order book: its offers and its requests. The same code runs in every node and in the simulation; SQLite only keeps
 * what is inserted here.
 */
export const maxOffersPerMember = 32
export const maxRequestsPerMember = 64
/** Sized for the goal of anchors.md: 100,000 open orders. */
export const maxOrders = 100_000

/**
 * Ended orders remembered, so that they cannot be replayed while they would still be valid; the longest ended is forgotten first. With
 * the makers' words for it a side keeps some 2 MB, and 42 MB were every word an offer as large as one may be.
 */
export const maxEnded = 10_000

/** Orders of accounts that nobody vouches for find room in a tenth of a side, so that fresh keys cannot fill it. */
export const maxStrangerOrders = maxOrders / 10

/** What a request filters offers by, besides their prices. */
export type OfferBrief = Prices & {
  readonly backend: BackendKind
  readonly maxInputTokens: number
  readonly maxOutputTokens: number
  readonly firstTokenMs: number
  readonly concurrent: number
  readonly leftToday: number
}
export type RequestBrief = Brief & { readonly maxOutputTokens: number }

export type OfferSide = Side<Offer, OfferBrief>
export type RequestSide = Side<TaskRequest, RequestBrief>
export type Book = { readonly offers: OfferSide; readonly requests: RequestSide }

const maxRank = Number(maxSupplyMicro)
const briefOfOffer = (offer: Offer): OfferBrief => {
  const { backend, maxInputTokens, maxOutputTokens, firstTokenMs, concurrent, leftToday, pricing } = offer
  const perTask = Number(pricing.perTaskMicro)
  const perInput = Number(pricing.perThousandInputTokensMicro)
  const perOutput = Number(pricing.perThousandOutputTokensMicro)
  const minimum = Number(pricing.minimumMicro)
  const rank = Math.min(referencePrice({ perTask, perInput, perOutput, minimum }), maxRank)
  return { rank, perTask, perInput, perOutput, minimum, backend, maxInputTokens, maxOutputTokens, firstTokenMs, concurrent, leftToday }
}

const offerRules: Omit<SideRules<Offer, OfferBrief>, 'ownKey'> = {
  memberOf: (offer) => offer.providerKey,
  briefOf: briefOfOffer,
  oldestOpenMs: (offer) => offer.oldestOpenMs,
  comparePrices: (a, b) => a.perTask - b.perTask || a.perInput - b.perInput || a.perOutput - b.perOutput || a.minimum - b.minimum,
  kindOf: kindOfPrices,
  maxPerMember: maxOffersPerMember,
  maxOrders,
  encode: offers.encode,
  decode: offers.reopen,
}
const requestRules: Omit<SideRules<TaskRequest, RequestBrief>, 'ownKey'> = {
  memberOf: (request) => request.clientKey,
  briefOf: ({ maxPriceMicro, maxOutputTokens }) => ({ rank: -Number(maxPriceMicro), maxOutputTokens }),
  oldestOpenMs: () => 0,
  comparePrices: () => 0,
  kindOf: () => 0,
  maxPerMember: maxRequestsPerMember,
  maxOrders,
  encode: requests.encode,
  decode: requests.reopen,
}

export const createBook = (ownKey: Uint8Array | null = null): Book => ({
  offers: createSide({ ...offerRules, ownKey }),
  requests: createSide({ ...requestRules, ownKey }),
})
