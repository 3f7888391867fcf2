import { beforeEach, describe, expect, test } from 'vitest'
import { executorFailure, nothingBilled, type Executor, type ExecutorErrorCode, type ExecutorFailure } from '../executors/executor.ts'
import { createManualClock } from '../platform/clock.ts'
import { err, ok, type Result } from '../platform/result.ts'
import { createBackendWatch, type BackendWatch } from './backend-watch.ts'

const clock = createManualClock()
let health: Result<{ readonly models: readonly string[] }, ExecutorFailure> = ok({ models: ['m'] })
let next: ExecutorFailure | null = null
let asked = 0
let changes = 0
let watch: BackendWatch
const inner: Executor = {
  id: 'local-model',
  capabilities: { model: 'm', maxOutputTokens: 100, simulated: false },
  estimate: () => ({ inputTokens: 1, outputTokens: 1 }),
  health: () => {
    asked += 1
    return Promise.resolve(health)
  },
  run: () =>
    Promise.resolve(next === null ? ok({ usage: nothingBilled, billed: nothingBilled, usageFrom: 'backend', stop: 'end' }) : err(next)),
}
beforeEach(() => {
  health = ok({ models: ['m'] })
  next = null
  asked = 0
  changes = 0
  watch = createBackendWatch(inner, clock, () => changes++)
})
const run = async (code: ExecutorErrorCode | null, retryAfterMs: number | null = null): Promise<void> => {
  next = code === null ? null : executorFailure(code, `It is ${code}.`, retryAfterMs)
  await watch.executor.run({ prompt: 'x', maxOutputTokens: 1 }, { signal: new AbortController().signal, onText: () => undefined })
}
const look = async (): Promise<void> => {
  watch.look()
  await new Promise((resolve) => setImmediate(resolve))
}

test.each(['unauthorised', 'spend-limit', 'model-not-found'] as const)(
  '"%s" waits for its owner, however well the backend feels',
  async (code) => {
    await run(code)
    clock.advance(24 * 3_600_000)
    await look()
    expect([watch.trouble(), changes]).toEqual([{ code, reason: `It is ${code}.`, untilMs: null }, 1])
    watch.forgive()
    expect([watch.trouble(), changes]).toEqual([null, 2])
  },
)

test.each([
  [7_000, 7_000],
  [null, 60_000],
])('a rate limit that says %s passes after %s ms', async (retryAfterMs, passesMs) => {
  await run('rate-limited', retryAfterMs)
  clock.advance(passesMs - 1)
  expect(watch.trouble()?.code).toBe('rate-limited')
  clock.advance(1)
  expect(watch.trouble()).toBeNull()
})

describe('a backend that cannot be reached', () => {
  test('serves nobody until it answers again, and is asked every half minute', async () => {
    await run('unreachable')
    health = err(executorFailure('unreachable', 'It is gone.'))
    for (let minute = 0; minute < 10; minute++) {
      await look()
      expect(watch.trouble()?.code).toBe('unreachable')
      clock.advance(30_000)
    }
    expect(asked).toBe(10)
    health = ok({ models: ['m'] })
    await look()
    expect(watch.trouble()).toBeNull()
  })
  test('is noticed between tasks', async () => {
    health = err(executorFailure('unreachable', 'It is gone.'))
    await look()
    expect(asked).toBe(0)
    clock.advance(300_000)
    await look()
    expect([watch.trouble()?.reason, asked]).toEqual(['It is gone.', 1])
  })
})

test('answers that break off are an accident twice, and the third time the backend rests', async () => {
  await run('broken-stream')
  await run('timeout')
  expect(watch.trouble()).toBeNull()
  await run(null)
  await run('broken-stream')
  await run('broken-stream')
  expect(watch.trouble()).toBeNull()
  await run('broken-stream')
  expect(watch.trouble()?.code).toBe('broken-stream')
  await look()
  clock.advance(299_999)
  expect(watch.trouble()?.code).toBe('broken-stream')
  clock.advance(1)
  expect(watch.trouble()).toBeNull()
  // It has not proved itself since, so the next one is enough.
  await run('unavailable')
  expect(watch.trouble()?.code).toBe('unavailable')
})

test.each(['refusal', 'invalid-task', 'aborted', 'rejected', 'empty'] as const)('"%s" is the task’s, not the backend’s', async (code) => {
  for (let time = 0; time < 5; time++) await run(code)
  expect([watch.trouble(), changes]).toEqual([null, 0])
})
