import type { MarketClient } from '../api/client.ts'
import { createPagedList, type PagedList } from './paged-list.ts'
import { createKeyed, createResource, type Followed, type Source } from './resource.ts'
import type { Candles, CandleSpan, Depth, PriceClasses, TradeRow } from './types.ts'

export type PriceResources = {
  /** Every class with its estimate. */
  readonly priceClasses: Followed<PriceClasses>
  readonly depth: (classKey: string) => Followed<Depth>
  /** By span and class, such as `hour claude-small`. */
  readonly candles: (key: `${CandleSpan} ${string}`) => Followed<Candles>
  readonly trades: (classKey: string) => PagedList<TradeRow>
}

const CANDLES = 200
const TRADES = 100
/** Prices move with every certified trade of the federation; an eye needs no more than four a second. */
const REST_MS = 250

/** What certified trades say about prices. */
export const createPriceResources = (source: Source & { readonly nowMs: () => number }, { prices }: MarketClient): PriceResources => {
  const listen = (hear: (revision: number) => void): (() => void) => prices.changed(({ revision }) => hear(revision))
  const follow = <T extends { readonly revision: number }>(fetch: Parameters<typeof createResource<T>>[1]['fetch']): Followed<T> =>
    createResource<T>(source, { fetch, revisionOf: ({ revision }) => revision, listen, restMs: REST_MS })
  return {
    priceClasses: follow(() => prices.classes({})),
    depth: createKeyed((classKey) => follow(() => prices.depth({ classKey }))),
    candles: createKeyed((key) => {
      const [span, classKey] = splitKey(key)
      return follow(() => prices.candles({ classKey, span, untilMs: null, limit: CANDLES }))
    }),
    trades: createKeyed((classKey) =>
      createPagedList(source, {
        fetchPage: async (cursor) => {
          const answer = await prices.trades({ classKey, limit: TRADES, cursor })
          return answer.ok ? { ok: true, value: answer.value.page } : answer
        },
        keyOf: ({ escrowId }) => escrowId,
        listen,
      }),
    ),
  }
}

const splitKey = (key: `${CandleSpan} ${string}`): readonly [CandleSpan, string] => {
  const end = key.indexOf(' ')
  return [key.slice(0, end) as CandleSpan, key.slice(end + 1)]
}
