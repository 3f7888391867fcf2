import { expect, test } from 'vitest'
import { toHex } from '../platform/bytes.ts'
import { createBook } from './book.ts'
import { describeFit, fitOf, takeable, type TaskWish } from './fit.ts'
import type { Offer } from './model.ts'
import { accountOf, offerOf, offerValue, pricingOf, signerOf, startMs } from './testing/fixtures.ts'
import { createUnwanted } from './unwanted.ts'

const wish: TaskWish = {
  classKey: 'practice-small',
  inputBucketBytes: 1_024,
  maxOutputTokens: 1_000,
  maxPriceMicro: 1_000n,
  firstTokenMs: 1_000,
}
const book = (...changes: readonly Partial<Offer>[]) => {
  const { offers } = createBook(signerOf('me').publicKey)
  for (const [index, change] of changes.entries()) offers.insert(offerOf(`maker ${index}`, change))
  offers.insert(offerOf('me'))
  return offers
}
const mine = { ownKey: signerOf('me').publicKey, isUnwanted: () => false }
const fit = (changes: readonly Partial<Offer>[], wishes: Partial<TaskWish> = {}) =>
  fitOf(book(...changes), { ...wish, ...wishes }, mine, startMs)

test('every offer that cannot serve a task counts for the first thing that keeps it out', () => {
  const found = fit([
    { validUntilMs: startMs },
    { leftToday: 0, firstTokenMs: 9_000 },
    { maxOutputTokens: 999 },
    { maxInputTokens: 300 },
    { firstTokenMs: 1_001 },
    { pricing: pricingOf(1_001n) },
    { pricing: { ...pricingOf(1n), perThousandOutputTokensMicro: 1_000n } },
    { classKey: 'other' },
  ])
  expect(found).toEqual({
    offers: 8,
    fitting: 0,
    excluded: [
      { filter: 'own', offers: 1 },
      { filter: 'expired', offers: 1 },
      { filter: 'used-up', offers: 1 },
      { filter: 'too-large', offers: 2 },
      { filter: 'too-slow', offers: 1 },
      { filter: 'too-dear', offers: 2 },
    ],
    best: null,
    leastLimitMicro: 1_001n,
  })
  expect(describeFit(found)).toBe(
    'None of the 8 known offers fits: 1 is your own, 1 has expired, 1 is used up for today, 2 take only smaller tasks, 1 promises to start later than you ask, 2 cost more than your limit.',
  )
})
test('the best offer is the one expected to cost least, with the most it can cost', () => {
  const byOutput = { ...pricingOf(0n), perThousandOutputTokensMicro: 500n }
  const found = fit([{ pricing: pricingOf(400n) }, { pricing: byOutput }])
  expect([found.fitting, found.best, found.leastLimitMicro]).toEqual([2, { expectedMicro: 250n, capMicro: 500n }, null])
  expect(describeFit(found)).toBe('2 of 3 known offers fit: 1 is your own.')
})
test('offers of a provider that is never wanted again are in the book and fit nothing', () => {
  const side = book({}, { pricing: pricingOf(50n) }, { leftToday: 0 })
  const words = createUnwanted(side, () => new Set(['maker 1', 'maker 2'].map((name) => toHex(accountOf(name)))))
  const found = fitOf(side, wish, { ...mine, isUnwanted: words() }, startMs)
  expect([found.fitting, found.best?.capMicro]).toEqual([1, 100n])
  expect(describeFit(found)).toBe('1 of 4 known offers fits: 1 is your own, 2 are of a provider that you never want again.')
  expect(takeable(offerValue('maker 1'), wish, { ...mine, isUnwanted: true }, startMs)).toMatchObject({
    ok: false,
    error: { code: 'offer-does-not-fit', message: expect.stringContaining('you never want it again') as string },
  })
})
test('offers of somebody left out do not count', () => {
  const side = book({}, {})
  const without = [signerOf('maker 0').publicKey]
  expect(fitOf(side, wish, mine, startMs, without)).toMatchObject({ offers: 2, fitting: 1 })
})
test('without a limit and without a wish for speed, price and promise keep nobody out', () => {
  const found = fit([{ pricing: pricingOf(1_000_000n), firstTokenMs: 100_000 }], { maxPriceMicro: null, firstTokenMs: null })
  expect([found.fitting, found.best?.capMicro]).toEqual([1, 1_000_000n])
})
test('a free offer costs the least there is, because nothing cannot be locked', () => {
  expect(fit([{ pricing: pricingOf(0n) }]).best).toEqual({ expectedMicro: 1n, capMicro: 1n })
})
test('a class that nobody offers is said to be one', () => {
  expect(describeFit(fit([], { classKey: 'unheard-of' }))).toBe('No offer of this class is known here.')
})
