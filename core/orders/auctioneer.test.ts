import { expect, test } from 'vitest'
import { createManualClock } from '../platform/clock.ts'
import { bestWindowMs, graceMs, providerKeyOf, type Candidate } from './auction.ts'
import { gossipChanceMs, runAuction } from './auctioneer.ts'
import { bidOf, limits, pricingOf, requestOf, signerOf, standardPanel, startMs } from './testing/fixtures.ts'
import type { TaskRequest } from './model.ts'

const setUp = (changes: Partial<TaskRequest> = {}, clock = createManualClock(startMs)) => {
  const request = requestOf('client', changes)
  const heard: Candidate[] = []
  const auction = runAuction({ request, limits, panelFor: standardPanel, tieSalt: new Uint8Array(32) }, clock, (candidate) =>
    heard.push(candidate),
  )
  let outcome: string | null | undefined
  void auction.winner.then((winner) => (outcome = winner === null ? null : nameOf(winner)))
  return {
    request,
    clock,
    auction,
    heard,
    bid: (name: string, price = 100n) =>
      auction.offer(bidOf(name, request, { nowMs: clock.nowMs(), terms: { pricing: pricingOf(price) } }), 500_000, null),
    /** The winner's name, null without one, undefined while it is open. */
    outcome: async () => {
      await Promise.resolve()
      return outcome
    },
  }
}
const nameOf = (candidate: Candidate): string =>
  ['ann', 'ben', 'cat'].find((name) => providerKeyOf(candidate) === Buffer.from(signerOf(name).publicKey).toString('hex')) ?? 'unknown'

test('the winner is there when the grace is over and not a millisecond before', async () => {
  const { clock, bid, outcome, heard } = setUp()
  clock.advance(700)
  bid('ann', 200n)
  clock.advance(graceMs - 1)
  bid('ben', 100n)
  expect(await outcome()).toBe(undefined)
  clock.advance(1)
  expect([await outcome(), heard.map(nameOf)]).toEqual(['ben', ['ann', 'ben']])
})
test('a timer that fires early is set again, and decides when it is time', async () => {
  const clock = createManualClock(startMs)
  const hasty = { ...clock, after: (delayMs: number, callback: () => void) => clock.after(Math.max(1, delayMs - 25), callback) }
  const { bid, outcome } = setUp({}, hasty)
  bid('ann')
  clock.advance(graceMs - 1)
  expect(await outcome()).toBe(undefined)
  clock.advance(1)
  expect(await outcome()).toBe('ann')
})
test('an auction that lapses within the grace takes what it has', async () => {
  const { clock, bid, outcome } = setUp({ validUntilMs: startMs + 5_000 })
  clock.advance(4_990)
  bid('ann')
  clock.advance(10)
  expect(await outcome()).toBe('ann')
})
test('one that nobody bids on lapses without a winner', async () => {
  const { clock, bid, outcome } = setUp({ validUntilMs: startMs + 5_000 })
  clock.advance(5_000)
  expect(await outcome()).toBe(null)
  expect(bid('ann')).toMatchObject({ error: { code: 'already-decided' } })
})
test('stopped: no winner, no later bid, and what was there can still be told', async () => {
  const { auction, clock, bid, outcome, heard } = setUp()
  bid('ann')
  auction.stop()
  expect(await outcome()).toBe(null)
  expect(bid('ben')).toMatchObject({ error: { code: 'already-decided' } })
  clock.advance(20_000)
  auction.stop()
  expect([await outcome(), auction.losers(null).map(nameOf), heard.length]).toEqual([null, ['ann'], 1])
})
test('stopping after the decision changes nothing', async () => {
  const { auction, clock, bid, outcome } = setUp()
  bid('ann')
  clock.advance(graceMs)
  auction.stop()
  expect(await outcome()).toBe('ann')
})

test('when everyone asked has said no, the auction ends as soon as gossip had its chance', async () => {
  const { auction, clock, outcome } = setUp()
  clock.advance(200)
  auction.everyoneAnswered(false)
  clock.advance(gossipChanceMs - 201)
  expect(await outcome()).toBe(undefined)
  clock.advance(1)
  expect(await outcome()).toBe(null)
})
test('when the last of them answers late, the auction ends at once', async () => {
  const { auction, clock, outcome } = setUp()
  clock.advance(3_000)
  expect(await outcome()).toBe(undefined)
  auction.everyoneAnswered(false)
  clock.advance(0)
  expect(await outcome()).toBe(null)
})
test('a bid that gossip brings in time is taken, though everyone asked has said no', async () => {
  const { auction, clock, bid, outcome } = setUp()
  auction.everyoneAnswered(false)
  clock.advance(gossipChanceMs - 1)
  bid('ann')
  clock.advance(1)
  expect(await outcome()).toBe(undefined)
  clock.advance(graceMs - 1)
  expect(await outcome()).toBe('ann')
})
test('while someone asked has not answered, only the end of the request ends it', async () => {
  const { clock, outcome } = setUp({ validUntilMs: startMs + 15_000 })
  clock.advance(14_999)
  expect(await outcome()).toBe(undefined)
})

test('fail-over names the next best that still stands, after the decision too', () => {
  const { auction, clock, bid } = setUp()
  bid('ann', 100n)
  bid('ben', 200n)
  clock.advance(graceMs)
  const next = auction.next(new Set([Buffer.from(signerOf('ann').publicKey).toString('hex')]))
  expect(next === null ? null : nameOf(next)).toBe('ben')
  expect(auction.losers(auction.next(new Set())).map(nameOf)).toEqual(['ben'])
})
test('`first` waits for nobody once everyone asked has answered; `best` keeps its window open for the others', async () => {
  const first = setUp()
  first.bid('ann')
  first.auction.everyoneAnswered(false)
  expect(await first.outcome()).toBe('ann')
  const best = setUp({ mode: 'best' })
  best.bid('ann')
  best.auction.everyoneAnswered(false)
  best.clock.advance(bestWindowMs - 1)
  expect(await best.outcome()).toBe(undefined)
})
