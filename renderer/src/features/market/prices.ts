/** Prices of the market as drawings and sentences need them. */
import { formatRuv } from '../../format/amount.ts'
import { t } from '../../messages/translate.ts'
import type { Candles, PriceClassRow } from '../../store/types.ts'
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

/** What stands in a chart, as a sentence. Of trades that all paid the same there is no range to tell. */
export const summaryOf = ({ classKey, estimate, trades, volumeMicro }: PriceClassRow): string => {
  if (estimate === null) return t('market.summary.none', { class: classKey })
  const { priceMicro, lowMicro, highMicro } = estimate
  const values = { class: classKey, price: formatRuv(priceMicro), trades, volume: formatRuv(volumeMicro) }
  return lowMicro === highMicro
    ? t('market.summary.onePrice', values)
    : t('market.summary', { ...values, low: formatRuv(lowMicro), high: formatRuv(highMicro) })
}
