import fc from 'fast-check'
import { expect, test } from 'vitest'
import { halvedBy, logarithm, ppm, raised, squareRoot } from './fixed-point.ts'

test('a root is the largest whole number whose square fits', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), (value) => {
      const root = BigInt(squareRoot(value))
      expect(root * root <= BigInt(value) && (root + 1n) * (root + 1n) > BigInt(value)).toBe(true)
    }),
  )
})

test('halvings, logarithms and powers are right to three millionths', () => {
  const share = fc.integer({ min: 1, max: ppm })
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 30 * ppm }),
      fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
      share,
      share,
      (by, of, a, b) => {
        expect(Math.abs(halvedBy(by) - ppm * 2 ** (-by / ppm))).toBeLessThan(3)
        expect(Math.abs(logarithm(of) - ppm * Math.log2(of))).toBeLessThan(3)
        expect(Math.abs(raised(a, b) - ppm * (a / ppm) ** (b / ppm))).toBeLessThan(3)
      },
    ),
  )
})

test('the ends are exact: nothing halves nothing, one to any power is one, and nothing to a power is nothing', () => {
  expect([halvedBy(0), logarithm(1), logarithm(2 ** 53 - 1), raised(ppm, 550_000), raised(0, 1), raised(0, 0)]).toEqual([
    ppm,
    0,
    52_999_999,
    ppm,
    0,
    ppm,
  ])
})

test('the figures are these on every machine', () => {
  expect([halvedBy(333_333), halvedBy(7_654_321), logarithm(3), logarithm(1_000_003), raised(123_456, 550_000)]).toMatchInlineSnapshot(`
    [
      793700,
      4963,
      1584962,
      19931572,
      316469,
    ]
  `)
})
