import { expect, it } from 'vitest'
import { runCampaign } from './campaign.ts'
import { describeFailure } from './report.ts'

const seeds = 3_000
/** What a campaign of this size has to have seen, or it proves nothing. */
const states = [
  'final in view 0',
  'final in a later view',
  'final through carry-over',
  'final after contention',
  'a view skipped',
  'a view both notarized and skipped',
  'view 3 or later',
  'escrow open to release',
  'escrow open to refund',
  'escrow open to split',
  'escrow open to deliver',
  'escrow open to expire-refund',
  'escrow delivered to release',
  'escrow delivered to refund',
  'escrow delivered to split',
  'escrow delivered to expire-release',
  'escrow delivered to dispute',
  'witness crashed at-a-write',
  'witness crashed before-commit',
  'witness crashed after-commit',
  'witness crashed between',
  'party crashed at-a-write',
  'party crashed before-commit',
  'party crashed after-commit',
  'party crashed between',
  'a witness with an older disk',
  'a party with an older disk',
  'a new committee',
  'final in a later epoch',
  'a step carried over to the next committee',
]

/** Every way in which an escrow gets out of a dispute. */
const endsOfDisputes = [
  'escrow disputed to release',
  'escrow disputed to refund',
  'escrow disputed to split',
  'escrow disputed to seat-panel',
  'escrow disputed to expire-default',
  'escrow panel to release',
  'escrow panel to refund',
  'escrow panel to split',
  'escrow panel to rule',
  'escrow panel to expire-default',
]

const forgeries = [
  'forged withKeyOfStranger',
  'forged withMadeUpSignature',
  'forged unsigned',
  'forged withRevokedDevice',
  'forged withOwnReceipt',
  'forged withTooFewArbiters',
  'forged withMadeUpShares',
  'forged withoutSomeArbiters',
  'forged withoutFriends',
  'forged withoutTooManyFriends',
  'forged withForeignCredit',
  'forged withMoreThanThereIs',
  'forged onRevokedBid',
  'forged onNobodysBid',
  'forged onLapsedBid',
  'forged fromForeignAccount',
]

/** What liars are caught in, if the honest look for it. */
const offences = ['two-orders', 'two-proposals', 'two-notarizations', 'two-finalizations', 'skip-and-finalization']

it(`${seeds} seeds break no invariant, decide everything, repeat themselves, and reach every state worth reaching`, async () => {
  const { runs, failures, reached } = await runCampaign({ profile: 'usual', from: 1, count: seeds, workers: 2 })
  expect(failures.map(describeFailure)).toEqual([])
  expect(runs).toBe(seeds)
  expect(states.filter((state) => !reached.has(state))).toEqual([])
}, 900_000)

it('no step is decided twice while committees follow each other, only their members vote, and nothing is left behind', async () => {
  const { failures, reached } = await runCampaign({ profile: 'changes', from: 1, count: 150, workers: 2 })
  expect(failures.map(describeFailure)).toEqual([])
  expect(reached.get('final in a later epoch')).toBeGreaterThan(30)
}, 900_000)

it('whoever keeps its share of a seed back delays the panel until any f+1 shares do, and not beyond', async () => {
  const { failures, reached } = await runCampaign({ profile: 'disputes', from: 1, count: 150, workers: 2 })
  expect(failures.map(describeFailure)).toEqual([])
  expect(endsOfDisputes.filter((state) => !reached.has(state))).toEqual([])
  expect(reached.get('a panel seated without a designated witness')).toBeGreaterThan(5)
}, 900_000)

it('nobody moves money by an order that is not its own, with whatever it lies about', async () => {
  const { failures, reached } = await runCampaign({ profile: 'forgeries', from: 1, count: 100, workers: 2 })
  expect(failures.map(describeFailure)).toEqual([])
  expect(forgeries.filter((state) => !reached.has(state))).toEqual([])
  expect(reached.get('a panel without an arbiter that a side had named')).toBeGreaterThan(0)
}, 900_000)

it('a thief of a computer gets nothing more out of the account once its owner has taken the key back, and never the account itself', async () => {
  const { failures, reached } = await runCampaign({ profile: 'devices', from: 1, count: 100, workers: 2 })
  expect(failures.map(describeFailure)).toEqual([])
  expect(reached.get('a thief used a stolen device')).toBeGreaterThan(20)
  expect(reached.get('a thief came too late')).toBeGreaterThan(5)
}, 900_000)

it('whoever is cut off again and again while it agrees on tasks can go on afterwards', async () => {
  const { failures } = await runCampaign({ profile: 'outages', from: 1, count: 200, workers: 2 })
  expect(failures.map(describeFailure)).toEqual([])
}, 900_000)

it('beyond f liars safety breaks now and then, and every break convicts more than f of them and nobody honest', async () => {
  const { failures, reached } = await runCampaign({ profile: 'beyond', from: 1, count: 50, workers: 2 })
  expect(failures.map(describeFailure)).toEqual([])
  expect([...reached.keys()].filter((state) => state.startsWith('broken by'))).not.toEqual([])
  expect(offences.filter((offence) => !reached.has(`evidence of ${offence}`))).toEqual([])
}, 900_000)
