import { expect, test, vi } from 'vitest'
import type { Transport } from '../../../core/contract/transport.ts'
import { createMarketClient } from '../api/client.ts'
import { watchTask } from './task-resource.ts'
import type { TaskDetail } from './types.ts'

const id = (digit: string): string => digit.repeat(64)

const wireTask = (changed: Record<string, unknown> = {}) => ({
  taskId: id('a'),
  state: 'running',
  classKey: 'practice-small',
  promptStart: 'Why?',
  prompt: 'Why?',
  reads: null,
  askedAtMs: 1_000,
  maxPriceMicro: '1000000',
  priceMicro: null,
  escrowId: id('e'),
  provider: id('b'),
  revision: 1,
  deadlineMs: 60_000,
  mode: 'first',
  maxOutputTokens: 128,
  steps: [],
  bids: [],
  answer: '',
  simulated: true,
  receipt: null,
  problem: null,
  hold: null,
  copies: [],
  ...changed,
})

/** A market with one task, whose events are sent by hand. */
const watching = async () => {
  const answers = new Map<string, unknown>([['tasks.get', wireTask()]])
  const calls: string[] = []
  const listeners = new Map<string, (payload: unknown) => void>()
  const transport: Transport = {
    call: (name) => {
      calls.push(name)
      return Promise.resolve({ ok: true, value: answers.get(name) })
    },
    subscribe: (name, listener) => {
      listeners.set(name, listener)
      return () => undefined
    },
    onGap: () => () => undefined,
    onRefused: () => () => undefined,
  }
  const source = { after: () => () => undefined, onGap: transport.onGap }
  const resource = watchTask(source, createMarketClient(transport), id('a'))
  resource.retain()
  const task = (): TaskDetail | null => {
    const loaded = resource.store.getState()
    return loaded.status === 'ready' ? loaded.value : null
  }
  await vi.waitFor(() => expect(task()).not.toBeNull())
  return { answers, calls, task, emit: (name: string, payload: unknown) => listeners.get(name)?.(payload) }
}
const output = (offset: number, text: string) => ({ taskId: id('a'), offset, text })

test('an answer grows piece by piece, without a fetch', async () => {
  const { emit, calls, task } = await watching()
  const before = calls.length
  emit('tasks.output', output(0, 'Because '))
  emit('tasks.output', output(8, 'of air.'))
  emit('tasks.output', { ...output(0, 'another task'), taskId: id('c') })
  expect([task()?.answer, calls.length]).toEqual(['Because of air.', before])
})

test('a missing piece fetches the task', async () => {
  const { answers, emit, task } = await watching()
  answers.set('tasks.get', wireTask({ revision: 2, answer: 'Because of air.' }))
  emit('tasks.output', output(8, 'of air.'))
  await vi.waitFor(() => expect(task()?.answer).toBe('Because of air.'))
})

test('a snapshot taken before the newest pieces does not take them back', async () => {
  const { answers, emit, task } = await watching()
  emit('tasks.output', output(0, 'Because of air.'))
  answers.set('tasks.get', wireTask({ revision: 2, answer: 'Because' }))
  emit('tasks.changed', { revision: 2, taskId: id('a') })
  await vi.waitFor(() => expect(task()?.revision).toBe(2))
  expect(task()?.answer).toBe('Because of air.')
})

test('another escrow is another attempt: its answer starts anew', async () => {
  const { answers, emit, task } = await watching()
  emit('tasks.output', output(0, 'Because of'))
  answers.set('tasks.get', wireTask({ revision: 2, escrowId: id('f') }))
  emit('tasks.changed', { revision: 2, taskId: id('a') })
  await vi.waitFor(() => expect(task()?.answer).toBe(''))
})
