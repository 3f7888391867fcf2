import { afterEach, describe, expect, test } from 'vitest'
import { executorFailure, type BackendEvent, type Executor } from '../executors/executor.ts'
import { createExecutor } from '../executors/runner.ts'
import type { Clock } from '../platform/clock.ts'
import { createManualClock } from '../platform/clock.ts'
import { err } from '../platform/result.ts'
import { offersIn, statusOf } from './testing/provider-mode.ts'
import { ask, ended, outcomeOf, paidTo, taskOf } from './testing/trade.ts'
import { createWorld, type ProviderWish, type World } from './testing/world.ts'

/** What may come from a backend, a requester or a clock that means no good, one after the other, with what comes of it. */
let world: World
afterEach(async () => world.stop())
const begin = async (wish: ProviderWish): Promise<void> => {
  world = await createWorld([wish])
}
const maxOutputTokens = 200

/** The test's clock is the world's; the runner's own waits for nothing here. */
const backendOf = (stream: (signal: AbortSignal) => AsyncGenerator<BackendEvent>, clock: Clock = createManualClock()): Executor =>
  createExecutor(
    {
      id: 'practice',
      capabilities: { model: 'odd', maxOutputTokens: 4_096, simulated: true },
      models: () => Promise.resolve(['odd']),
      stream: (_task, signal) => stream(signal),
    },
    clock,
  )
const answering = (...events: readonly BackendEvent[]): Executor =>
  backendOf(async function* () {
    await Promise.resolve()
    yield* events
  })
const stop: BackendEvent = { kind: 'stop', reason: 'end' }
const text = (words: string): BackendEvent => ({ kind: 'text', text: words })

describe('a backend', () => {
  test('that claims more than was locked is paid no more than that, and its owner’s caps count no more than the task allows', async () => {
    await begin({ executor: answering(text('Hello.'), { kind: 'usage', inputTokens: 10 ** 9, outputTokens: 10 ** 9 }, stop) })
    const taskId = await ask(world, { maxOutputTokens })
    expect(await outcomeOf(world, taskId)).toEqual(paidTo('provider-1'))
    const { receipt, maxPriceMicro } = await taskOf(world, taskId)
    expect(receipt?.outputTokens).toBeLessThanOrEqual(maxOutputTokens)
    expect(receipt?.priceMicro).toBeLessThanOrEqual(maxPriceMicro)
    expect((await statusOf(world.providerAt(0))).outputTokensToday).toBeLessThanOrEqual(maxOutputTokens)
  })

  test('that claims nothing, or less than nothing, gives a receipt that its client accepts', async () => {
    await begin({ executor: answering(text('Hello.'), { kind: 'usage', inputTokens: -5, outputTokens: -7 }, stop) })
    const taskId = await ask(world)
    expect(await outcomeOf(world, taskId)).toEqual(paidTo('provider-1'))
    const { receipt } = await taskOf(world, taskId)
    expect([receipt?.inputTokens, receipt?.outputTokens].every((tokens) => tokens !== undefined && tokens >= 0)).toBe(true)
  })

  test('that streams garbage delivers text: nothing in it moves a terminal or hides itself', async () => {
    await begin({ executor: answering(text('a\u0000\u001b[2J\u202eb'), text('\ud800'), text('\u200bc'), stop) })
    const taskId = await ask(world)
    const { answer } = await ended(world, taskId)
    expect(answer).not.toMatch(/[\u0000-\u0008\u001b\u200b\u202e]/)
  })

  test('that never ends is cut where the task ends, and the client pays for no more', async () => {
    await begin({
      executor: backendOf(async function* () {
        for (;;) {
          await Promise.resolve()
          yield text('and so on ')
        }
      }),
    })
    const taskId = await ask(world, { maxOutputTokens })
    expect(await outcomeOf(world, taskId)).toMatchObject({ lostMicro: 0n })
    const { answer, receipt } = await taskOf(world, taskId)
    expect(answer.length).toBeLessThan(maxOutputTokens * 20)
    expect(receipt?.outputTokens ?? 0).toBeLessThanOrEqual(maxOutputTokens)
  })

  test('that says nothing and never ends costs the client nothing', async () => {
    await begin({ backend: { behaviour: 'hang' } })
    const taskId = await ask(world, { deadlineMs: 20_000 })
    expect(await outcomeOf(world, taskId)).toMatchObject({ paid: [], lostMicro: 0n })
    expect((await taskOf(world, taskId)).state).not.toBe('settled')
  })

  test('that returns ten megabytes at once delivers what was asked for', async () => {
    await begin({ executor: answering(text('x'.repeat(10_000_000)), stop) })
    const taskId = await ask(world, { maxOutputTokens })
    await ended(world, taskId)
    await world.rest()
    const { answer } = await taskOf(world, taskId)
    expect(answer.length).toBeLessThan(maxOutputTokens * 20)
  })

  test('whose key was revoked serves nobody any more: the offer goes, its owner is told why, and the client has its money back', async () => {
    const revoked = executorFailure('unauthorised', 'The key was refused. Put in another one.')
    const executor = answering(stop)
    await begin({ executor: { ...executor, run: () => Promise.resolve(err(revoked)) } })
    const taskId = await ask(world, { deadlineMs: 20_000 })
    await world.until(async () => (await offersIn(world)) === 0, 'the offer is withdrawn')
    expect(await statusOf(world.providerAt(0))).toMatchObject({
      state: 'running',
      activeOffers: 0,
      hold: { rule: 'backend', reason: revoked.message },
      backends: [{ problem: revoked.message }],
    })
    expect(await outcomeOf(world, taskId)).toMatchObject({ paid: [], lostMicro: 0n })
  })
})
