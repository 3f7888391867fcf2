import { afterEach, expect, test } from 'vitest'
import { assert } from '../platform/assert.ts'
import { ask, atStep, ended, slow, taskOf } from './testing/trade.ts'
import { createWorld, type World } from './testing/world.ts'

let world: World
afterEach(() => world.stop())

let made = 0
const cancel = (taskId: string) => world.requester.client().tasks.cancel({ requestId: `a-cancel-of-the-tests-${++made}`, taskId })
/** Nothing is locked any more, nobody gained, and the provider works on nothing. */
const expectAllBack = async (taskId: string): Promise<void> => {
  await ended(world, taskId, ['refunded'])
  await world.rest()
  expect(await world.gains()).toEqual([0n, 0n])
}

test.each(['bids', 'locked', 'sent', 'received', 'running'])(
  'a task that is cancelled at “%s” costs nothing',
  async (step) => {
    world = await createWorld([{ backend: slow }])
    let cancelled: ReturnType<typeof cancel> | null = null
    let id: string | null = null
    atStep(world, step, () => {
      assert(id !== null, 'the task is known')
      cancelled = cancel(id)
    })
    id = await ask(world)
    await world.until(() => cancelled !== null, `the step ${step}`)
    expect(await (cancelled as ReturnType<typeof cancel> | null)).toMatchObject({ ok: true })
    await expectAllBack(id)
    const { steps, problem } = await taskOf(world, id)
    expect(steps.map(({ name }) => name)).toContain('cancelled')
    expect(problem).toContain('You cancelled it.')
  },
  60_000,
)

test('a task whose answer is complete cannot be cancelled', async () => {
  world = await createWorld([{}])
  const id = await ask(world)
  await ended(world, id)
  expect(await cancel(id)).toMatchObject({ ok: false, error: { code: 'too-late' } })
}, 60_000)

test('a task whose provider is gone when it is cancelled is refunded after its deadline', async () => {
  world = await createWorld([{ backend: slow }])
  const id = await ask(world)
  await ended(world, id, ['running'])
  world.providerAt(0).crash()
  expect(await cancel(id)).toMatchObject({ ok: true })
  await ended(world, id, ['refunded'])
}, 60_000)
