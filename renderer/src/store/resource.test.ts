import { expect, test, vi } from 'vitest'
import type { Fetched } from './follower.ts'
import { createKeyed, createResource } from './resource.ts'

type Snapshot = { readonly revision: number; readonly text: string }

/** A resource whose fetches are answered by hand, whose events are sent by hand, and whose clock stands. */
const createRig = () => {
  const asked: ((fetched: Fetched<Snapshot>) => void)[] = []
  const waiting: (() => void)[] = []
  let hear: ((revision: number) => void) | null = null
  let gap: (() => void) | null = null
  let patch: ((change: (value: Snapshot) => Snapshot | 'stale') => void) | null = null
  const resource = createResource<Snapshot>(
    {
      after: (_delayMs, callback) => {
        waiting.push(callback)
        return () => waiting.splice(waiting.indexOf(callback), 1)
      },
      onGap: (listener) => {
        gap = listener
        return () => (gap = null)
      },
    },
    {
      fetch: () => new Promise((resolve) => asked.push(resolve)),
      revisionOf: ({ revision }) => revision,
      listen: (hearIt, patchIt) => {
        hear = hearIt
        patch = patchIt
        return () => (hear = null)
      },
    },
  )
  const answer = async (fetched: Fetched<Snapshot>): Promise<void> => {
    asked.shift()?.(fetched)
    await new Promise((resolve) => setImmediate(resolve))
  }
  return {
    resource,
    asked,
    isFollowing: () => hear !== null,
    hear: (revision: number) => hear?.(revision),
    gap: () => gap?.(),
    patch: (change: (value: Snapshot) => Snapshot | 'stale') => patch?.(change),
    passTime: () => waiting.splice(0).forEach((callback) => callback()),
    answer,
    show: (revision: number, text = '') => answer({ ok: true, value: { revision, text } }),
  }
}

test('nothing is fetched or listened to before somebody looks', () => {
  const { asked, isFollowing } = createRig()
  expect([asked.length, isFollowing()]).toEqual([0, false])
})

test('those who look at the same time share one subscription, and the last to leave ends it after a while', async () => {
  const { resource, asked, isFollowing, passTime, show } = createRig()
  const [one, two] = [resource.retain(), resource.retain()]
  await show(1)
  one()
  one()
  passTime()
  expect([asked.length, isFollowing()]).toEqual([0, true])
  two()
  expect(isFollowing()).toBe(true)
  passTime()
  expect(isFollowing()).toBe(false)
})

test('whoever comes back in time finds it still followed', async () => {
  const { resource, asked, isFollowing, passTime, show } = createRig()
  const leave = resource.retain()
  await show(1)
  leave()
  resource.retain()
  passTime()
  expect([isFollowing(), asked.length]).toEqual([true, 0])
})

test('whoever comes back later sees what was there at once, and then what is new', async () => {
  const { resource, passTime, show } = createRig()
  const leave = resource.retain()
  await show(4, 'old')
  leave()
  passTime()
  resource.retain()
  expect(resource.store.getState()).toMatchObject({ status: 'ready', value: { text: 'old' } })
  await show(9, 'new')
  expect(resource.store.getState()).toMatchObject({ value: { text: 'new' } })
})

test('what is shown stays when a later fetch fails, with the reason; without anything to show there is only the reason', async () => {
  const { resource, hear, show, answer } = createRig()
  resource.retain()
  await answer({ ok: false, error: { message: 'Not now.' } })
  expect(resource.store.getState()).toEqual({ status: 'failed', message: 'Not now.' })
  hear(1)
  await show(1, 'there')
  hear(2)
  await answer({ ok: false, error: { message: 'Not again.' } })
  expect(resource.store.getState()).toEqual({ status: 'ready', value: { revision: 1, text: 'there' }, problem: 'Not again.' })
})

test('an event may carry the change itself; when it does not fit, a snapshot is taken', async () => {
  const { resource, asked, patch, show } = createRig()
  resource.retain()
  await show(1, 'a')
  patch((value) => ({ ...value, text: `${value.text}b` }))
  expect([resource.store.getState(), asked.length]).toMatchObject([{ value: { text: 'ab' } }, 0])
  patch(() => 'stale')
  expect(asked).toHaveLength(1)
})

test('after a gap a lower revision counts', async () => {
  const { resource, gap, show } = createRig()
  resource.retain()
  await show(90, 'before')
  gap()
  await show(2, 'after')
  expect(resource.store.getState()).toMatchObject({ value: { text: 'after' } })
})

test('of keyed things the least recently used is forgotten', () => {
  const create = vi.fn<(key: string) => { readonly key: string }>((key) => ({ key }))
  const keyed = createKeyed(create, 2)
  const first = keyed('a')
  keyed('b')
  expect(keyed('a')).toBe(first)
  keyed('c')
  expect(keyed('a')).toBe(first)
  keyed('b')
  expect(create.mock.calls.flat()).toEqual(['a', 'b', 'c', 'b'])
})
