import { afterEach, describe, expect, test } from 'vitest'
import { toHex } from '../platform/bytes.ts'
import { ended, outcomeOf, paidTo, stepsOf, taskOf } from './testing/trade.ts'
import { createWorld, type ProviderWish, type World } from './testing/world.ts'

let world: World
afterEach(async () => world.stop())
const begin = async (providers?: readonly ProviderWish[]): Promise<void> => {
  world = await createWorld(providers)
}

const offerOf = async (provider: number): Promise<string> => {
  const account = toHex(world.providerAt(provider).market().accountId)
  const book = await world.requester.client().orders.book({ classKey: null, limit: 50, offersCursor: null, requestsCursor: null })
  const offer = book.ok ? book.value.offers.rows.find((row) => row.provider === account) : undefined
  if (offer === undefined) throw new Error('the offer is in the book')
  return offer.id
}
let taken = 0
const wishOf = (offerId: string) => ({
  requestId: `take-an-offer-of-the-tests-${++taken}`,
  offerId,
  prompt: 'Say something.',
  maxOutputTokens: 200,
  maxPriceMicro: 1_000_000n,
  deadlineMs: 60_000,
})
const take = (wish: ReturnType<typeof wishOf> & { readonly byHand?: boolean }) => world.requester.client().tasks.take(wish)
const takenTask = async (provider: number): Promise<string> => {
  const answer = await take(wishOf(await offerOf(provider)))
  if (!answer.ok) throw new Error(answer.error.message)
  return answer.value.taskId
}

describe('taking a standing offer', () => {
  test('asks its provider alone, though others are cheaper, and pays at most what the offer says', async () => {
    await begin()
    const taskId = await takenTask(1)
    const task = await ended(world, taskId)
    expect(task.bids.map(({ provider }) => provider)).toEqual([toHex(world.providerAt(1).market().accountId)])
    expect(task.maxPriceMicro).toBe(2_400n)
    expect(await outcomeOf(world, taskId)).toEqual(paidTo('provider-2'))
  })

  test('that is gone is refused at once and costs nothing; asked again, a task that took it is still that task', async () => {
    await begin()
    const offerId = await offerOf(1)
    const wish = wishOf(offerId)
    const first = await take(wish)
    await world.providerAt(1).client().provider.stop({ requestId: 'stop-the-provider' })
    await world.until(async () => !(await world.requester.client().orders.offer({ offerId })).ok, 'the offer leaves the book')
    expect(await take(wishOf(offerId))).toMatchObject({ ok: false, error: { code: 'offer-gone' } })
    expect(await take(wish)).toEqual(first)
  })

  test('is paid by hand where its owner wishes that', async () => {
    await begin()
    const taken = await take({ ...wishOf(await offerOf(1)), byHand: true })
    if (!taken.ok) throw new Error(taken.error.message)
    expect((await ended(world, taken.value.taskId, ['delivered'])).hold).toBe('owner')
  })

  test.each([
    ['of its own member', 'own offer', {}],
    ['below its price', 'more than your limit', { maxPriceMicro: 1n }],
    ['for more than it allows', 'smaller tasks', { maxOutputTokens: 60_000 }],
  ] as const)('%s is refused before anybody is asked', async (name, reason, changes) => {
    await begin([{}])
    const wish = { ...wishOf(await offerOf(0)), ...changes }
    const asker = name === 'of its own member' ? world.providerAt(0) : world.requester
    expect(await asker.client().tasks.take(wish)).toMatchObject({
      ok: false,
      error: { code: 'offer-does-not-fit', message: expect.stringContaining(reason) as string },
    })
    const asked = await asker.client().tasks.list({ cursor: null, limit: 10 })
    expect(asked.ok && asked.value.total).toBe(0)
  })

  test('whose provider is away by then fails soon, with nothing locked', async () => {
    await begin()
    const offerId = await offerOf(1)
    world.providerAt(1).crash()
    const answer = await take(wishOf(offerId))
    const task = await ended(world, answer.ok ? answer.value.taskId : '')
    expect([task.state, task.problem, stepsOf(task).includes('locked')]).toEqual([
      'failed',
      expect.stringMatching(/did not take the task/),
      false,
    ])
    expect(await world.balanceOf(world.requester)).toMatchObject({ lockedMicro: 0n })
    await world.providerAt(1).restart()
  })

  test('whose provider fails gives everything back, and nobody else is asked', async () => {
    await begin([{}, { backend: { behaviour: 'empty' } }])
    const taskId = await takenTask(1)
    const task = await ended(world, taskId, ['refunded'])
    expect([task.problem, task.bids.length]).toEqual([expect.stringMatching(/empty answer/), 1])
    expect(await world.gains()).toEqual([0n, 0n, 0n])
  })

  test('goes on after a restart with the same provider', async () => {
    await begin()
    world.network.setFaults(({ protocol }) => (protocol === 'market' ? { delayMs: 500 } : 'deliver'))
    const taskId = await takenTask(1)
    world.requester.crash()
    world.network.setFaults(null)
    await world.requester.restart()
    expect(await outcomeOf(world, taskId)).toEqual(paidTo('provider-2'))
    expect((await taskOf(world, taskId)).bids).toHaveLength(1)
  })
})
