import { expect, test } from 'vitest'
import { standardPriceOf } from '../facts/model.ts'
import type { Estimate } from './model.ts'
import { familyOf, pricingFor, standardOf, suggestOffer, suggestRequest, weightOf, withFamily, type ClassEstimate } from './suggestion.ts'

const estimate = (priceMicro: bigint, changes: Partial<Estimate> = {}): Estimate => ({
  priceMicro,
  lowMicro: (priceMicro * 9n) / 10n,
  highMicro: (priceMicro * 11n) / 10n,
  effectiveTradesMilli: 20_000,
  imbalancePpm: 0,
  ...changes,
})
const own = (priceMicro: bigint, changes: Partial<Estimate> = {}): ClassEstimate => ({ ...estimate(priceMicro, changes), basis: 'own' })

test('a class has the family that its name begins with, or none', () => {
  expect(['practice-small', 'llama3.1:8b', 'claude-sonnet-4', 'alone', '-odd'].map(familyOf)).toEqual([
    'practice-',
    'llama3.1:',
    'claude-sonnet-',
    null,
    null,
  ])
})

test('few trades are pulled towards the family’s price, many are not, and none take it over', () => {
  const family = estimate(1_050n)
  expect(withFamily(estimate(1_000n), family)).toEqual(own(1_000n))
  expect(withFamily(estimate(1_000n, { effectiveTradesMilli: 5_000 }), family)).toMatchObject({ priceMicro: 1_033n, basis: 'blended' })
  expect([withFamily(null, family)?.basis, withFamily(null, null)]).toEqual(['related', null])
})

test('a family of another price does not move a class, however few its trades are', () => {
  expect(withFamily(estimate(9_000n, { effectiveTradesMilli: 1_000 }), estimate(1_000n))).toMatchObject({
    priceMicro: 9_000n,
    basis: 'own',
  })
})

test('an offer is suggested at the estimate, gives way when it waits, and says why', () => {
  const rising = own(1_000n, { imbalancePpm: 400_000, effectiveTradesMilli: 9_000 })
  expect(suggestOffer(rising, null, 0)).toEqual({
    lowMicro: 900n,
    midMicro: 1_000n,
    highMicro: 1_100n,
    reasons: ['from-trades', 'few-trades', 'rising'],
  })
  expect([1, 4, 11, 12].map((attempt) => suggestOffer(rising, null, attempt)?.midMicro)).toEqual([990n, 920n, 400n, 400n])
  expect(suggestOffer(rising, null, 4)?.reasons).toContain('gives-way')
})

test('without a trade the cheapest offer speaks, and without an offer nothing does', () => {
  expect(suggestOffer(null, 700n, 0)).toMatchObject({ midMicro: 700n, reasons: ['from-offers'] })
  expect([suggestOffer(null, null, 0), suggestRequest(null, null, { inputTokens: 1, outputTokens: 1 }, 0)]).toEqual([null, null])
})

test('a request is suggested in the price of its own size, never nothing, and at most twice the going price', () => {
  const of = (inputTokens: number, outputTokens: number, attempt = 0) =>
    suggestRequest(own(6_000n), null, { inputTokens, outputTokens }, attempt)?.midMicro
  expect([of(1_000, 1_000), of(1_000, 0), of(0, 1_000), of(1, 0), of(0, 0)]).toEqual([6_000n, 1_000n, 5_000n, 1n, 1n])
  expect([1, 4, 12].map((attempt) => of(1_000, 1_000, attempt))).toEqual([6_060n, 6_480n, 12_000n])
})

test('the suggested pricing costs what was suggested, and a request of the standard size is worth its limit', () => {
  expect(standardPriceOf(pricingFor(6_000n))).toBe(6_000n)
  expect([
    standardOf(6_000n, { inputTokens: 1_000, outputTokens: 1_000 }),
    standardOf(6_000n, { inputTokens: 0, outputTokens: 0 }),
  ]).toEqual([6_000n, 0n])
})

test('a stranger’s payment weighs nothing', () => {
  expect([weightOf(1_000n, 0), weightOf(1_000n, 250_000), weightOf(1_000n, 1_000_000)]).toEqual([0n, 250n, 1_000n])
})
