import { expect, test } from 'vitest'
import { changePpm, chartCandles, levelsOf, summaryOf } from './prices.ts'

const candle = (fromMs: number) => ({
  fromMs,
  openMicro: 100_000n,
  highMicro: 150_000n,
  lowMicro: 90_000n,
  closeMicro: 120_000n,
  volumeMicro: 3_000_000n,
  trades: 4,
})

test('a chart goes from the oldest candle to the newest, in RUV', () => {
  expect(chartCandles([candle(2_000), candle(1_000)])).toEqual([
    { fromMs: 1_000, open: 0.1, high: 0.15, low: 0.09, close: 0.12, volume: 3 },
    { fromMs: 2_000, open: 0.1, high: 0.15, low: 0.09, close: 0.12, volume: 3 },
  ])
})

test('a change is told against a price that was there', () => {
  expect([changePpm(110n, 100n), changePpm(90n, 100n), changePpm(1n, 0n), changePpm(1n, null)]).toEqual([100_000, -100_000, null, null])
})

test('levels keep their order', () => {
  expect(levelsOf([{ priceMicro: 2_000_000n, orders: 1 }])).toEqual([{ price: 2, orders: 1 }])
})

test('a range is told where there is one', () => {
  const row = { classKey: 'small', dayAgoMicro: null, trades: 1, volumeMicro: 85_275n, lastAtMs: 0 }
  const estimate = { priceMicro: 412_500n, effectiveTradesMilli: 1_000, imbalancePpm: 0, basis: 'own' as const }
  const summary = (lowMicro: bigint, highMicro: bigint): string => summaryOf({ ...row, estimate: { ...estimate, lowMicro, highMicro } })
  expect(summary(412_500n, 412_500n)).toBe('A standard task of small costs about 0.4125 RUV. 1 trade and 0.085275 RUV in 24 hours.')
  expect(summary(400_000n, 420_000n)).toContain('between 0.40 and 0.42')
})
