import fc from 'fast-check'
import { expect, test } from 'vitest'
import { priceOnTime, type Measured, type Promised } from './model.ts'

const promised: Promised = { firstTokenMs: 500, totalMs: 5_000, lateReductionPpm: 200_000 }
const measured = (firstTokenMs: number, totalMs: number): Measured => ({
  startedAtMs: 10_000,
  firstTokenAtMs: 10_000 + firstTokenMs,
  finishedAtMs: 10_000 + totalMs,
})

test('an answer within both promises costs its whole price, to the millisecond', () => {
  expect(priceOnTime(1_000n, promised, measured(500, 5_000))).toBe(1_000n)
})

test('one broken promise costs the agreed part, and two cost it once', () => {
  const prices = [measured(501, 5_000), measured(500, 5_001), measured(501, 5_001)].map((times) => priceOnTime(1_000n, promised, times))
  expect(prices).toEqual([800n, 800n, 800n])
})

test('a reduction is never more than the price and never less than nothing, and its fraction of a µRUV is the client’s', () => {
  expect(priceOnTime(9n, promised, measured(501, 501))).toBe(7n)
  const anyPrice = fc.bigInt({ min: 0n, max: 9_000_000_000_000_000n })
  fc.assert(
    fc.property(anyPrice, fc.integer({ min: 0, max: 1_000_000 }), (price, lateReductionPpm) => {
      const reduced = priceOnTime(price, { ...promised, lateReductionPpm }, measured(501, 501))
      expect(reduced >= 0n && reduced <= price).toBe(true)
    }),
  )
})
