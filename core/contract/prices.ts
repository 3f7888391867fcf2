import { event, query } from './definition.ts'
import { maxOutputTokensLimit, pricing } from './orders.ts'
import {
  accountId,
  amountMicro,
  changed,
  classKey,
  count,
  cursor,
  escrowId,
  listUpTo,
  maxPageSize,
  pageOf,
  record,
  revision,
  timeMs,
  whole,
  wordOf,
} from './primitives.ts'

export const maxClasses = 100
export const maxLevels = 20
export const maxCandles = 300
export const maxClockAttempt = 20

/** All prices are those of the standard task: 1,000 tokens in, 1,000 out. */
export const priceEstimate = record({
  priceMicro: amountMicro,
  /** Half of what is paid lies between. */
  lowMicro: amountMicro,
  highMicro: amountMicro,
  /** As many independent trades of equal weight would say as much, in thousandths. */
  effectiveTradesMilli: count,
  /** −10⁶: all last trades closed below the estimate before them; 10⁶: all above. */
  imbalancePpm: whole(-1_000_000, 1_000_000),
  /** Few own trades are blended with those of classes of the same family; without any, those alone speak. */
  basis: wordOf(['own', 'blended', 'related']),
})

const level = record({ priceMicro: amountMicro, orders: count })

/** Why a suggestion is what it is, most important first. */
const suggestionReason = wordOf([
  'from-trades',
  'few-trades',
  'related-classes',
  'from-offers',
  'rising',
  'falling',
  /** The order has waited: it gives way. */
  'gives-way',
])
const suggestion = record({
  lowMicro: amountMicro,
  midMicro: amountMicro,
  highMicro: amountMicro,
  reasons: listUpTo(suggestionReason, 7),
})

export const prices = {
  /** Classes with trades or offers; the last traded first. */
  classes: query({
    input: {},
    output: record({
      revision,
      rows: listUpTo(
        record({
          classKey,
          estimate: priceEstimate.nullable(),
          /** The estimate of a day ago. */
          dayAgoMicro: amountMicro.nullable(),
          /** Of the last 24 hours. */
          trades: count,
          volumeMicro: amountMicro,
          lastAtMs: timeMs.nullable(),
        }),
        maxClasses,
      ),
    }),
  }),
  /** The book's best prices, dearest bid and cheapest ask first, beside the estimate. */
  depth: query({
    input: { classKey },
    output: record({
      revision,
      estimate: priceEstimate.nullable(),
      asks: listUpTo(level, maxLevels),
      bids: listUpTo(level, maxLevels),
      spreadMicro: amountMicro.nullable(),
    }),
  }),
  /** Of certified trades; spans without trades are left out. */
  candles: query({
    input: { classKey, span: wordOf(['ten-minutes', 'hour', 'day']), untilMs: timeMs.nullable(), limit: whole(1, maxCandles) },
    output: record({
      revision,
      rows: listUpTo(
        record({
          fromMs: timeMs,
          openMicro: amountMicro,
          highMicro: amountMicro,
          lowMicro: amountMicro,
          closeMicro: amountMicro,
          volumeMicro: amountMicro,
          trades: count,
        }),
        maxCandles,
      ),
    }),
  }),
  /** Certified trades, newest first. */
  trades: query({
    input: { classKey, limit: whole(1, maxPageSize), cursor },
    output: record({
      revision,
      page: pageOf(
        record({ escrowId, atMs: timeMs, client: accountId, provider: accountId, priceMicro: amountMicro, paidMicro: amountMicro }),
      ),
    }),
  }),
  /** What to ask. `attempt`: how often the offer has waited in vain. */
  suggestOffer: query({
    input: { classKey, attempt: whole(0, maxClockAttempt) },
    output: record({ suggestion: suggestion.nullable(), pricing: pricing.nullable() }),
  }),
  /** What to offer for a task of this size, as its highest price. `attempt`: how often nobody took it. */
  suggestRequest: query({
    input: { classKey, inputBytes: count, maxOutputTokens: whole(1, maxOutputTokensLimit), attempt: whole(0, maxClockAttempt) },
    output: record({ suggestion: suggestion.nullable() }),
  }),
  changed: event(changed),
} as const
