import { afterEach, describe, expect, test } from 'vitest'
import { fromHex, toHex } from '../platform/bytes.ts'
import { createTaskStore } from './store.ts'
import { askOf, ended, outcomeOf, paidTo, stepsOf, taskOf } from './testing/trade.ts'
import { createWorld, type ProviderWish, type World } from './testing/world.ts'

/** Orders that stand while their maker is away: nobody is paid who is not there, and whoever returns does it or says why not. */
let world: World
afterEach(async () => world.stop())
const begin = async (providers?: readonly ProviderWish[]): Promise<void> => {
  world = await createWorld(providers)
}
const hourMs = 3_600_000
const stand = async (wish: Parameters<typeof askOf>[0] = {}): Promise<string> => {
  const answer = await world.requester.client().tasks.ask(askOf({ standsForMs: hourMs, ...wish }))
  if (!answer.ok) throw new Error(answer.error.message)
  return answer.value.taskId
}
const offerIdOf = async (): Promise<string> => {
  const book = await world.requester.client().orders.book({ classKey: null, limit: 9, offersCursor: null, requestsCursor: null })
  return book.ok ? (book.value.offers.rows[0]?.id ?? '') : ''
}
const waits = (taskId: string) =>
  world.until(async () => {
    const task = await taskOf(world, taskId)
    return task.state === 'waiting-for-bids' && task.problem !== null
  }, 'it waits and says why')
const nothingLocked = async (taskId: string): Promise<void> => {
  expect(await world.balanceOf(world.requester)).toMatchObject({ lockedMicro: 0n })
  expect(createTaskStore(world.requester.db()).attempts(fromHex(taskId))).toEqual([])
}
const own = async () => {
  const mine = await world.requester.client().orders.mine({})
  return mine.ok ? mine.value.requests : []
}

describe('while the provider is away', () => {
  test('its standing offer is neither paid nor run; when it returns, it runs the task that waits, once', async () => {
    await begin([{}])
    world.providerAt(0).crash()
    const taskId = await stand()
    await waits(taskId)
    await world.pass(10 * 60_000)
    await nothingLocked(taskId)
    expect(await own()).toMatchObject([{ taskId, stands: true, bids: 0 }])
    await world.providerAt(0).restart()
    expect(await outcomeOf(world, taskId)).toEqual(paidTo('provider-1'))
    expect(stepsOf(await taskOf(world, taskId)).filter((step) => step === 'locked')).toHaveLength(1)
  })

  test('a task that takes its offer waits for it alone, and never costs more than the offer that was taken', async () => {
    await begin([{}, {}])
    const provider = toHex(world.providerAt(0).market().accountId)
    const book = await world.requester.client().orders.book({ classKey: null, limit: 9, offersCursor: null, requestsCursor: null })
    const offerId = book.ok ? book.value.offers.rows.find((row) => row.provider === provider)?.id : undefined
    world.providerAt(0).crash()
    const { classKey: _class, mode: _mode, ...wish } = askOf({ standsForMs: hourMs })
    const taken = await world.requester.client().tasks.take({ ...wish, offerId: offerId ?? '' })
    const taskId = taken.ok ? taken.value.taskId : ''
    await waits(taskId)
    await world.pass(60_000)
    await nothingLocked(taskId)
    await world.providerAt(0).restart()
    expect(await outcomeOf(world, taskId)).toEqual(paidTo('provider-1'))
  })

  test('what was withdrawn meanwhile is not run when it returns', async () => {
    await begin([{}])
    world.providerAt(0).crash()
    const taskId = await stand()
    await waits(taskId)
    expect(await world.requester.client().tasks.cancel({ requestId: 'cancel-what-stands', taskId })).toMatchObject({ ok: true })
    await world.providerAt(0).restart()
    await world.pass(120_000)
    expect([(await taskOf(world, taskId)).state, await world.gains(), await own()]).toEqual(['cancelled', [0n, 0n], []])
  })

  test('and dearer than the limit when it returns, the task says so and ends at its time with nothing spent', async () => {
    await begin([{}])
    const offerId = await offerIdOf()
    await world.providerAt(0).client().provider.stop({ requestId: 'stop-the-provider' })
    await world.until(async () => !(await world.requester.client().orders.offer({ offerId })).ok, 'the offer is withdrawn')
    const taskId = await stand({ maxPriceMicro: 10n, standsForMs: 300_000 })
    await waits(taskId)
    await world.providerAt(0).restart()
    await world.until(async () => (await taskOf(world, taskId)).problem?.includes('limit') === true, 'the price is named')
    await world.pass(300_000)
    const task = await ended(world, taskId)
    expect([task.state, task.problem, await world.gains()]).toEqual(['failed', expect.stringMatching(/limit/), [0n, 0n]])
  })
})

describe('while the requester is away', () => {
  test('its request is not locked and not run; when it returns, it is', async () => {
    await begin([{ idle: true }])
    const taskId = await stand()
    await waits(taskId)
    world.requester.crash()
    await world.providerAt(0).serve()
    await world.pass(120_000)
    expect((await world.gains())[1]).toBe(0n)
    await world.requester.restart()
    expect(await outcomeOf(world, taskId)).toEqual(paidTo('provider-1'))
  })

  test('longer than it stands, it ends when it returns, with the reason and everything in the wallet', async () => {
    await begin([{ idle: true }])
    const taskId = await stand({ standsForMs: 60_000 })
    await waits(taskId)
    world.requester.crash()
    await world.providerAt(0).serve()
    await world.pass(120_000)
    await world.requester.restart()
    expect(await ended(world, taskId)).toMatchObject({ state: 'failed', problem: expect.stringMatching(/offers this class/) as string })
    await nothingLocked(taskId)
  })
})

test('nothing stands longer than a day', async () => {
  await begin([{ idle: true }])
  const answer = await world.requester.client().tasks.ask(askOf({ standsForMs: 25 * hourMs }))
  expect(answer).toMatchObject({ ok: false, error: { code: 'deadline-out-of-range' } })
})
