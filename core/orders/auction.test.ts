import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sha256, utf8 } from '../platform/bytes.ts'
import {
  addBid,
  bestWindowMs,
  decide,
  decideIfDue,
  endAuction,
  graceMs,
  maxBids,
  minLockMs,
  nextBest,
  openAuction,
  providerKeyOf,
  type Auction,
  type BidRefusal,
  type Candidate,
} from './auction.ts'
import type { Bid, Signed, TaskRequest } from './model.ts'
import { accountOf, bidOf, limits, pricingOf, requestOf, requestValue, signerOf, standardPanel, startMs } from './testing/fixtures.ts'

const open = (request: Signed<TaskRequest>, salt = 'salt'): Auction =>
  openAuction({ request, limits, panelFor: standardPanel, tieSalt: sha256(utf8(salt)) }, startMs)
const candidate = (bid: Signed<Bid>, arrivedAtMs = startMs, reputationPpm = 500_000): Candidate => ({
  bid,
  reputationPpm,
  word: null,
  arrivedAtMs,
})
const withBids = (auction: Auction, ...candidates: readonly Candidate[]): Auction =>
  candidates.reduce((before, next) => {
    const added = addBid(before, next)
    if (!added.ok) throw new Error(added.error.code)
    return added.value
  }, auction)
const winnerOf = (auction: Auction): string | null => (auction.winner === null ? null : providerKeyOf(auction.winner))
const keyOf = (name: string): string => Buffer.from(signerOf(name).publicKey).toString('hex')
const priced = (name: string, request: Signed<TaskRequest>, price: bigint): Signed<Bid> =>
  bidOf(name, request, { terms: { pricing: pricingOf(price) } })

const request = requestOf('client', { firstTokenMs: 2_000 })
const refusals: readonly (readonly [string, BidRefusal, Parameters<typeof bidOf>[2]])[] = [
  ['for another request', 'not-this-request', { bid: { requestHash: sha256(utf8('another')) } }],
  ['whose terms are for another request', 'not-this-request', { terms: { requestHash: sha256(utf8('another')) } }],
  ['of the client’s own account', 'own-bid', { terms: { provider: accountOf('client') } }],
  ['with the client’s own key', 'own-bid', { terms: { providerKey: signerOf('client').publicKey } }],
  ['over the price limit', 'over-the-limit', { terms: { pricing: pricingOf(1_001n) } }],
  ['with a lock above what the pricing can ever cost', 'terms-differ', { terms: { amountMicro: 101n } }],
  ['that locks nothing', 'terms-differ', { terms: { pricing: pricingOf(0n), amountMicro: 0n } }],
  ['for another client', 'terms-differ', { terms: { client: accountOf('else') } }],
  ['for another client key', 'terms-differ', { terms: { clientKey: signerOf('else').publicKey } }],
  ['for another task', 'terms-differ', { terms: { taskCommit: sha256(utf8('another')) } }],
  ['for another class', 'terms-differ', { terms: { classKey: 'practice-large' } }],
  ['that delivers after the deadline', 'terms-differ', { terms: { deliverByMs: startMs + 60_001 } }],
  ['that pays nothing for a broken promise', 'terms-differ', { terms: { lateReductionPpm: 0 } }],
  ['with a panel that one bad arbiter captures', 'terms-differ', { terms: { panel: { size: 1, quorum: 1 } } }],
  ['with a review the witnesses refuse', 'terms-differ', { terms: { reviewMs: limits.maxReviewMs + 1 } }],
  ['with a ruling time the witnesses refuse', 'terms-differ', { terms: { ruleMs: limits.minRuleMs - 1 } }],
  ['that starts later than wished', 'too-slow', { terms: { firstTokenMs: 2_001 } }],
  ['whose acceptance lapses before a lock', 'expired', { terms: { acceptValidUntilMs: startMs + minLockMs - 1 } }],
  ['that lapses before a lock', 'expired', { bid: { validUntilMs: startMs + minLockMs - 1 } }],
  ['whose work is due before a lock', 'expired', { terms: { deliverByMs: startMs + minLockMs - 1 } }],
]
test.each(refusals)('a bid %s is refused as %s', (_, code, changes) => {
  expect(addBid(open(request), candidate(bidOf('ann', request, changes)))).toMatchObject({ ok: false, error: { code } })
})
test('the bid that the refused ones are variations of is taken, at the edge of each limit', () => {
  const edge = bidOf('ann', request, {
    terms: { pricing: pricingOf(1_000n), firstTokenMs: 2_000, acceptValidUntilMs: startMs + minLockMs },
  })
  expect(addBid(open(request), candidate(edge)).ok).toBe(true)
})

test('first takes the best of what arrives within 40 ms of the first acceptable bid, and not before', () => {
  const request1 = requestOf('client')
  const auction = withBids(
    open(request1),
    candidate(priced('dear', request1, 300n), startMs + 1_000),
    candidate(priced('cheap', request1, 100n), startMs + 1_000 + graceMs),
  )
  expect(decideIfDue(auction, startMs + 999 + graceMs)).toBe(auction)
  const decided = decideIfDue(auction, startMs + 1_000 + graceMs)
  expect(winnerOf(decided)).toBe(keyOf('cheap'))
  expect(addBid(decided, candidate(priced('late', request1, 1n), startMs + 1_041))).toMatchObject({ error: { code: 'already-decided' } })
})
test('a refused bid starts no grace', () => {
  const request1 = requestOf('client')
  const auction = open(request1)
  expect(addBid(auction, candidate(priced('dear', request1, 1_001n))).ok).toBe(false)
  expect(withBids(auction, candidate(priced('ann', request1, 1n), startMs + 500)).decideAtMs).toBe(startMs + 500 + graceMs)
})
test('best waits for its window, and after an empty one takes the first bid at once', () => {
  const request1 = requestOf('client', { mode: 'best' })
  const early = withBids(
    open(request1),
    candidate(priced('ann', request1, 2n), startMs + 10),
    candidate(priced('ben', request1, 1n), startMs + 149),
  )
  expect(early.decideAtMs).toBe(startMs + bestWindowMs)
  expect(winnerOf(decideIfDue(early, startMs + bestWindowMs))).toBe(keyOf('ben'))
  expect(withBids(open(request1), candidate(priced('ann', request1, 2n), startMs + 400)).decideAtMs).toBe(startMs + 400)
})

test('a replayed bid, and a second one of the same account under another key, are refused', () => {
  const request1 = requestOf('client')
  const bid = priced('ann', request1, 5n)
  const auction = withBids(open(request1), candidate(bid))
  const secondKey = bidOf('ben', request1, { terms: { provider: accountOf('ann') } })
  const cheaper = priced('ann', request1, 1n)
  for (const again of [bid, secondKey, cheaper]) expect(addBid(auction, candidate(again))).toMatchObject({ error: { code: 'already-bid' } })
})
test('the score is reputation² / expected cost · √min(1, wanted / promised): each part can turn the order', () => {
  const request1 = requestOf('client', { firstTokenMs: 1_000, maxOutputTokens: 1_000 })
  const best = (a: Candidate, b: Candidate) => winnerOf(decide(withBids(open(request1), a, b), startMs))
  const bid = (name: string, terms: Parameters<typeof bidOf>[2] = {}) => bidOf(name, request1, terms)
  expect(best(candidate(bid('ann'), startMs, 600_000), candidate(bid('ben'), startMs, 500_000))).toBe(keyOf('ann'))
  expect(best(candidate(priced('ann', request1, 100n)), candidate(priced('ben', request1, 99n)))).toBe(keyOf('ben'))
  // Half of the output cap counts as expected: per-token prices are compared with per-task ones without the bidder's word.
  const perToken = { ...pricingOf(0n), perThousandOutputTokensMicro: 190n }
  expect(best(candidate(bid('ann', { terms: { pricing: perToken } })), candidate(priced('ben', request1, 100n)))).toBe(keyOf('ann'))
  // 1.4² < 2, so a better reputation does not make up for twice the price.
  expect(best(candidate(priced('ann', request1, 200n), startMs, 700_000), candidate(priced('ben', request1, 100n)))).toBe(keyOf('ben'))
})
test('a promised first token above two seconds costs rank where the request has no wish', () => {
  const request1 = requestOf('client')
  const slow = bidOf('ann', request1, { terms: { firstTokenMs: 2_500, pricing: pricingOf(100n) } })
  const quick = bidOf('ben', request1, { terms: { firstTokenMs: 0, pricing: pricingOf(105n) } })
  expect(winnerOf(decide(withBids(open(request1), candidate(slow), candidate(quick)), startMs))).toBe(keyOf('ben'))
})

test('equal bids win equally often, whoever comes first: the order is the client’s secret', () => {
  const request1 = requestOf('client')
  const names = ['ann', 'ben', 'cat', 'dan']
  const equal = names.map((name) => candidate(priced(name, request1, 100n)))
  const wins = new Map<string | null, number>()
  for (let round = 0; round < 400; round++) {
    const winner = winnerOf(decide(withBids(open(request1, `salt ${round}`), ...equal), startMs))
    wins.set(winner, (wins.get(winner) ?? 0) + 1)
  }
  // 400 rounds of 4: the standard deviation is 8.7, so 60 is more than four of them away.
  for (const name of names) expect(wins.get(keyOf(name))).toBeGreaterThan(60)
})

const names = Array.from({ length: 12 }, (_, index) => `provider ${index}`)
const arbitraryBids = fc.uniqueArray(
  fc.record({ name: fc.constantFrom(...names), price: fc.bigInt(1n, 900n), reputationPpm: fc.integer({ min: 0, max: 1_000_000 }) }),
  { selector: ({ name }) => name, minLength: 1 },
)
test('the outcome depends on the bids alone and not on their order', () => {
  const fixed = requestOf('client')
  const bidsByName = new Map<string, Signed<Bid>>()
  const bidFor = (name: string, price: bigint): Signed<Bid> => {
    const key = `${name} ${price}`
    const bid = bidsByName.get(key) ?? priced(name, fixed, price)
    bidsByName.set(key, bid)
    return bid
  }
  fc.assert(
    fc.property(
      arbitraryBids.chain((made) => fc.tuple(fc.constant(made), fc.shuffledSubarray(made, { minLength: made.length }))),
      ([made, shuffled]) => {
        const run = (order: typeof made) =>
          withBids(open(fixed), ...order.map(({ name, price, reputationPpm }) => candidate(bidFor(name, price), startMs, reputationPpm)))
        expect(run(shuffled).candidates.map(providerKeyOf)).toEqual(run(made).candidates.map(providerKeyOf))
      },
    ),
    { numRuns: 50 },
  )
})
test('fail-over goes down the ranking, past the excluded and the lapsed, to nobody', () => {
  const request1 = requestOf('client')
  const brief = bidOf('ben', request1, { terms: { pricing: pricingOf(20n), acceptValidUntilMs: startMs + 2_000 } })
  const auction = withBids(
    open(request1),
    candidate(priced('cat', request1, 30n)),
    candidate(brief),
    candidate(priced('ann', request1, 10n)),
  )
  const next = (excluded: readonly string[], nowMs: number): string | null => {
    const found = nextBest(auction, new Set(excluded.map(keyOf)), nowMs)
    return found === null ? null : providerKeyOf(found)
  }
  expect(next([], startMs)).toBe(keyOf('ann'))
  expect(next(['ann'], startMs)).toBe(keyOf('ben'))
  expect(next(['ann'], startMs + 2_000)).toBe(keyOf('cat'))
  expect(next(['ann', 'ben', 'cat'], startMs)).toBe(null)
  expect(next([], startMs + 10_000)).toBe(null)
})
test('a decision that finds every bid lapsed leaves the auction open for the next one', () => {
  const request1 = requestOf('client')
  const lapsed = decide(withBids(open(request1), candidate(priced('ann', request1, 1n))), startMs + 10_000)
  expect([lapsed.winner, lapsed.isOver, lapsed.decideAtMs]).toEqual([null, false, null])
  const later = bidOf('ben', request1, { nowMs: startMs + 10_000 })
  expect(winnerOf(decide(withBids(lapsed, candidate(later, startMs + 10_000)), startMs + 10_040))).toBe(keyOf('ben'))
})
test('an ended auction takes no bid and decides nothing', () => {
  const request1 = requestOf('client')
  const ended = endAuction(withBids(open(request1), candidate(priced('ann', request1, 1n))))
  expect(addBid(ended, candidate(priced('ben', request1, 1n)))).toMatchObject({ error: { code: 'already-decided' } })
  expect(decide(ended, startMs + 40).winner).toBe(null)
})
test('a bid of somebody never wanted again does not win, starts no clock, and is a loser like others', () => {
  const request1 = requestOf('client')
  const never = { ...candidate(priced('ann', request1, 1n)), word: 'never' as const }
  const alone = withBids(open(request1), never)
  expect([alone.decideAtMs, winnerOf(decide(alone, startMs + 40)), alone.unwanted]).toEqual([null, null, [never]])
  const two = withBids(alone, candidate(priced('ben', request1, 900n)))
  expect([winnerOf(decide(two, startMs + 40)), nextBest(two, new Set([keyOf('ben')]), startMs)]).toEqual([keyOf('ben'), null])
  expect(addBid(two, never)).toMatchObject({ error: { code: 'already-bid' } })
  const flood = Array.from({ length: maxBids }, (_, index) => ({ ...never, bid: priced(`sybil ${index}`, request1, 1n) }))
  expect(addBid(withBids(open(request1), ...flood), never)).toMatchObject({ error: { code: 'too-many-bids' } })
})
test('who is wanted again wins over a better standing where both cost the same, and never where it costs more, as expected or at most', () => {
  const request1 = requestOf('client')
  const again = (bid: Signed<Bid>, reputationPpm = 400_000): Candidate => ({ ...candidate(bid, startMs, reputationPpm), word: 'again' })
  const best = (...bids: readonly Candidate[]) => winnerOf(decide(withBids(open(request1), ...bids), startMs + 40))
  const ben = candidate(priced('ben', request1, 100n), startMs, 900_000)
  expect(best(again(priced('ann', request1, 100n)), ben)).toBe(keyOf('ann'))
  expect(best(again(priced('ann', request1, 101n)), ben)).toBe(keyOf('ben'))
  // Half of the tokens cost the same, all of them cost more.
  const perToken = bidOf('ann', request1, { terms: { pricing: { ...pricingOf(0n), perThousandOutputTokensMicro: 200n } } })
  expect(best(again(perToken), ben)).toBe(keyOf('ben'))
  // A third bid that is dearer than both changes nothing between them.
  expect(best(again(priced('ann', request1, 100n)), ben, again(priced('cat', request1, 300n), 1_000_000))).toBe(keyOf('ann'))
})
test('of a flood the best are kept: a dear bid finds no room and a cheap one always does', () => {
  const request1 = requestOf('client')
  const flood = Array.from({ length: maxBids }, (_, index) => candidate(priced(`sybil ${index}`, request1, 500n)))
  const full = withBids(open(request1), ...flood)
  expect(addBid(full, candidate(priced('ann', request1, 501n)))).toMatchObject({ error: { code: 'too-many-bids' } })
  const better = withBids(full, candidate(priced('ann', request1, 499n)))
  expect([better.candidates.length, winnerOf(decide(better, startMs + 40))]).toEqual([maxBids, keyOf('ann')])
})
test('a request with the largest prices and tokens there are is scored without a throw', () => {
  const most = 9_000_000_000_000_000n
  const request1 = requestOf('client', {
    maxPriceMicro: most,
    maxOutputTokens: 4_000_000,
    inputBucketBytes: requestValue('client').inputBucketBytes,
  })
  const pricing = { perTaskMicro: most, perThousandInputTokensMicro: most, perThousandOutputTokensMicro: most, minimumMicro: most }
  const auction = withBids(open(request1), candidate(bidOf('ann', request1, { terms: { pricing } })))
  expect(winnerOf(decide(auction, startMs + 40))).toBe(keyOf('ann'))
})
