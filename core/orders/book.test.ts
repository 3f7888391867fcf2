import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fromUtf8, sha256, toHex, utf8 } from '../platform/bytes.ts'
import { createBook, maxOffersPerMember, maxOrders, maxRequestsPerMember } from './book.ts'
import type { Signed } from './model.ts'
import type { Brief, Order } from './price-index.ts'
import { createSide, type Side, type SideRules } from './side.ts'
import { accountOf, offerOf, offerValue, pricingOf, requestValue, startMs } from './testing/fixtures.ts'

/** An order as the book sees it; its signature does not matter here. */
type Plain = Order & { readonly member: number; readonly price: number; readonly oldestOpenMs: number }
const keys = Array.from({ length: 6 }, (_, member) => sha256(utf8(`member ${member}`)))
const keyOf = (member: number): Uint8Array => keys[member] ?? new Uint8Array(32)
const signed = <T>(name: string, value: T): Signed<T> => ({ value, signature: new Uint8Array(64), id: sha256(utf8(name)) })
const nameOf = ({ id }: Signed<unknown>): string => toHex(id).slice(0, 8)

const maxPerMember = 4
const plainSide = (rules: Partial<SideRules<Plain, Brief>> = {}): Side<Plain> =>
  createSide<Plain, Brief>({
    memberOf: ({ member }) => keyOf(member),
    briefOf: ({ price }) => ({ rank: price }),
    oldestOpenMs: ({ oldestOpenMs }) => oldestOpenMs,
    comparePrices: () => 0,
    kindOf: ({ rank }) => rank,
    maxPerMember,
    maxOrders,
    ownKey: null,
    encode: ({ value }) => utf8(JSON.stringify(value)),
    decode: (envelope, id) => ({ value: JSON.parse(fromUtf8(envelope)) as Plain, signature: new Uint8Array(64), id }),
    ...rules,
  })

/** The same book, written without thought for speed: a list in the order of coming, sorted when asked. */
const createOracle = () => {
  let orders: readonly Signed<Plain>[] = []
  const sinceOf = new Map<number, number>()
  const sorted = (list: readonly Signed<Plain>[]) =>
    list.toSorted(
      (a, b) =>
        (a.value.classKey < b.value.classKey ? -1 : a.value.classKey > b.value.classKey ? 1 : 0) ||
        a.value.price - b.value.price ||
        a.value.createdAtMs - b.value.createdAtMs ||
        Buffer.compare(a.id, b.id),
    )
  return {
    insert: (order: Signed<Plain>): string => {
      if (orders.some(({ id }) => Buffer.compare(id, order.id) === 0)) return 'already-known'
      const { member, createdAtMs, oldestOpenMs } = order.value
      const before = orders.some(({ value }) => value.member === member) ? (sinceOf.get(member) ?? 0) : 0
      if (createdAtMs < before) return 'ended'
      const sinceMs = Math.max(before, Math.min(createdAtMs, oldestOpenMs))
      const left = orders.filter(({ value }) => value.member !== member || value.createdAtMs >= sinceMs)
      if (left.filter(({ value }) => value.member === member).length >= maxPerMember) return 'member-limit'
      sinceOf.set(member, sinceMs)
      orders = [...left, order]
      return 'ok'
    },
    endEarlier: ({ value: { member, createdAtMs, oldestOpenMs } }: Signed<Plain>): readonly Uint8Array[] => {
      if (!orders.some(({ value }) => value.member === member)) return []
      const sinceMs = Math.max(sinceOf.get(member) ?? 0, Math.min(createdAtMs, oldestOpenMs))
      const ended = orders.filter(({ value }) => value.member === member && value.createdAtMs < sinceMs)
      sinceOf.set(member, sinceMs)
      orders = orders.filter((order) => !ended.includes(order))
      return ended.map(({ id }) => id)
    },
    remove: (id: Uint8Array): boolean => {
      const before = orders.length
      orders = orders.filter((order) => Buffer.compare(order.id, id) !== 0)
      return orders.length < before
    },
    expire: (nowMs: number, limit: number): readonly Uint8Array[] => {
      const dead = orders.filter(({ value }) => value.validUntilMs <= nowMs).slice(0, limit)
      orders = orders.filter((order) => !dead.includes(order))
      return dead.map(({ id }) => id)
    },
    depth: (classKey: string, limit: number) => {
      const prices = orders.filter(({ value }) => value.classKey === classKey).map(({ value }) => value.price)
      return [...new Set(prices)]
        .toSorted((a, b) => a - b)
        .slice(0, limit)
        .map((rank) => ({ rank, count: prices.filter((price) => price === rank).length }))
    },
    page: (classKey: string | null, offset: number, limit: number) =>
      sorted(orders.filter(({ value }) => classKey === null || value.classKey === classKey)).slice(offset, offset + limit),
    ofMember: (member: number) => orders.filter(({ value }) => value.member === member),
  }
}

/** Whatever came and went, the digests are those of a book into which only what is left was ever put. */
const digestsOf = (orders: readonly Signed<Plain>[]): Uint8Array => {
  const fresh = plainSide({ maxPerMember: 1_000 })
  for (const order of orders) fresh.insert(order)
  return fresh.digests.encoded()
}

const classes = ['a', 'b', 'ä']
const arbitraryOrder = fc.record({
  name: fc.integer({ min: 0, max: 60 }),
  member: fc.integer({ min: 0, max: 5 }),
  price: fc.integer({ min: 0, max: 5 }),
  classKey: fc.constantFrom(...classes),
  createdAtMs: fc.integer({ min: 0, max: 9 }),
  oldestOpenMs: fc.integer({ min: 0, max: 9 }),
  validUntilMs: fc.integer({ min: 1, max: 50 }),
})
const arbitraryStep = fc.oneof(
  { arbitrary: fc.record({ kind: fc.constant('insert' as const), order: arbitraryOrder }), weight: 6 },
  { arbitrary: fc.record({ kind: fc.constant('end-earlier' as const), order: arbitraryOrder }), weight: 1 },
  { arbitrary: fc.record({ kind: fc.constant('remove' as const), name: fc.integer({ min: 0, max: 60 }) }), weight: 3 },
  {
    arbitrary: fc.record({
      kind: fc.constant('expire' as const),
      nowMs: fc.integer({ min: 0, max: 50 }),
      limit: fc.integer({ min: 1, max: 9 }),
    }),
    weight: 1,
  },
)
test('the book does what a naive list does: price-time order, no duplicates, bounds, expiry, and what a maker says is over', () => {
  fc.assert(
    fc.property(fc.array(arbitraryStep, { maxLength: 120 }), fc.integer({ min: 0, max: 20 }), (steps, offset) => {
      const [side, oracle] = [plainSide(), createOracle()]
      for (const step of steps) {
        if (step.kind === 'insert' || step.kind === 'end-earlier') {
          const { name, ...value } = step.order
          const order = signed(`order ${name}`, value)
          if (step.kind === 'end-earlier') {
            expect(side.endEarlier(order)).toEqual(oracle.endEarlier(order))
            continue
          }
          const inserted = side.insert(order)
          expect(inserted.ok ? 'ok' : inserted.error.code).toBe(oracle.insert(order))
        } else if (step.kind === 'remove') {
          const { id } = signed(`order ${step.name}`, null)
          expect(side.remove(id)).toEqual(oracle.remove(id))
          expect(side.get(id)).toBe(null)
        } else expect(side.expire(step.nowMs, step.limit)).toEqual(oracle.expire(step.nowMs, step.limit))
      }
      for (const classKey of [null, ...classes, 'none']) {
        expect(side.page(classKey, offset, 7)).toEqual(oracle.page(classKey, offset, 7))
        const wanted = oracle.page(classKey, 0, 1_000)
        expect(side.count(classKey)).toBe(wanted.length)
        const isOdd = (price: number): boolean => price % 2 === 1
        const odd = wanted.filter(({ value }) => isOdd(value.price))
        expect(side.page(classKey, 1, 3, ({ brief }) => isOdd(brief.rank))).toEqual(odd.slice(1, 4))
        expect(side.count(classKey, ({ brief }) => isOdd(brief.rank))).toBe(odd.length)
      }
      for (const classKey of classes) {
        expect(side.depth(classKey, 3)).toEqual(oracle.depth(classKey, 3))
        expect([...side.kinds(classKey)].toSorted((a, b) => a - b)).toEqual(oracle.depth(classKey, 9).map(({ rank }) => rank))
      }
      expect(side.digests.encoded()).toEqual(digestsOf(oracle.page(null, 0, 1_000)))
      for (const [member, key] of keys.entries()) expect(side.ofMember(key)).toEqual(oracle.ofMember(member))
    }),
    { numRuns: 200 },
  )
})

test('100,000 orders: every page in order, each order once, and none more than fits', { timeout: 120_000 }, () => {
  const side = plainSide({ memberOf: ({ member }) => sha256(utf8(`member ${member}`)), maxPerMember: 32, ownKey: sha256(utf8('member 0')) })
  const orderAt = (index: number): Signed<Plain> =>
    signed(`order ${index}`, {
      member: index % 4_000,
      // A permutation of the prices, so that insertions fall everywhere.
      price: (index * 7_919) % 100_003,
      classKey: classes[index % 3] ?? 'a',
      createdAtMs: index,
      oldestOpenMs: 0,
      validUntilMs: startMs + (index % 1_000),
    })
  let inserted = 0
  while (inserted < maxOrders && side.insert(orderAt(inserted)).ok) inserted++
  expect(inserted).toBe(maxOrders)
  expect(side.insert(orderAt(maxOrders + 1))).toMatchObject({ ok: false, error: { code: 'book-full' } })
  // The node's own order finds room all the same.
  expect(side.insert(orderAt(100_000)).ok).toBe(true)
  expect(side.remove(orderAt(100_000).id)).toBe(true)

  const seen = new Set<string>()
  let last: Plain | null = null
  for (let offset = 0; offset < maxOrders; offset += 64) {
    for (const { id, value } of side.page(null, offset, 64)) {
      if (last?.classKey === value.classKey && last.price > value.price) throw new Error('out of order')
      seen.add(toHex(id))
      last = value
    }
  }
  expect(seen.size).toBe(maxOrders)
  expect(side.expire(startMs + 99, maxOrders).length).toBe(10_000)
  expect([side.count(), side.page(null, 89_999, 10).length]).toEqual([90_000, 1])
})

test('orders that stay are whole after most of a large book has gone', () => {
  const { offers } = createBook()
  const made = Array.from({ length: 6_000 }, (_, index) => signed(`offer ${index}`, offerValue(`member ${index % 300}`)))
  for (const offer of made) offers.insert(offer)
  const stays = made.filter((_, index) => index % 50 === 7)
  for (const [index, { id }] of made.entries()) if (index % 50 !== 7) offers.remove(id)
  expect(stays.map(({ id }) => offers.get(id))).toEqual(stays)
  expect(offers.count()).toBe(stays.length)
})
test('the best offer costs least for a usual task, the best request pays most; older comes first', () => {
  const { offers, requests } = createBook()
  const dear = signed('dear', offerValue('ann', { pricing: { ...pricingOf(0n), perThousandOutputTokensMicro: 300n } }))
  const cheap = signed('cheap', offerValue('ben', { pricing: { ...pricingOf(50n), perThousandInputTokensMicro: 100n } }))
  const sameButLater = signed('later', offerValue('dan', { pricing: pricingOf(149n) }))
  const older = signed('older', offerValue('cat', { pricing: pricingOf(149n), createdAtMs: startMs - 1 }))
  for (const offer of [dear, sameButLater, cheap, older]) offers.insert(offer)
  expect(offers.page('practice-small', 0, 9).map(nameOf)).toEqual([older, sameButLater, cheap, dear].map(nameOf))
  const low = signed('low', requestValue('ann', { maxPriceMicro: 10n }))
  const high = signed('high', requestValue('ben', { maxPriceMicro: 11n }))
  for (const request of [low, high]) requests.insert(request)
  expect(requests.page(null, 0, 9).map(nameOf)).toEqual([high, low].map(nameOf))
})
test('prices beyond any supply tie instead of throwing', () => {
  const { offers } = createBook()
  const huge = 9_000_000_000_000_000n
  const pricing = { perTaskMicro: huge, perThousandInputTokensMicro: huge, perThousandOutputTokensMicro: huge, minimumMicro: huge }
  expect(offers.insert(signed('a', offerValue('ann', { pricing }))).ok).toBe(true)
  expect(offers.insert(signed('b', offerValue('ben', { pricing: pricingOf(huge) }))).ok).toBe(true)
})
test('a member holds its number of offers and of requests, and a removed one makes room', () => {
  const { offers, requests } = createBook()
  const offersOfAnn = Array.from({ length: maxOffersPerMember + 1 }, (_, index) => signed(`offer ${index}`, offerValue('ann')))
  const requestsOfAnn = Array.from({ length: maxRequestsPerMember + 1 }, (_, index) => signed(`request ${index}`, requestValue('ann')))
  const inserted = [...offersOfAnn.map((offer) => offers.insert(offer)), ...requestsOfAnn.map((request) => requests.insert(request))]
  const codes = inserted.flatMap((done) => (done.ok ? [] : done.error.code))
  expect(codes).toEqual(['member-limit', 'member-limit'])
  expect(offers.insert(signed('other', offerValue('ben'))).ok).toBe(true)
  offers.remove(signed('offer 3', null).id)
  expect(offers.insert(signed('offer 99', offerValue('ann'))).ok).toBe(true)
})
test('an order is found by id and by its key, and not by its account', () => {
  const { offers } = createBook()
  const offer = offerOf('ann')
  offers.insert(offer)
  expect([offers.get(offer.id), offers.ofMember(offer.value.providerKey), offers.ofMember(accountOf('ann'))]).toEqual([offer, [offer], []])
})
