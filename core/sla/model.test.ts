import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isBroken, maintenanceOf, priceOnTime, type Kept, type Measured, type Promised } from './model.ts'

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

describe('maintenance', () => {
  const nowMs = 1_750_000_000_000
  const kept = (outcome: Kept['outcome'], minutesAgo: number, changes: Partial<Kept> = {}): Kept => ({
    atMs: nowMs - minutesAgo * 60_000,
    outcome,
    fault: null,
    speed: null,
    ...changes,
  })
  const good = (count: number): readonly Kept[] => Array.from({ length: count }, (_, index) => kept('paid', index))
  const bad = (count: number, changes: Partial<Kept> = {}): readonly Kept[] =>
    Array.from({ length: count }, (_, index) => kept('refunded', index, changes))

  test('begins when half of the last ten trades broke a promise, and not before', () => {
    expect([maintenanceOf([...bad(4), ...good(6)], nowMs), maintenanceOf([...good(6), ...bad(9)], nowMs)]).toEqual([null, null])
    expect(maintenanceOf([...bad(5), ...good(5)], nowMs)).toEqual({ broken: 5, of: 10, untilMs: nowMs + 30 * 60_000 })
  })

  test('ends half an hour after the last broken promise, and begins again with the next', () => {
    const broken = Array.from({ length: 6 }, (_, index) => kept('expired', 31 + index))
    expect(maintenanceOf(broken, nowMs)).toBe(null)
    expect(maintenanceOf([kept('expired', 1), ...broken], nowMs)).toMatchObject({ broken: 7 })
  })

  test('does not count what was not the provider’s fault, what is a day old, or what was in time', () => {
    const inTime = { promisedFirstMs: 500, firstMs: 500, promisedTotalMs: 900, totalMs: 900 }
    expect(maintenanceOf(bad(10, { fault: 'network' }), nowMs)).toBe(null)
    expect(
      maintenanceOf(
        Array.from({ length: 10 }, () => kept('expired', 25 * 60)),
        nowMs,
      ),
    ).toBe(null)
    expect([isBroken(kept('paid', 0, { speed: inTime })), isBroken(kept('paid', 0, { speed: { ...inTime, firstMs: 501 } }))]).toEqual([
      false,
      true,
    ])
  })
})
