import { expect, test } from 'vitest'
import type { EscrowDetail } from '../../store/types.ts'
import { movesOf, storyOf } from './story.ts'

const certificate = (step: number, move: EscrowDetail['certificates'][number]['move']) => ({
  step,
  move,
  atMs: null,
  txHash: 'd'.repeat(64),
  epoch: 0,
  view: 0,
  signers: [0, 1, 3],
  quorum: 3,
  committeeSize: 4,
})

const escrow: EscrowDetail = {
  id: 'e'.repeat(64),
  revision: 1,
  phase: 'open',
  role: 'client',
  classKey: 'practice-small',
  amountMicro: 5_000n,
  priceMicro: null,
  counterparty: 'b'.repeat(64),
  taskId: null,
  openedAtMs: 1_000,
  deliverByMs: 60_000,
  reviewByMs: null,
  exits: [
    { move: 'release', fromMs: null, untilMs: null, pays: { providerMicro: 5_000n, clientMicro: 0n } },
    { move: 'expire-refund', fromMs: 60_000, untilMs: null, pays: { providerMicro: 0n, clientMicro: 5_000n } },
  ],
  payout: null,
  settledBy: null,
  panel: { quorum: 2, seats: 3, hasJudges: true },
  ruleMs: 60_000,
  splitOffer: null,
  certificates: [certificate(0, 'open')],
}
const kinds = (changed: Partial<EscrowDetail>) =>
  storyOf({ ...escrow, ...changed }).map((event) =>
    event.kind === 'happened' ? event.move : event.kind === 'settled' ? event.by : event.kind,
  )

test('an open escrow was locked, waits until its deadline, and then goes back by itself', () => {
  expect(kinds({})).toEqual(['open', 'now', 'ahead'])
  expect(storyOf(escrow)[1]).toEqual({ kind: 'now', phase: 'open', untilMs: 60_000 })
})

test('a delivered one waits for the end of its review', () =>
  expect(
    storyOf({ ...escrow, phase: 'delivered', reviewByMs: 90_000, certificates: [certificate(0, 'open'), certificate(1, 'deliver')] })[2],
  ).toEqual({
    kind: 'now',
    phase: 'delivered',
    untilMs: 90_000,
  }))

test('a settled one ends with what settled it, and nothing comes after', () => {
  const certificates = [certificate(0, 'open'), certificate(1, 'release')]
  expect(kinds({ phase: 'settled', settledBy: 'release', exits: [], certificates })).toEqual(['open', 'release'])
})

test('what happens by itself is no move of mine', () => expect(movesOf(escrow).map(({ move }) => move)).toEqual(['release']))
