/** Prices of the market as drawings and sentences need them. */
import type { Candles } from '../../store/types.ts'
import type { Candle } from '../../ui/price-chart.tsx'

const MICRO_PER_RUV = 1_000_000

const ruvOf = (micro: bigint): number => Number(micro) / MICRO_PER_RUV

/** Oldest first, as a chart goes. */
export const chartCandles = (rows: Candles['rows']): readonly Candle[] =>
  rows
    .map(({ fromMs, openMicro, highMicro, lowMicro, closeMicro, volumeMicro }) => ({
      fromMs,
      open: ruvOf(openMicro),
      high: ruvOf(highMicro),
      low: ruvOf(lowMicro),
      close: ruvOf(closeMicro),
      volume: ruvOf(volumeMicro),
    }))
    .toSorted((one, other) => one.fromMs - other.fromMs)

/** By how much a price has changed, in parts per million; null where there is nothing to compare with. */
export const changePpm = (nowMicro: bigint, beforeMicro: bigint | null): number | null =>
  beforeMicro === null || beforeMicro === 0n ? null : Number(((nowMicro - beforeMicro) * 1_000_000n) / beforeMicro)

export const levelsOf = (levels: readonly { readonly priceMicro: bigint; readonly orders: number }[]) =>
  levels.map(({ priceMicro, orders }) => ({ price: ruvOf(priceMicro), orders }))
