import { afterEach, expect, test } from 'vitest'
import { ppm } from '../platform/fixed-point.ts'
import { ask, atStep, ended, slow, taskOf } from './testing/trade.ts'
import { createWorld, type ProviderWish, type World } from './testing/world.ts'

let world: World
afterEach(async () => world.stop())
const begin = async (providers: readonly ProviderWish[]): Promise<void> => {
  world = await createWorld(providers)
}
/** Providers of one seed say the same; the reputation's lane for newcomers decides nothing where all are wanted. */
const says = (seed: string, wish: ProviderWish = {}): ProviderWish => ({ ...wish, backend: { seed, ...wish.backend } })
const copiesOf = async (taskId: string) => (await taskOf(world, taskId)).copies
const atRest = (taskId: string) =>
  world.until(async () => {
    const copies = await copiesOf(taskId)
    return copies.every(
      ({ state, agreementPpm }) => state !== 'running' && state !== 'locking' && (state !== 'delivered' || agreementPpm !== null),
    )
  }, 'all copies are judged')

test('three providers answer one question for three escrows; those that agree are paid, and the other waits for its owner', async () => {
  // Its many words make the difference: every practice answer begins with the same sentence.
  const brief = { backend: { words: 2 } }
  await begin([says('alike', brief), says('different', { backend: { words: 80 } }), says('alike', brief)])
  const taskId = await ask(world, { copies: 3 })
  await atRest(taskId)
  await world.until(async () => (await copiesOf(taskId)).filter(({ state }) => state === 'settled').length === 2, 'two are paid')
  const copies = await copiesOf(taskId)
  expect(new Set(copies.map(({ provider }) => provider)).size).toBe(3)
  expect(copies.filter(({ agreementPpm }) => agreementPpm === ppm).map(({ state }) => state)).toEqual(['settled', 'settled'])
  const other = copies.find(({ state }) => state === 'delivered')
  expect(other?.agreementPpm).toBeLessThan(ppm / 2)
  expect((await taskOf(world, other?.taskId ?? '')).problem).toMatch(/of its words with the others/)
  const released = world.requester.client().escrow.release({ requestId: 'release-what-differs', escrowId: other?.escrowId ?? '' })
  expect(await world.settleDown(released)).toMatchObject({ ok: true })
  await world.rest()
  expect((await copiesOf(taskId)).map(({ state }) => state)).toEqual(['settled', 'settled', 'settled'])
  const listed = await world.requester.client().tasks.list({ cursor: null, limit: 9 })
  expect(listed.ok && [listed.value.total, listed.value.rows.length]).toEqual([1, 1])
})

test('nobody is paid before all answers are in, also over a restart', async () => {
  await begin([says('alike'), says('alike', { backend: { ...slow, words: 20 } })])
  const taskId = await ask(world, { copies: 2 })
  await world.until(async () => (await copiesOf(taskId)).some(({ state }) => state === 'delivered'), 'the first is in')
  expect((await copiesOf(taskId)).map(({ priceMicro }) => priceMicro)).toEqual([null, null])
  world.requester.crash()
  await world.requester.restart()
  await ended(world, taskId, ['settled'])
  await world.rest()
  expect((await copiesOf(taskId)).map(({ state, agreementPpm }) => [state, agreementPpm])).toEqual([
    ['settled', ppm],
    ['settled', ppm],
  ])
})

test('a copy whose provider fails goes to another; with no other left the rest is compared without it', async () => {
  await begin([says('alike'), says('alike'), { backend: { behaviour: 'empty' } }])
  const taskId = await ask(world, { copies: 3 })
  await world.until(async () => (await copiesOf(taskId)).filter(({ state }) => state === 'settled').length === 2, 'two are paid')
  expect((await copiesOf(taskId)).find(({ state }) => state !== 'settled')).toMatchObject({ agreementPpm: null })
})

test('cancelling the question cancels every copy that is not in yet', async () => {
  await begin([says('alike', { backend: slow }), says('alike', { backend: slow })])
  let cancelled: Promise<unknown> = Promise.resolve()
  const asked = ask(world, { copies: 2 })
  atStep(world, 'running', () => {
    cancelled = asked.then((taskId) => world.requester.client().tasks.cancel({ requestId: 'cancel-every-copy', taskId }))
  })
  const taskId = await asked
  await world.until(
    async () => (await copiesOf(taskId)).every(({ state }) => state === 'cancelled' || state === 'refunded'),
    'both are cancelled',
  )
  expect(await cancelled).toMatchObject({ ok: true })
  await world.rest()
  expect(await world.gains()).toEqual([0n, 0n, 0n])
})

test('copies are paid for each: the limit times their number must be there', async () => {
  await begin([{}])
  const available = (await world.balanceOf(world.requester)).availableMicro
  const answer = await world.requester.client().tasks.ask({
    requestId: 'more-copies-than-money',
    prompt: 'Say something.',
    classKey: 'practice-small',
    maxOutputTokens: 200,
    maxPriceMicro: available / 2n,
    mode: 'best',
    deadlineMs: 60_000,
    copies: 3,
  })
  expect(answer).toMatchObject({ ok: false, error: { code: 'insufficient-funds' } })
})
