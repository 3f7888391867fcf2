import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sha256, toHex, utf8 } from '../platform/bytes.ts'
import { createBook, type OfferBrief } from './book.ts'
import { cheapest } from './cheapest.ts'
import { priceOf, type Usage } from './metering.ts'
import type { Offer, Signed } from './model.ts'
import type { Entry } from './price-index.ts'
import { offerValue, startMs } from './testing/fixtures.ts'

const supply = 9_000_000_000_000_000n
const price = fc.oneof(fc.constantFrom(0n, 1n, 10n, 100n), fc.bigInt(0n, 300n))
const arbitraryOffer = fc.record({
  member: fc.integer({ min: 0, max: 12 }),
  // Few times, so that equal costs meet equal times and the ids decide.
  createdAtMs: fc.integer({ min: startMs - 2, max: startMs }),
  classKey: fc.constantFrom('practice-small', 'other'),
  maxOutputTokens: fc.constantFrom(100, 4_000),
  pricing: fc.record({ perTaskMicro: price, perThousandInputTokensMicro: price, perThousandOutputTokensMicro: price, minimumMicro: price }),
})
const arbitrarySize = fc.record({
  inputTokens: fc.oneof(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 100_000 })),
  outputTokens: fc.oneof(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 100_000 })),
})
const nameOf = (id: Uint8Array): string => toHex(id).slice(0, 6)

/** Every offer priced and sorted, the best of each member kept. */
const expected = (orders: readonly Signed<Offer>[], size: Usage, limit: number) => {
  const members = new Set<string>()
  return orders
    .filter(({ value }) => value.classKey === 'practice-small' && value.maxOutputTokens >= 200)
    .map(({ id, value }) => ({ id, value, cost: priceOf(value.pricing, size, supply) }))
    .toSorted((a, b) => Number(a.cost - b.cost) || a.value.createdAtMs - b.value.createdAtMs || Buffer.compare(a.id, b.id))
    .filter(({ value }) => members.size < members.add(toHex(value.providerKey)).size)
    .slice(0, limit)
    .map(({ id, cost }) => `${nameOf(id)} ${cost}`)
}
const fits = ({ brief }: Entry<OfferBrief>): boolean => brief.maxOutputTokens >= 200

test('for a task of any size the offers that cost least are found, cheapest first, older first, one of each member', () => {
  fc.assert(
    fc.property(
      fc.array(arbitraryOffer, { maxLength: 80 }),
      arbitrarySize,
      fc.integer({ min: 1, max: 8 }),
      fc.array(fc.nat(80), { maxLength: 20 }),
      (made, size, limit, removed) => {
        const { offers } = createBook()
        const orders = made.map(({ member, ...changes }, index) => {
          const value = offerValue(`member ${member}`, changes)
          return { value, signature: new Uint8Array(64), id: sha256(utf8(`offer ${index}`)) }
        })
        for (const order of orders) offers.insert(order)
        for (const index of removed) offers.remove(orders[index]?.id ?? new Uint8Array(32))
        const found = cheapest(offers, 'practice-small', size, limit, fits)
        const left = orders.filter(({ id }) => offers.has(id))
        expect(found.map(({ entry, cost }) => `${nameOf(offers.open(entry).id)} ${cost}`)).toEqual(expected(left, size, limit))
      },
    ),
    { numRuns: 500 },
  )
})
