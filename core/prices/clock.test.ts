import fc from 'fast-check'
import { expect, test } from 'vitest'
import { askMicro, bidMicro, clockAttempts, limitMicro, neutralStance, nextStance, type Outcome, type Stance } from './clock.ts'

const anyAmount = fc.bigInt({ min: 1n, max: 1_000_000n })
const anyOutcome: fc.Arbitrary<Outcome> = fc.oneof(
  fc.record({ kind: fc.constant('served' as const), attempt: fc.integer({ min: 0, max: clockAttempts - 1 }) }),
  fc.constant({ kind: 'unserved' as const }),
  fc.constant({ kind: 'outpriced' as const }),
)
const anyStance: fc.Arbitrary<Stance> = fc.array(anyOutcome, { maxLength: 30 }).map((past) => past.reduce(nextStance, neutralStance))
const anyAttempt = fc.integer({ min: 0, max: clockAttempts })

test('no provider bids below its cost, no client pays above its value, and no bid is over the limit', () => {
  fc.assert(
    fc.property(
      anyAmount,
      anyAmount,
      anyAmount,
      anyStance,
      anyStance,
      anyAttempt,
      (cost, value, estimate, ofProvider, ofClient, attempt) => {
        const ask = askMicro(cost, estimate, ofProvider, attempt)
        const limit = limitMicro(value, estimate, ofClient, attempt)
        const bid = bidMicro(ask, limit, estimate)
        expect(ask >= cost && limit <= value && (bid === null ? ask > limit : bid >= ask && bid <= limit)).toBe(true)
      },
    ),
  )
})

test('whoever has gains from trade meets in the end, whatever the estimate and the stances', () => {
  fc.assert(
    fc.property(anyAmount, anyAmount, anyAmount, anyStance, anyStance, (a, b, estimate, ofProvider, ofClient) => {
      const [cost, value] = a < b ? [a, b] : [b, a]
      const last = clockAttempts - 1
      expect(askMicro(cost, estimate, ofProvider, last) <= limitMicro(value, estimate, ofClient, last)).toBe(true)
    }),
  )
})

test('giving way never goes back: a later attempt asks no more and offers no less', () => {
  fc.assert(
    fc.property(anyAmount, anyAmount, anyStance, fc.integer({ min: 0, max: clockAttempts - 2 }), (own, estimate, stance, attempt) => {
      expect(askMicro(own, estimate, stance, attempt + 1) <= askMicro(own, estimate, stance, attempt)).toBe(true)
      expect(limitMicro(own, estimate, stance, attempt + 1) >= limitMicro(own, estimate, stance, attempt)).toBe(true)
    }),
  )
})

test('a pair that both like the estimate trades exactly there', () => {
  const [ask, limit] = [askMicro(500n, 1_000n, neutralStance, 0), limitMicro(2_000n, 1_000n, neutralStance, 0)]
  expect(bidMicro(ask, limit, 1_000n)).toBe(1_000n)
})

test('a provider sold out at once asks more each time, faster as it goes on, and never over the bound', () => {
  const stances = Array.from({ length: 30 }).reduce<readonly Stance[]>(
    (found) => [...found, nextStance(found.at(-1) ?? neutralStance, { kind: 'served', attempt: 0 })],
    [],
  )
  expect(stances.slice(0, 4).map(({ firmnessPpm }) => firmnessPpm)).toEqual([15_000, 45_000, 105_000, 185_000])
  expect(stances.at(-1)?.firmnessPpm).toBe(400_000)
})

test('a turn of the tide begins with a small step again, and served as usual changes nothing', () => {
  const firm: Stance = { firmnessPpm: 100_000, stepPpm: 80_000, direction: 1 }
  expect(nextStance(firm, { kind: 'unserved' })).toEqual({ firmnessPpm: 85_000, stepPpm: 15_000, direction: -1 })
  expect(nextStance(firm, { kind: 'served', attempt: 1 }).firmnessPpm).toBe(100_000)
})
