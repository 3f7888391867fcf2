import type { MarketContract } from '../contract/contract.ts'
import type { Handlers } from '../contract/dispatcher.ts'
import { maxClasses } from '../contract/prices.ts'
import { classKey as classKeySchema } from '../contract/primitives.ts'
import type { FactPosition } from '../facts/model.ts'
import { fail, ok } from '../platform/result.ts'
import type { ClassEstimate } from './suggestion.ts'
import { pricingFor } from './suggestion.ts'
import type { Prices } from './service.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const spansMs = { 'ten-minutes': hourMs / 6, hour: hourMs, day: dayMs } as const

export const pricesHandlers = (prices: Prices): Handlers<MarketContract>['prices'] => ({
  classes: () => {
    const traded = prices.classes()
    const offered = prices.bookClasses().filter((key) => !traded.some(({ classKey }) => classKey === key))
    // Whoever signs terms may call a class what they like; only names are shown.
    const named = [...traded, ...offered.map((classKey) => ({ classKey, lastAtMs: null }))].filter(({ classKey }) => isName(classKey))
    const rows = named.slice(0, maxClasses).map(({ classKey, lastAtMs }) => {
      const today = prices.spans(classKey, dayMs, prices.nowMs() - dayMs, prices.nowMs() + 1)
      return {
        classKey,
        ...shown(prices.priceOf(classKey)),
        trades: today.reduce((sum, { trades }) => sum + trades, 0),
        volumeMicro: today.reduce((sum, { volumeMicro }) => sum + volumeMicro, 0n),
        lastAtMs,
      }
    })
    return ok({ revision: prices.revision(), rows })
  },
  depth: ({ classKey }) => {
    const [asks, bids] = [prices.asks(classKey), prices.bids(classKey)]
    const [ask, bid] = [asks[0]?.priceMicro, bids[0]?.priceMicro]
    const spreadMicro = ask === undefined || bid === undefined ? null : ask > bid ? ask - bid : 0n
    return ok({ revision: prices.revision(), estimate: shown(prices.priceOf(classKey)).estimate, asks, bids, spreadMicro })
  },
  candles: ({ classKey, span, untilMs, limit }) => {
    const spanMs = spansMs[span]
    const toMs = (Math.floor((untilMs ?? prices.nowMs()) / spanMs) + 1) * spanMs
    const rows = prices
      .spans(classKey, spanMs, Math.max(0, toMs - limit * spanMs), toMs)
      .map(({ span: at, ...candle }) => ({ fromMs: at * spanMs, ...candle }))
    return ok({ revision: prices.revision(), rows })
  },
  trades: ({ classKey, limit, cursor }) => {
    const after = cursor === null ? null : positionOf(cursor)
    if (after === undefined) return fail('invalid-input', 'That is no page of this list. Start at the first one.')
    const found = prices.page(classKey, after, limit + 1)
    const page = found.slice(0, limit)
    const last = page.at(-1)
    const rows = page.map(({ id, atMs, client, provider, priceMicro, paidMicro }) => ({
      escrowId: id,
      atMs,
      client,
      provider,
      priceMicro,
      paidMicro,
    }))
    const nextCursor = found.length > limit && last !== undefined ? `${last.atMs}.${last.id}` : null
    return ok({ revision: prices.revision(), page: { rows, nextCursor, total: prices.count(classKey) } })
  },
  suggestOffer: ({ classKey, attempt }) => {
    const suggestion = prices.suggestOffer(classKey, attempt)
    return ok({ suggestion, pricing: suggestion === null ? null : pricingFor(suggestion.midMicro) })
  },
  suggestRequest: ({ classKey, inputBytes, maxOutputTokens, attempt }) =>
    ok({ suggestion: prices.suggestRequest(classKey, inputBytes, maxOutputTokens, attempt) }),
})

const isName = (key: string): boolean => classKeySchema.safeParse(key).success

const shown = ({ estimate, dayAgoMicro }: ReturnType<Prices['priceOf']>) => ({
  estimate: estimate === null ? null : estimateOf(estimate),
  dayAgoMicro,
})
const estimateOf = ({ priceMicro, lowMicro, highMicro, effectiveTradesMilli, imbalancePpm, basis }: ClassEstimate) => ({
  priceMicro,
  lowMicro,
  highMicro,
  effectiveTradesMilli,
  imbalancePpm,
  basis,
})

const positionOf = (cursor: string): FactPosition | undefined => {
  const [, atMs, id] = /^(\d{1,13})\.([0-9a-f]{64})$/.exec(cursor) ?? []
  return id === undefined ? undefined : { atMs: Number(atMs), id }
}
