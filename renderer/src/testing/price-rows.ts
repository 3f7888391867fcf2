/** Prices as certified trades would have made them. */
import type { Candles, Depth, PriceClassRow, TradeRow } from '../store/types.ts'
import { START_MS } from './rows.ts'
import { createSeeded } from './seeded.ts'

const CLASSES = ['claude-small', 'claude-large', 'llama3.1:8b', 'qwen2.5-coder:14b', 'practice-small'] as const
const MINUTE_MS = 60_000

const baseOf = (classKey: string): number => 90_000 + (classKey.length % 9) * 70_000

export const priceClasses = (isEmpty: boolean): readonly PriceClassRow[] => {
  const random = createSeeded(12)
  if (isEmpty) return []
  return CLASSES.map((classKey, index): PriceClassRow => {
    const priceMicro = BigInt(baseOf(classKey))
    if (index === CLASSES.length - 1) return { classKey, estimate: null, dayAgoMicro: null, trades: 0, volumeMicro: 0n, lastAtMs: null }
    return {
      classKey,
      estimate: {
        priceMicro,
        lowMicro: (priceMicro * 91n) / 100n,
        highMicro: (priceMicro * 108n) / 100n,
        effectiveTradesMilli: 18_400,
        imbalancePpm: -90_000,
        basis: 'own',
      },
      dayAgoMicro: (priceMicro * BigInt(94 + random.below(14))) / 100n,
      trades: 4 + random.below(60),
      volumeMicro: priceMicro * BigInt(20 + random.below(90)),
      lastAtMs: START_MS - random.below(3_000_000),
    }
  })
}

export const candles = (classKey: string, spanMs: number): Candles['rows'] => {
  const random = createSeeded(13)
  let close = baseOf(classKey)
  return Array.from({ length: 96 }, (_, index) => {
    const open = close
    close = Math.max(20_000, Math.round(open * (0.95 + random.below(100) / 1_000)))
    const trades = random.below(14)
    return {
      fromMs: START_MS - (96 - index) * spanMs,
      openMicro: BigInt(open),
      highMicro: BigInt(Math.round(Math.max(open, close) * (1 + random.below(30) / 1_000))),
      lowMicro: BigInt(Math.round(Math.min(open, close) * (1 - random.below(30) / 1_000))),
      closeMicro: BigInt(close),
      volumeMicro: BigInt(trades * close),
      trades,
    }
  }).filter(({ trades }) => trades > 0)
}

export const depth = (classKey: string): Omit<Depth, 'revision'> => {
  const random = createSeeded(14)
  const base = baseOf(classKey)
  const level = (factor: number) => ({ priceMicro: BigInt(Math.round(base * factor)), orders: 1 + random.below(7) })
  const asks = Array.from({ length: 14 }, (_, index) => level(1.015 + index * 0.012))
  const bids = Array.from({ length: 12 }, (_, index) => level(0.985 - index * 0.014))
  return { estimate: null, asks, bids, spreadMicro: (asks[0]?.priceMicro ?? 0n) - (bids[0]?.priceMicro ?? 0n) }
}

export const trades = (classKey: string): readonly TradeRow[] => {
  const random = createSeeded(15)
  return Array.from({ length: 40 }, (_, index) => {
    const priceMicro = BigInt(Math.round(baseOf(classKey) * (0.9 + random.below(200) / 1_000)))
    return {
      escrowId: random.id(),
      atMs: START_MS - index * 24 * MINUTE_MS,
      client: random.id(),
      provider: random.id(),
      priceMicro,
      paidMicro: (priceMicro * BigInt(30 + random.below(60))) / 100n,
    }
  })
}
