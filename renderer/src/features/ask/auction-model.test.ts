import { expect, test } from 'vitest'
import { failedBefore, unwantedIn, whyWon } from './auction-model.ts'

type Bid = Parameters<typeof whyWon>[0][number]
const bid = (outcome: Bid['outcome'], expectedMicro: bigint, scorePpm: number, standingPpm = 500_000, firstTokenMs = 800): Bid => ({
  provider: outcome,
  round: 0,
  outcome,
  expectedMicro,
  capMicro: 2n * expectedMicro,
  preferred: false,
  ranked: { standingPpm, scorePpm },
  promise: { firstTokenMs },
})

test('without a winner there is nothing to explain, and one that nobody contested was the only one', () => {
  expect(whyWon([])).toBeNull()
  expect(whyWon([bid('waiting', 1n, 1), bid('lost', 2n, 2)])).toBeNull()
  expect(whyWon([bid('won', 1n, 1_000_000), bid('unacceptable', 1n, 0)])).toEqual({ winner: 'won', kind: 'only' })
})

test('one that its owner wants again won by that only over bids that cost the same', () => {
  const won = { ...bid('won', 2n, 500_000), preferred: true }
  expect(whyWon([won, bid('lost', 2n, 1_000_000)])).toEqual({ winner: 'won', kind: 'preferred' })
  expect(whyWon([won, bid('lost', 2n, 500_000)])).toEqual({ winner: 'won', kind: 'preferred' })
  expect(whyWon([won, bid('vanished', 1n, 1_000_000)])).toEqual({ winner: 'won', kind: 'next' })
  expect(whyWon([won, bid('lost', 2n, 400_000)])).toMatchObject({ kind: 'best' })
})

test('whose bids came unwanted is told once for each', () => {
  expect(unwantedIn([bid('lost', 1n, 1), bid('unacceptable', 1n, 1), bid('unacceptable', 2n, 1)])).toEqual(['unacceptable'])
})

test('the winner is told by what it was ahead of every other in, and by nothing else', () => {
  const won = bid('won', 5n, 1_000_000, 900_000, 600)
  expect(whyWon([won, bid('lost', 6n, 7, 800_000, 700), bid('lost', 5n, 9, 900_000, 700)])).toEqual({
    winner: 'won',
    kind: 'best',
    count: 3,
    strengths: ['fastest'],
  })
  expect(whyWon([won, bid('lost', 6n, 7, 800_000, 700)])).toMatchObject({ strengths: ['cheapest', 'standing', 'fastest'] })
  expect(whyWon([won, bid('lost', 4n, 7, 100_000, 600), bid('lost', 9n, 7, 950_000)])).toMatchObject({ strengths: [] })
})

test('among equals it was drawn; behind a better one it was the next', () => {
  expect(whyWon([bid('lost', 1n, 1_000_000), bid('won', 1n, 1_000_000)])).toEqual({ winner: 'won', kind: 'equal' })
  expect(whyWon([bid('vanished', 1n, 1_000_000), bid('won', 2n, 500_000)])).toEqual({ winner: 'won', kind: 'next' })
})

test('after a provider has failed, the winner of the last auction is told, among the bids of that auction', () => {
  const bids = [
    { ...bid('vanished', 1n, 1_000_000), provider: 'first' },
    bid('lost', 2n, 500_000),
    { ...bid('won', 3n, 300_000), provider: 'second', round: 1 },
  ]
  expect(whyWon(bids)).toEqual({ winner: 'second', kind: 'only' })
  expect(failedBefore(bids)).toEqual(['first'])
  expect(failedBefore(bids.slice(0, 2))).toEqual([])
})

test('what the auction went by is not guessed', () => {
  const unknown = { ...bid('won', 1n, 0), ranked: null }
  expect(whyWon([unknown, bid('lost', 2n, 3)])).toBeNull()
  expect(whyWon([bid('won', 1n, 1_000_000), { ...unknown, outcome: 'lost' }])).toBeNull()
})
