import { expect, test, vi } from 'vitest'
import type { Transport } from '../../../core/contract/transport.ts'
import { createMarketClient } from '../api/client.ts'
import { createMarketStore, type TaskDetail } from './market-store.ts'
import { startSync } from './sync.ts'

const id = (digit: string): string => digit.repeat(64)

const wireTask = (changed: Record<string, unknown> = {}) => ({
  taskId: id('a'),
  state: 'running',
  classKey: 'practice-small',
  promptStart: 'Why?',
  prompt: 'Why?',
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
  ...changed,
})

/** A market whose answers are a table, and whose events are sent by hand. */
const createRig = () => {
  const answers = new Map<string, unknown>([['tasks.get', wireTask()]])
  const calls: string[] = []
  const listeners = new Map<string, (payload: unknown) => void>()
  const gaps: (() => void)[] = []
  const transport: Transport = {
    call: (name) => {
      calls.push(name)
      const value = answers.get(name)
      const error = { code: 'unavailable', message: `${name} is not there.` }
      return Promise.resolve(value === undefined ? { ok: false, error } : { ok: true, value })
    },
    subscribe: (name, listener) => {
      const others = listeners.get(name)
      listeners.set(name, (payload) => {
        others?.(payload)
        listener(payload)
      })
      return () => undefined
    },
    onGap: (listener) => {
      gaps.push(listener)
      return () => undefined
    },
  }
  const store = createMarketStore()
  const sync = startSync(createMarketClient(transport), { transport, onStateChanged: () => () => undefined, close: () => undefined }, store)
  const shownTask = (): TaskDetail | null => {
    const { task } = store.getState()
    return task?.status === 'ready' ? task.value : null
  }
  return { answers, calls, store, sync, shownTask, emit: (name: string, payload: unknown) => listeners.get(name)?.(payload), gaps }
}

const watching = async () => {
  const rig = createRig()
  rig.sync.watchTask(id('a'))
  await vi.waitFor(() => expect(rig.shownTask()).not.toBeNull())
  return rig
}
const output = (offset: number, text: string) => ({ taskId: id('a'), offset, text })

test('an answer grows piece by piece, without a fetch', async () => {
  const { emit, calls, shownTask } = await watching()
  const before = calls.length
  emit('tasks.output', output(0, 'Because '))
  emit('tasks.output', output(8, 'of air.'))
  emit('tasks.output', { ...output(0, 'another task'), taskId: id('c') })
  expect([shownTask()?.answer, calls.length]).toEqual(['Because of air.', before])
})

test('a missing piece fetches the task', async () => {
  const { answers, emit, shownTask } = await watching()
  answers.set('tasks.get', wireTask({ revision: 2, answer: 'Because of air.' }))
  emit('tasks.output', output(8, 'of air.'))
  await vi.waitFor(() => expect(shownTask()?.answer).toBe('Because of air.'))
})

test('a snapshot taken before the newest pieces does not take them back', async () => {
  const { answers, emit, shownTask } = await watching()
  emit('tasks.output', output(0, 'Because of air.'))
  answers.set('tasks.get', wireTask({ revision: 2, answer: 'Because' }))
  emit('tasks.changed', { revision: 2, taskId: id('a') })
  await vi.waitFor(() => expect(shownTask()?.revision).toBe(2))
  expect(shownTask()?.answer).toBe('Because of air.')
})

test('another escrow is another attempt: its answer starts anew', async () => {
  const { answers, emit, shownTask } = await watching()
  emit('tasks.output', output(0, 'Because of'))
  answers.set('tasks.get', wireTask({ revision: 2, escrowId: id('f') }))
  emit('tasks.changed', { revision: 2, taskId: id('a') })
  await vi.waitFor(() => expect(shownTask()?.answer).toBe(''))
})

test('what is shown stays when a later fetch fails, with the reason', async () => {
  const { answers, emit, store, shownTask } = await watching()
  answers.delete('tasks.get')
  emit('tasks.changed', { revision: 2, taskId: id('a') })
  await vi.waitFor(() => expect(store.getState().task).toMatchObject({ status: 'ready', problem: 'tasks.get is not there.' }))
  expect(shownTask()?.prompt).toBe('Why?')
})

test('a resource that never came says why', async () => {
  const { store } = createRig()
  await vi.waitFor(() => expect(store.getState().network).toEqual({ status: 'failed', message: 'network.status is not there.' }))
})

test('a gap fetches everything again', async () => {
  const { calls, gaps } = await watching()
  const before = new Set(calls)
  calls.length = 0
  gaps.forEach((tell) => tell())
  await vi.waitFor(() => expect(new Set(calls)).toEqual(before))
})
