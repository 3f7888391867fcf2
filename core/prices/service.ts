import type { ClassSummary, FactPosition, JudgedSettlement, PriceSpan } from '../facts/model.ts'
import type { Facts } from '../facts/service.ts'
import { tokensOfBytes } from '../orders/metering.ts'
import type { Book } from '../orders/book.ts'
import type { AmountMicro } from '../platform/amount.ts'
import type { Clock } from '../platform/clock.ts'
import { createEstimator, estimatePrice, priceHorizonMs, slotMs, type Estimate, type Trade } from './model.ts'
import {
  familyOf,
  standardOf,
  suggestOffer,
  suggestRequest,
  weightOf,
  withFamily,
  type ClassEstimate,
  type Suggestion,
} from './suggestion.ts'

export type PricesDeps = {
  readonly facts: Facts
  readonly trustPpm: (account: string) => number
  readonly book: Book
  readonly clock: Clock
  readonly changed: (revision: number) => void
}
export type Prices = ReturnType<typeof createPrices>
export type PriceOfClass = { readonly estimate: ClassEstimate | null; readonly dayAgoMicro: AmountMicro | null }
export type Level = { readonly priceMicro: AmountMicro; readonly orders: number }

const dayMs = 24 * 3_600_000
/** The newest of a class; a busier one has rounds of less than a minute, and the price forgets after eight. */
const maxTradesOfClass = 4_000
const maxFamily = 20
const maxLevels = 20
/** Requests that are sorted into levels. */
const maxRequests = 1_000
/** A late fact can change the estimate before the slot ends: looked for at most this often. */
const renewEveryMs = 5_000
const tellAfterMs = 1_000

/** Each goes on from where it was asked last. */
type Estimators = { readonly now: typeof estimatePrice; readonly dayAgo: typeof estimatePrice }
type Cached = { readonly slot: number; readonly revision: number; readonly atMs: number; readonly value: PriceOfClass }

/** Prices as of now, from this node's facts and book. */
export const createPrices = ({ facts, trustPpm, book, clock, changed }: PricesDeps) => {
  const { store } = facts
  const cache = new Map<string, Cached>()
  const estimators = new Map<string, Estimators>()
  let cancelTelling: (() => void) | null = null

  const tradesOf = (classKey: string): readonly Trade[] =>
    store
      .tradesOfClass(classKey, clock.nowMs() - priceHorizonMs, maxTradesOfClass)
      .map(({ id, atMs, priceMicro, paidMicro, client, provider }) => ({
        id,
        atMs,
        priceMicro,
        weight: weightOf(paidMicro, trustPpm(client)),
        client,
        provider,
      }))

  const priceOf = (classKey: string): PriceOfClass => {
    const nowMs = clock.nowMs()
    const slot = Math.floor(nowMs / slotMs)
    const known = cache.get(classKey)
    const isFresh = known?.slot === slot && (known.revision === facts.revision() || nowMs - known.atMs < renewEveryMs)
    if (known !== undefined && isFresh) return known.value
    const value = readPrice(classKey, nowMs)
    cache.set(classKey, { slot, revision: facts.revision(), atMs: nowMs, value })
    return value
  }
  const readPrice = (classKey: string, nowMs: number): PriceOfClass => {
    const trades = tradesOf(classKey)
    const { now, dayAgo } = estimatorsOf(classKey)
    return {
      estimate: withFamily(now(trades, nowMs), familyEstimate(classKey, trades, nowMs)),
      dayAgoMicro: dayAgo(trades, nowMs - dayMs)?.priceMicro ?? null,
    }
  }
  const estimatorsOf = (classKey: string): Estimators => {
    const found = estimators.get(classKey) ?? { now: createEstimator(), dayAgo: createEstimator() }
    estimators.set(classKey, found)
    return found
  }
  const familyEstimate = (classKey: string, own: readonly Trade[], nowMs: number): Estimate | null => {
    const family = familyOf(classKey)
    if (family === null) return null
    const sisters = classes().filter((one) => one.classKey !== classKey && one.classKey.startsWith(family))
    return sisters.length === 0
      ? null
      : estimatePrice([...own, ...sisters.slice(0, maxFamily).flatMap((one) => tradesOf(one.classKey))], nowMs)
  }
  const classes = (): readonly ClassSummary[] => store.classes(clock.nowMs() - priceHorizonMs, maxClassesRead)

  const asks = (classKey: string): readonly Level[] =>
    book.offers.depth(classKey, maxLevels).map(({ rank, count }) => ({ priceMicro: BigInt(rank), orders: count }))
  const bids = (classKey: string): readonly Level[] => {
    const levels = new Map<bigint, number>()
    for (const { value } of book.requests.page(classKey, 0, maxRequests)) {
      const usage = { inputTokens: tokensOfBytes(value.inputBucketBytes), outputTokens: value.maxOutputTokens }
      const price = standardOf(value.maxPriceMicro, usage)
      levels.set(price, (levels.get(price) ?? 0) + 1)
    }
    return [...levels]
      .map(([priceMicro, orders]) => ({ priceMicro, orders }))
      .toSorted((a, b) => (a.priceMicro > b.priceMicro ? -1 : 1))
      .slice(0, maxLevels)
  }
  const cheapest = (classKey: string): AmountMicro | null => asks(classKey)[0]?.priceMicro ?? null

  const stopListening = facts.onChanged(() => {
    cancelTelling ??= clock.after(tellAfterMs, () => {
      cancelTelling = null
      changed(facts.revision())
    })
  })

  return {
    revision: facts.revision,
    priceOf,
    classes,
    bookClasses: (): readonly string[] => book.offers.classes(),
    asks,
    bids,
    spans: (classKey: string, spanMs: number, fromMs: number, toMs: number): readonly PriceSpan[] =>
      store.spans(classKey, spanMs, fromMs, toMs),
    page: (classKey: string, after: FactPosition | null, limit: number): readonly JudgedSettlement[] =>
      store.pageOfClass(classKey, after, limit),
    count: (classKey: string): number => store.countOfClass(classKey),
    suggestOffer: (classKey: string, attempt: number): Suggestion | null =>
      suggestOffer(priceOf(classKey).estimate, cheapest(classKey), attempt),
    suggestRequest: (classKey: string, inputBytes: number, maxOutputTokens: number, attempt: number): Suggestion | null =>
      suggestRequest(
        priceOf(classKey).estimate,
        cheapest(classKey),
        { inputTokens: tokensOfBytes(inputBytes), outputTokens: maxOutputTokens },
        attempt,
      ),
    nowMs: clock.nowMs,
    stop: (): void => {
      stopListening()
      cancelTelling?.()
    },
  }
}

const maxClassesRead = 100
