import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isAmount, maxSupplyMicro } from '../platform/amount.ts'
import { addBid, minLockMs, openAuction } from './auction.ts'
import { draftBid, slotHeldMs, type NoBid, type ProviderSituation } from './matching.ts'
import { priceOf, tokensOfBytes } from './metering.ts'
import { bids, type Offer, type TaskRequest } from './model.ts'
import { worstCaseMicro } from './quote.ts'
import {
  accountOf,
  federationId,
  honestBid,
  limits,
  offerOf,
  offerValue,
  pricingOf,
  requestOf,
  requestValue,
  signerOf,
  situationOf,
  standardPanel,
  startMs,
} from './testing/fixtures.ts'

const material = { nonce: new Uint8Array(16), taskKey: new Uint8Array(32) }
const answer = (request: Partial<TaskRequest>, offers: readonly Partial<Offer>[], changes: Partial<ProviderSituation> = {}) => {
  const own = offers.map((offer) => offerOf('ann', offer))
  const draft = draftBid(requestOf('client', request), situationOf(own, changes), material)
  return draft.ok ? 'bid' : draft.error.code
}

const refusals: readonly (readonly [NoBid, string, Partial<TaskRequest>, Partial<Offer>, Partial<ProviderSituation>])[] = [
  ['expired', 'a request that has ended', {}, {}, { nowMs: startMs + 15_000 }],
  ['expired', 'work due before a lock', { deliverWithinMs: minLockMs }, {}, {}],
  ['no-offer-for-class', 'another class', { classKey: 'practice-large' }, {}, {}],
  ['no-offer-for-class', 'an offer that has ended', {}, { validUntilMs: startMs }, {}],
  ['own-request', 'my own account', { client: accountOf('ann') }, {}, {}],
  ['own-request', 'my own key', { clientKey: signerOf('ann').publicKey }, {}, {}],
  ['refused-by-policy', 'what the policy forbids', {}, {}, { refusalByPolicy: () => 'No.' }],
  ['too-large', 'more input than offered', {}, { maxInputTokens: tokensOfBytes(1_024) - 1 }, {}],
  ['too-large', 'more output than offered', { maxOutputTokens: 4_001 }, {}, {}],
  ['too-slow', 'a first token sooner than promised', { firstTokenMs: 499 }, {}, {}],
  ['limit-too-low', 'a limit below the worst case', { maxPriceMicro: 99n }, {}, {}],
  ['busy', 'every slot taken', {}, {}, { busySlots: 2 }],
  ['busy', 'nothing left today', {}, { leftToday: 0 }, {}],
]
test.each(refusals)('no bid (%s) for %s', (code, _, request, offer, situation) => {
  expect(answer(request, [offer], situation)).toBe(code)
})
test('a request at the edge of every limit gets a bid', () => {
  const request = { maxOutputTokens: 4_000, firstTokenMs: 500, maxPriceMicro: 100n, deliverWithinMs: minLockMs + 1 }
  expect(answer(request, [{ maxInputTokens: tokensOfBytes(1_024) }], { busySlots: 1 })).toBe('bid')
})
test('without an offer there is no bid', () => expect(answer({}, [])).toBe('no-offer-for-class'))
test('of several offers the first that fits answers; without one the reason is that of the closest', () => {
  const request = requestOf('client')
  const own = [
    offerOf('ann', { pricing: pricingOf(5_000n) }),
    offerOf('ann', { pricing: pricingOf(70n) }),
    offerOf('ann', { pricing: pricingOf(60n) }),
  ]
  const draft = draftBid(request, situationOf(own), material)
  expect(draft.ok && [draft.value.offerId, draft.value.terms.amountMicro]).toEqual([own[1]?.id, 70n])
  expect(answer({}, [{ leftToday: 0 }, { pricing: pricingOf(5_000n) }, { maxOutputTokens: 1 }])).toBe('busy')
})
test('a bid is held as long as its slot, and promises to deliver by the deadline or the longest work allowed', () => {
  const limited = situationOf([offerOf('ann')], { limits: { maxWorkMs: 30_000, reviewMs: 10_000, ruleMs: 10_000 } })
  const draft = draftBid(requestOf('client'), limited, material)
  expect(draft).toMatchObject({
    ok: true,
    value: {
      validUntilMs: startMs + slotHeldMs,
      terms: {
        acceptValidUntilMs: startMs + slotHeldMs,
        deliverByMs: startMs + 30_000,
        client: accountOf('client'),
        provider: accountOf('ann'),
      },
    },
  })
})
test('a free offer locks the smallest amount there is, because nothing cannot be locked', () => {
  const draft = draftBid(requestOf('client'), situationOf([offerOf('ann', { pricing: pricingOf(0n) })]), material)
  expect(draft.ok && draft.value.terms.amountMicro).toBe(1n)
})

const micro = fc.oneof(fc.bigInt(0n, 2_000n), fc.bigInt(0n, maxSupplyMicro))
const arbitraryPricing = fc.record({
  perTaskMicro: micro,
  perThousandInputTokensMicro: micro,
  perThousandOutputTokensMicro: micro,
  minimumMicro: micro,
})
const few = fc.bigInt(0n, 50n)
const cheapPricing = fc.record({
  perTaskMicro: few,
  perThousandInputTokensMicro: few,
  perThousandOutputTokensMicro: few,
  minimumMicro: few,
})
test('whatever an honest provider bids, the client accepts where its limit allows, and survives the wire', () => {
  const changes = fc.record({
    pricing: fc.oneof(cheapPricing, cheapPricing, arbitraryPricing),
    maxPriceMicro: fc.oneof(fc.bigInt(0n, 10_000n), fc.constant(maxSupplyMicro)),
    inputBucketBytes: fc.integer({ min: 1, max: 262_144 }),
    maxOutputTokens: fc.integer({ min: 0, max: 4_000 }),
    deliverWithinMs: fc.integer({ min: 10_000, max: 7_200_000 }),
    firstTokenMs: fc.option(fc.integer({ min: 1, max: 2_000 })),
    mode: fc.constantFrom('first' as const, 'best' as const),
    laterMs: fc.integer({ min: 0, max: 16_000 }),
    promisedMs: fc.integer({ min: 1, max: 2_000 }),
  })
  let bidsMade = 0
  fc.assert(
    fc.property(changes, ({ pricing, laterMs, promisedMs, ...wishes }) => {
      const request = { ...requestOf('client'), value: requestValue('client', wishes) }
      const offer = { ...offerOf('ann'), value: offerValue('ann', { pricing, firstTokenMs: promisedMs }) }
      const nowMs = startMs + laterMs
      const bid = honestBid('ann', request, situationOf([offer], { nowMs }))
      if (bid === null) return
      bidsMade++
      const auction = openAuction({ request, limits, panelFor: standardPanel, tieSalt: new Uint8Array(32) }, startMs)
      expect(addBid(auction, { bid, reputationPpm: 500_000, word: null, arrivedAtMs: nowMs })).toMatchObject({ ok: true })
      expect(bids.decode(bids.encode(bid), federationId)).toEqual({ ok: true, value: bid })
    }),
    { numRuns: 300 },
  )
  expect(bidsMade).toBeGreaterThan(50)
})
test('no usage within the request costs more than the lock, and the lock is reached', () => {
  const sizes = fc.record({
    inputBucketBytes: fc.integer({ min: 1, max: 262_144 }),
    maxOutputTokens: fc.integer({ min: 0, max: 4_000_000 }),
  })
  fc.assert(
    fc.property(arbitraryPricing, sizes, fc.double({ min: 0, max: 1, noNaN: true }), (pricing, size, share) => {
      const lock = worstCaseMicro(pricing, size)
      const allInput = tokensOfBytes(size.inputBucketBytes)
      const usage = { inputTokens: Math.floor(allInput * share), outputTokens: Math.floor(size.maxOutputTokens * share) }
      const price = priceOf(pricing, usage, maxSupplyMicro)
      expect(isAmount(lock) && price <= lock && priceOf(pricing, usage, lock) === price).toBe(true)
      const most = priceOf(pricing, { inputTokens: allInput, outputTokens: size.maxOutputTokens }, maxSupplyMicro)
      expect(lock).toBe(most > 0n ? most : 1n)
    }),
  )
})
test('splitting a usage never makes it cheaper', () => {
  const tokens = fc.integer({ min: 0, max: 10_000 })
  fc.assert(
    fc.property(arbitraryPricing, tokens, tokens, tokens, tokens, (pricing, in1, out1, in2, out2) => {
      const price = (inputTokens: number, outputTokens: number) => priceOf(pricing, { inputTokens, outputTokens }, maxSupplyMicro)
      expect(price(in1, out1) + price(in2, out2)).toBeGreaterThanOrEqual(price(in1 + in2, out1 + out2))
    }),
  )
})
