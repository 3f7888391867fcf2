import { afterEach, describe, expect, test } from 'vitest'
import { fromHex } from '../platform/bytes.ts'
import { createTaskStore } from './store.ts'
import { answerOf, ask, atStep, ended, outcomeOf, paidTo, taskOf } from './testing/trade.ts'
import { createWorld, type ProviderWish, type World } from './testing/world.ts'

/** An account that comes back from its phrase and a backup file, when the witnesses have lost what was left with them. */
let world: World
afterEach(async () => world.stop())
const begin = async (providers?: readonly ProviderWish[]): Promise<void> => {
  // A practice account is not backed up.
  world = await createWorld(providers, { customer: 'A customer' })
}
/** Longer than it takes until a sealed copy has left. */
const copiedMs = 6_000
const newerCopy = 'It came to its end in a newer copy of this data, which has its answer.'
const long = { tokenMs: 300, words: 60 }
/** Longer than a task of these tests may take. */
const afterDeadlineMs = 120_000
const save = async (node = world.requester): Promise<string> => {
  const saved = await world.settleDown(node.client().identity.backup({}))
  if (!saved.ok) throw new Error(saved.error.message)
  return saved.value.content
}
/** What the newest task has come to when its owner saves a file, while it goes on. */
const saveAt = async (name: string): Promise<{ readonly taskId: string; readonly file: string }> => {
  let isThere = false
  const taskId = await ask(world)
  atStep(world, name, () => (isThere = true))
  await world.until(() => isThere)
  return { taskId, file: await save() }
}
const restoreFrom = async (file: string, node = world.requester): Promise<void> => {
  world.loseCopies()
  await node.restartOn(null, file)
}
const escrowCount = async (): Promise<number> => {
  const escrows = await world.requester.client().escrow.list({ cursor: null, limit: 50 })
  return escrows.ok ? escrows.value.page.rows.length : -1
}

describe('a requester that has lost its disk', () => {
  test('has the task of the file back, receives its answer from the start, and pays once', async () => {
    await begin([{ backend: long }])
    const { taskId, file } = await saveAt('running')
    await restoreFrom(file)
    expect((await taskOf(world, taskId)).prompt).toBe('Say something.')
    expect(await outcomeOf(world, taskId)).toEqual(paidTo('provider-1'))
    expect((await taskOf(world, taskId)).answer).toBe(await answerOf(world, 'provider-1', long.words))
    expect(createTaskStore(world.requester.db()).attempts(fromHex(taskId)).length).toBe(1)
  })

  test('has nothing of it without a file', async () => {
    await begin([{ backend: long }])
    const { taskId } = await saveAt('running')
    world.loseCopies()
    await world.requester.restartOn(null)
    expect(await world.requester.client().tasks.get({ taskId })).toMatchObject({ ok: false, error: { code: 'not-found' } })
  })

  test('hears of the witnesses what became of the question in its file', async () => {
    await begin([{ backend: long }])
    const { taskId } = await saveAt('running')
    await world.pass(copiedMs)
    const file = await save()
    expect(await outcomeOf(world, taskId)).toEqual(paidTo('provider-1'))
    await world.pass(copiedMs)
    const before = await world.gains()
    await world.requester.restartOn(null, file)
    const { state, problem, prompt } = await taskOf(world, taskId)
    expect([state, problem, prompt]).toEqual(['settled', newerCopy, 'Say something.'])
    expect([await escrowCount(), await world.gains()]).toEqual([1, before])
  })
})

describe('a provider that has lost its disk', () => {
  test('is paid with the receipt in its file, though its client never comes back', async () => {
    await begin([{}])
    atStep(world, 'delivered', () => world.requester.crash())
    const taskId = await ask(world)
    await world.until(() => world.requester.isDown())
    const provider = world.providerAt(0)
    await restoreFrom(await save(provider), provider)
    await world.pass(200_000)
    await world.requester.restart()
    expect(await outcomeOf(world, taskId)).toEqual(paidTo('provider-1'))
  })
})

describe('an old file', () => {
  test('of a task that has been paid since brings its question back, and nothing is sent or paid again', async () => {
    await begin([{ backend: long }])
    const { taskId, file } = await saveAt('running')
    expect(await outcomeOf(world, taskId)).toEqual(paidTo('provider-1'))
    const before = await world.gains()
    await restoreFrom(file)
    expect(await ended(world, taskId)).toMatchObject({ state: 'settled', prompt: 'Say something.' })
    await world.pass(afterDeadlineMs)
    expect([await escrowCount(), await world.gains()]).toEqual([1, before])
  })

  test('of a task that was cancelled since asks nobody anew', async () => {
    await begin([{ backend: long }, { backend: long }])
    const { taskId, file } = await saveAt('running')
    await world.requester.client().tasks.cancel({ requestId: 'cancel-what-was-saved', taskId })
    await world.rest()
    const before = await world.gains()
    await restoreFrom(file)
    expect(['failed', 'refunded']).toContain((await ended(world, taskId)).state)
    await world.pass(afterDeadlineMs)
    expect([await escrowCount(), await world.gains()]).toEqual([1, before])
  })

  test('of a task that went on with another provider leaves it to that one', async () => {
    await begin([{ backend: long }, { backend: { tokenMs: 20, words: 60 } }])
    const { taskId, file } = await saveAt('running')
    const first = world.providerAt(0)
    first.crash()
    const { state } = await ended(world, taskId)
    expect(state).toBe('settled')
    const locks = await escrowCount()
    expect(locks).toBe(2)
    await first.restart()
    await restoreFrom(file)
    expect(await ended(world, taskId)).toMatchObject({ state: 'settled', problem: newerCopy })
    await world.rest()
    expect([await escrowCount(), (await world.gains())[1]]).toEqual([locks, 0n])
  })

  test('beside a newer copy of the witnesses leaves the provider who answers now to answer', async () => {
    await begin([{ backend: long }, { backend: long }])
    const { taskId, file } = await saveAt('running')
    world.providerAt(0).crash()
    await world.until(async () => (await escrowCount()) === 2)
    await world.pass(copiedMs)
    await world.requester.restartOn(null, file)
    expect(await outcomeOf(world, taskId)).toEqual(paidTo('provider-2'))
    expect(await escrowCount()).toBe(2)
  })
})
