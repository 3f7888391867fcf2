import { silentAudit } from '../audit/service.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { unbilled, type ProviderCaps } from '../compliance/caps.ts'
import { createPracticeExecutor } from '../executors/practice.ts'
import { addBid, decide, graceMs, openAuction, type Auction, type Candidate } from '../orders/auction.ts'
import { offers, type Offer, type Signed, type TaskRequest } from '../orders/model.ts'
import { expectedCostMicro } from '../orders/quote.ts'
import {
  accountOf,
  federationId,
  limits,
  offerValue,
  pricingOf,
  requestOf,
  signerOf,
  standardPanel,
  startMs,
} from '../orders/testing/fixtures.ts'
import { equalBytes, sha256, utf8 } from '../platform/bytes.ts'
import { createManualClock } from '../platform/clock.ts'
import { createSeededRandom } from '../platform/random.ts'
import { openMemoryDatabase } from '../storage/testing/memory-database.ts'
import { createJobStore } from './job-store.ts'
import { createOwnerStore } from './owner-store.ts'
import type { Promised } from './promises.ts'
import { createTaskBidder } from './task-bidder.ts'

/**
 * A town in which everybody both asks and serves, under a random history: many requests open at once, bids that are taken up, lost,
 * and left to lapse. What holds of the market as a whole is checked from the outside after every step.
 */
const names = ['ann', 'ben', 'cat'] as const
type Name = (typeof names)[number]
type Step =
  | { readonly kind: 'ask'; readonly by: number; readonly mostMicro: bigint; readonly salt: number }
  | { readonly kind: 'take' | 'drop'; readonly which: number; readonly order: number }
  | { readonly kind: 'finish'; readonly which: number }
  | { readonly kind: 'pass'; readonly ms: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('ask' as const),
      by: fc.nat({ max: 2 }),
      mostMicro: fc.bigInt(40n, 400n),
      salt: fc.nat({ max: 9 }),
    }),
  },
  { weight: 6, arbitrary: fc.record({ kind: fc.constantFrom('take' as const, 'take', 'drop'), which: fc.nat(9), order: fc.nat(5) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('finish' as const), which: fc.nat(9) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('pass' as const), ms: fc.nat({ max: 12_000 }) }) },
)
const slots = fc.integer({ min: 1, max: 3 })
const town = fc.record({
  pricesMicro: fc.tuple(fc.bigInt(50n, 300n), fc.bigInt(50n, 300n), fc.bigInt(50n, 300n)),
  offered: fc.tuple(slots, slots, slots),
  capped: fc.tuple(slots, slots, slots),
  reputationPpm: fc.tuple(fc.constantFrom(500_000, 900_000), fc.constantFrom(500_000, 900_000), fc.constantFrom(500_000, 900_000)),
  steps: fc.array(step, { minLength: 20, maxLength: 60, size: 'max' }),
})
type Town = typeof town extends fc.Arbitrary<infer T> ? T : never

const caps = (concurrent: number): ProviderCaps => ({
  ...unbilled,
  concurrent,
  tasksPerDay: 1_000,
  outputTokensPerTask: 4_000,
  outputTokensPerDay: 4_000_000,
})

const createMember = (name: Name, priceMicro: bigint, offered: number, capped: number, clock: ReturnType<typeof createManualClock>) => {
  const db = openMemoryDatabase()
  const value: Offer = offerValue(name, { pricing: pricingOf(priceMicro), concurrent: offered, validUntilMs: startMs + 24 * 3_600_000 })
  const offer = offers.sign(value, signerOf(name), federationId)
  let running = 0
  const serving = {
    executor: createPracticeExecutor({ seed: name, words: 1, clock }),
    id: 1,
    backend: 'practice' as const,
    offers: () => [offer],
    caps: caps(capped),
    decisionFor: () => ({ verdict: 'allow' as const, rule: 'practice/community', sentence: 'Allowed.' }),
    restsBecause: () => null,
    isPaused: () => false,
  }
  const made = createTaskBidder(
    {
      store: createJobStore(db),
      owner: createOwnerStore(db),
      audit: silentAudit,
      signer: signerOf(name),
      federationId,
      clock,
      random: createSeededRandom(name),
      panelFor: standardPanel,
      limits: { maxWorkMs: limits.maxWorkMs, reviewMs: limits.minReviewMs, ruleMs: limits.minRuleMs },
    },
    { bidding: () => [serving], runningCount: () => running },
  )
  return {
    name,
    slots: Math.min(offered, capped),
    bidder: made.bidder,
    /** As the provider does when money is locked for its bid. */
    start: (request: Signed<TaskRequest>): boolean => {
      const promised: Promised | null = made.promises.of(request.id)
      if (promised === null || made.room.refusalOf(serving, request.value, promised) !== null) return false
      made.promises.remove(promised)
      running++
      return true
    },
    finish: (): void => void (running = Math.max(0, running - 1)),
    running: () => running,
    taken: () => running + made.promises.held(null).length,
    close: () => db.close(),
  }
}

const costOf = ({ bid }: Candidate, { value }: Signed<TaskRequest>): bigint =>
  expectedCostMicro(bid.value.terms.pricing, value, bid.value.terms.amountMicro)

const play = async ({ pricesMicro, offered, capped, reputationPpm, steps }: Town) => {
  const clock = createManualClock(startMs)
  const members = names.map((name, index) => createMember(name, pricesMicro[index] ?? 1n, offered[index] ?? 1, capped[index] ?? 1, clock))
  const memberOf = (account: Uint8Array) => members.find(({ name }) => equalBytes(accountOf(name), account))
  const found = { trades: 0, broken: new Set<string>() }
  let open: readonly Auction[] = []
  const must = (isSo: boolean, rule: string): void => void (isSo ? undefined : found.broken.add(rule))

  const ask = async (by: number, mostMicro: bigint, salt: number): Promise<void> => {
    const request = requestOf(names[by] ?? 'ann', {
      maxPriceMicro: mostMicro,
      createdAtMs: clock.nowMs(),
      validUntilMs: clock.nowMs() + 15_000,
      mode: salt % 2 === 0 ? 'first' : 'best',
    })
    const opening = { request, limits, panelFor: standardPanel, tieSalt: sha256(utf8(`salt ${salt}`)) }
    let auction = openAuction(opening, clock.nowMs())
    for (const { bidder, name } of members) {
      const bid = await bidder.bid(request)
      must(!bid.ok || name !== names[by], 'nobody bids on their own request')
      if (!bid.ok) continue
      const standing = reputationPpm[names.indexOf(name)] ?? 0
      const added = addBid(auction, { bid: bid.value, reputationPpm: standing, word: null, arrivedAtMs: clock.nowMs() })
      if (added.ok) auction = added.value
    }
    open = [...open, auction]
  }
  const take = (auction: Auction, isTaken: boolean): void => {
    open = open.filter((one) => one !== auction)
    const { request } = auction
    const decided = isTaken ? decide(auction, clock.nowMs() + graceMs) : auction
    const winner = decided.winner
    for (const { bidder, name } of members) {
      const won = winner !== null && equalBytes(winner.bid.value.terms.provider, accountOf(name))
      if (!won) bidder.closed(request.id, false)
    }
    if (winner === null) return
    const { terms } = winner.bid.value
    must(!equalBytes(terms.provider, terms.client), 'nobody trades with themselves')
    must(terms.amountMicro <= request.value.maxPriceMicro, 'nobody locks more than the limit')
    const rivals = auction.candidates.filter((one) => one !== winner && one.reputationPpm >= winner.reputationPpm)
    const isBeaten = rivals.some(
      (rival) => rival.bid.value.validUntilMs > clock.nowMs() + graceMs + 1_000 && costOf(rival, request) < costOf(winner, request),
    )
    must(!isBeaten, 'no bid that costs less with no worse a name loses')
    if (memberOf(terms.provider)?.start(request) === true) found.trades++
  }
  for (const one of steps) {
    if (one.kind === 'ask') await ask(one.by, one.mostMicro, one.salt)
    else if (one.kind === 'pass') clock.advance(one.ms)
    else if (one.kind === 'finish') members[one.which % members.length]?.finish()
    else {
      const auction = open[one.which % Math.max(1, open.length)]
      if (auction !== undefined) take(auction, one.kind === 'take')
    }
    for (const member of members) {
      must(member.running() <= member.slots, 'nobody runs more at a time than they offered')
      must(member.taken() <= member.slots, 'nobody promises a slot twice')
    }
  }
  for (const member of members) member.close()
  return found
}

test('nobody is over-filled, nobody trades with themselves, the best price wins, and no lock is above its limit', async () => {
  let trades = 0
  await fc.assert(
    fc.asyncProperty(town, async (made) => {
      const found = await play(made)
      expect([...found.broken]).toEqual([])
      trades += found.trades
    }),
    { numRuns: 60 },
  )
  // Or it would have been about nothing.
  expect(trades).toBeGreaterThan(60)
})
