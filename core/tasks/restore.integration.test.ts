import { afterEach, describe, expect, test } from 'vitest'
import { fromHex } from '../platform/bytes.ts'
import { createTaskStore } from './store.ts'
import { answerOf, ask, askOf, atStep, ended, outcomeOf, paidTo, taskOf } from './testing/trade.ts'
import { createWorld, type ProviderWish, type World } from './testing/world.ts'

/** What is left of a trade when one side's disk is gone, or is as it was some time ago. */
let world: World
afterEach(async () => world.stop())
const begin = async (providers?: readonly ProviderWish[]): Promise<void> => {
  world = await createWorld(providers)
}
/** Longer than it takes until a sealed copy has left. */
const copiedMs = 6_000
const long = { tokenMs: 300, words: 60 }
const locksOf = (taskId: string): number => createTaskStore(world.requester.db()).attempts(fromHex(taskId)).length
const escrowCount = async (): Promise<number> => {
  const escrows = await world.requester.client().escrow.list({ cursor: null, limit: 50 })
  return escrows.ok ? escrows.value.page.rows.length : -1
}

describe('a requester that has lost its disk', () => {
  test('in the middle of an answer has its task back, receives the answer from the start, and pays once', async () => {
    await begin([{ backend: long }])
    let isRunning = false
    const taskId = await ask(world)
    atStep(world, 'running', () => (isRunning = true))
    await world.until(() => isRunning)
    await world.pass(copiedMs)
    await world.requester.restartOn(null)
    expect((await taskOf(world, taskId)).prompt).toBe('Say something.')
    expect(await outcomeOf(world, taskId)).toEqual(paidTo('provider-1'))
    expect((await taskOf(world, taskId)).answer).toBe(await answerOf(world, 'provider-1', long.words))
    expect(locksOf(taskId)).toBe(1)
  })
})

describe('a provider that has lost its disk', () => {
  test('after it has answered is paid at the end of the review, though its client never comes back', async () => {
    await begin([{}])
    atStep(world, 'delivered', () => world.requester.crash())
    const taskId = await ask(world)
    await world.until(() => world.requester.isDown())
    await world.pass(copiedMs)
    const provider = world.providerAt(0)
    await provider.restartOn(null)
    await world.pass(200_000)
    await world.requester.restart()
    expect(await outcomeOf(world, taskId)).toEqual(paidTo('provider-1'))
  })
})

describe('an older copy of a requester', () => {
  test('from before the lock does not run the task a second time, and pays for it once', async () => {
    await begin([{ backend: { tokenMs: 100, words: 60 } }])
    let file = ''
    atStep(world, 'bids', () => (file = world.requester.backup()))
    const taskId = await ask(world)
    expect(await outcomeOf(world, taskId)).toEqual(paidTo('provider-1'))
    await world.pass(copiedMs)
    await world.requester.restartOn(file)
    await world.pass(60_000)
    expect(await taskOf(world, taskId)).toMatchObject({ state: 'settled', problem: expect.stringContaining('newer copy') as string })
    expect(await escrowCount()).toBe(1)
    expect((await world.gains())[0]).toBe(-((await world.gains())[1] ?? 0n))
  })

  test('from the middle of the answer ends the trade as it was ended, and nothing is sent or paid again', async () => {
    await begin([{ backend: long }])
    let file = ''
    atStep(world, 'running', () => (file = world.requester.backup()))
    const taskId = await ask(world)
    expect(await outcomeOf(world, taskId)).toEqual(paidTo('provider-1'))
    const before = await world.gains()
    await world.pass(copiedMs)
    await world.requester.restartOn(file)
    await world.pass(60_000)
    expect((await taskOf(world, taskId)).state).toBe('settled')
    expect([await escrowCount(), await world.gains()]).toEqual([1, before])
  })

  test('from before it was asked answers the repeated command with the task that was done', async () => {
    await begin([{ backend: { tokenMs: 100, words: 60 } }])
    const file = world.requester.backup()
    const wish = askOf()
    const first = await world.requester.client().tasks.ask(wish)
    expect(await outcomeOf(world, first.ok ? first.value.taskId : '')).toEqual(paidTo('provider-1'))
    const before = await world.gains()
    await world.pass(copiedMs)
    await world.requester.restartOn(file)
    expect(await world.requester.client().tasks.ask(wish)).toEqual(first)
    await world.pass(60_000)
    expect([await escrowCount(), await world.gains()]).toEqual([1, before])
  })
})

describe('an older copy of a requester, from before its provider vanished,', () => {
  const saveAndGoOn = async (second: ProviderWish['backend']) => {
    await begin([{ backend: long }, { backend: second ?? {} }])
    let file = ''
    atStep(world, 'running', () => (file = world.requester.backup()))
    const taskId = await ask(world)
    await world.until(() => file !== '')
    world.providerAt(0).crash()
    await world.until(async () => (await escrowCount()) === 2)
    return { taskId, file }
  }

  test('waits for the one who answers now', async () => {
    const { taskId, file } = await saveAndGoOn(long)
    await world.pass(copiedMs)
    await world.requester.restartOn(file)
    expect([await outcomeOf(world, taskId), await escrowCount()]).toEqual([paidTo('provider-2'), 2])
  })

  test('learns from the chain alone that another has answered, and has nothing run a second time', async () => {
    const { taskId, file } = await saveAndGoOn({ tokenMs: 20, words: 60 })
    expect((await ended(world, taskId)).state).toBe('settled')
    world.loseCopies()
    await world.providerAt(0).restart()
    await world.requester.restartOn(file)
    expect(await taskOf(world, taskId)).toMatchObject({ state: 'settled', problem: expect.stringContaining('newer copy') as string })
    await world.rest()
    expect([await escrowCount(), (await world.gains())[1]]).toEqual([2, 0n])
  })
})

describe('an older copy of a provider', () => {
  test('that still thinks it works does not give back what it has answered since, and is paid', async () => {
    await begin([{ backend: long }])
    const provider = world.providerAt(0)
    let file = ''
    atStep(world, 'running', () => (file = provider.backup()))
    const taskId = await ask(world)
    await world.until(() => file !== '')
    atStep(world, 'delivered', () => world.requester.crash())
    await world.until(() => world.requester.isDown())
    await world.pass(copiedMs)
    await provider.restartOn(file)
    await world.pass(200_000)
    await world.requester.restart()
    expect(await outcomeOf(world, taskId)).toEqual(paidTo('provider-1'))
  })
})
