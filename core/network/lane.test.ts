import { expect, test } from 'vitest'
import { createManualClock } from '../platform/clock.ts'
import { silentLog } from '../platform/log.ts'
import { idleClientMs, idleServerMs, maxPending } from './limits.ts'
import { createMemoryNetwork } from './memory.ts'
import type { FrameChannel } from './port.ts'
import { createRequestClient } from './request-client.ts'
import { encodeRequestFrame } from './request-frame.ts'
import { createStanding } from './standing.ts'
import type { Transport } from './transport.ts'

/** A peer whose channels are in the hand of the test. */
const setUp = () => {
  const clock = createManualClock()
  const opened: { readonly answer: (id: number) => void; readonly aborted: () => boolean; readonly asked: Uint8Array[] }[] = []
  const open = async (): Promise<FrameChannel> => {
    const asked: Uint8Array[] = []
    let deliver = (_frame: Uint8Array): void => undefined
    let aborted = false
    opened.push({ asked, answer: (id) => deliver(encodeRequestFrame('answer', id)), aborted: () => aborted })
    return {
      remotePeerId: 'peer',
      send: async (frame) => void asked.push(frame),
      receive: () =>
        new Promise((resolve) => {
          deliver = resolve
        }),
      finish: async () => undefined,
      abort: () => {
        aborted = true
      },
    }
  }
  const unused = () => {
    throw new Error('not part of this test')
  }
  const transport: Transport = {
    open,
    self: unused,
    peers: unused,
    onPeersChanged: unused,
    connect: unused,
    accept: unused,
    publish: unused,
    subscribe: unused,
    disconnect: unused,
    stop: unused,
  }
  const client = createRequestClient(transport, clock, createStanding(clock, silentLog))
  const ask = (timeoutMs: number) =>
    client.request({ peerId: 'peer', addresses: [] }, 'market', new Uint8Array(1), { timeoutMs }).then(
      () => 'answered',
      (error: { readonly code: string }) => error.code,
    )
  return { clock, opened, ask }
}
const settle = () => new Promise((resolve) => setImmediate(resolve))

test('after silence the next request takes a fresh stream, and the old one is kept while something waits on it', async () => {
  const { clock, opened, ask } = setUp()
  const patient = ask(10_000)
  const hasty = ask(100)
  await settle()
  clock.advance(100)
  expect(await hasty).toBe('timeout')
  const next = ask(10_000)
  await settle()
  expect(opened.map(({ asked }) => asked.length)).toEqual([2, 1])
  opened[1]?.answer(0)
  expect(await next).toBe('answered')
  expect(opened[0]?.aborted()).toBe(false)
  opened[0]?.answer(0)
  expect(await patient).toBe('answered')
  await settle()
  expect(opened.map(({ aborted }) => aborted())).toEqual([true, false])
})

test('a time limit on a stream that is alive does not cost the stream', async () => {
  const { clock, opened, ask } = setUp()
  const answered = ask(10_000)
  const hasty = ask(100)
  await settle()
  opened[0]?.answer(0)
  expect(await answered).toBe('answered')
  clock.advance(100)
  expect(await hasty).toBe('timeout')
  void ask(100)
  await settle()
  expect(opened.length).toBe(1)
})

test('requests wait for one peer up to a bound, then the caller hears of it', async () => {
  const { ask, opened } = setUp()
  const asked = Array.from({ length: maxPending + 1 }, () => ask(1000))
  expect(await asked.at(-1)).toBe('rate-limited')
  await settle()
  expect(opened.map((channel) => channel.asked.length)).toEqual([maxPending])
})

test('an idle stream is closed by the end that asks, and opened again when needed', async () => {
  const clock = createManualClock()
  const hub = createMemoryNetwork({ clock })
  const [a, b] = [hub.addNode('a'), hub.addNode('b')]
  b.serve('market', async (payload) => payload)
  const { clock: ownClock, opened, ask } = setUp()
  const first = ask(1000)
  await settle()
  opened[0]?.answer(0)
  expect(await first).toBe('answered')
  ownClock.advance(idleClientMs)
  expect(opened[0]?.aborted()).toBe(true)
  void ask(1000)
  await settle()
  expect(opened.length).toBe(2)

  // The same over a whole network: hours between requests are no error.
  for (let n = 0; n < 3; n++) {
    expect(await a.request(b.self(), 'market', new Uint8Array(n), { timeoutMs: 1000 })).toEqual(new Uint8Array(n))
    clock.advance(idleServerMs * 2)
    await settle()
  }
})
