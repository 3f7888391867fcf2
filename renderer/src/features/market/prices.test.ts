import { expect, test } from 'vitest'
import { changePpm, chartCandles, levelsOf } from './prices.ts'

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
