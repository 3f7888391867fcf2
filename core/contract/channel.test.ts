import { MessageChannel } from 'node:worker_threads'
import { expect, test } from 'vitest'
import { createChannelClient } from './channel-client.ts'
import { maxPendingCalls, maxUnheardEvents, type ClientFrame, type MarketFrame } from './channel-frames.ts'
import { createChannelSession } from './channel-session.ts'
import { createClient } from './client.ts'
import { createExample, exampleContract, type Example } from './testing/example-contract.ts'
import { describeTransport } from './testing/transport-compliance.ts'

// Structured clones between two ports, as between Electron's processes.
describeTransport('a channel of structured clones', async ({ dispatcher }) => {
  const { port1: page, port2: market } = new MessageChannel()
  const client = createChannelClient()
  const session = createChannelSession(dispatcher, { send: (frame) => market.postMessage(frame), onFault: () => undefined })
  market.on('message', session.receive)
  page.on('message', client.receive)
  client.attach((frame) => page.postMessage(frame))
  const dispose = () => {
    session.end()
    page.close()
  }
  return { transport: client.transport, close: client.close, dispose }
})

/** A session and a client whose frames are passed on by hand. */
const createHalves = (example: Example = createExample()) => {
  const toMarket: ClientFrame[] = []
  const toClient: MarketFrame[] = []
  const faults: string[] = []
  const session = createChannelSession(example.dispatcher, {
    send: (frame) => toClient.push(frame),
    onFault: (reason) => faults.push(reason),
  })
  const client = createChannelClient()
  client.attach((frame) => toMarket.push(frame))
  const deliver = () => {
    for (const frame of toMarket.splice(0)) session.receive(frame)
    for (const frame of toClient.splice(0)) client.receive(frame)
  }
  return { example, session, client, toMarket, toClient, faults, deliver, typed: createClient(exampleContract, client.transport) }
}
const emit = ({ dispatcher }: Example, revision: number) => dispatcher.emit('purse.changed', { revision, micro: 0n })

test('a client that does not listen is sent a bounded number of events, and told of the gap when it catches up', () => {
  const { example, client, typed, toClient, deliver } = createHalves()
  const heard: number[] = []
  let gaps = 0
  typed.purse.changed(({ revision }) => heard.push(revision))
  client.transport.onGap(() => void (gaps += 1))
  deliver()
  for (let revision = 0; revision < 10_000; revision += 1) emit(example, revision)
  expect(toClient).toHaveLength(maxUnheardEvents)
  deliver()
  deliver()
  expect([heard.length, gaps]).toEqual([maxUnheardEvents, 1])
  emit(example, 10_000)
  deliver()
  expect(heard.at(-1)).toBe(10_000)
})

test('a client that keeps up hears everything and of no gap', () => {
  const { example, client, typed, deliver } = createHalves()
  let heard = 0
  let gaps = 0
  typed.purse.changed(() => void (heard += 1))
  client.transport.onGap(() => void (gaps += 1))
  deliver()
  for (let revision = 0; revision < 5_000; revision += 1) {
    emit(example, revision)
    deliver()
  }
  expect([heard, gaps]).toEqual([5_000, 0])
})

test.each([
  ['text', 'hello'],
  ['nothing', undefined],
  ['an unknown kind', { kind: 'shutdown' }],
  ['an unknown field', { kind: 'subscribe', name: 'purse.changed', extra: true }],
  ['a name without end', { kind: 'subscribe', name: 'x'.repeat(81) }],
  ['a negative count', { kind: 'heard', events: -1 }],
])('a message that is %s is refused, told once to the log, and the session goes on', (_what, message) => {
  const { example, session, typed, toClient, faults, client, deliver } = createHalves()
  const refusals: string[] = []
  const heard: number[] = []
  typed.purse.changed(({ revision }) => heard.push(revision))
  client.transport.onRefused((what) => refusals.push(what))
  session.receive(message)
  session.receive(message)
  expect([faults.length, toClient]).toEqual([1, Array(2).fill({ kind: 'refused', what: 'unreadable', id: null })])
  deliver()
  emit(example, 1)
  deliver()
  expect([refusals, heard]).toEqual([['unreadable', 'unreadable'], [1]])
})

test('a call that cannot be read is answered: nothing waits for it for ever', async () => {
  const { client, session, toClient } = createHalves()
  const answer = client.transport.call('purse.balance', {})
  session.receive({ kind: 'call', id: 1, name: 'x'.repeat(81), input: {} })
  for (const frame of toClient.splice(0)) client.receive(frame)
  expect(await answer).toMatchObject({ ok: false, error: { code: 'invalid-input' } })
})

test('subscriptions to what is no event are forgotten, and repeated ones count once', () => {
  const { example, session, toClient } = createHalves()
  for (let index = 0; index < 1_000; index += 1) session.receive({ kind: 'subscribe', name: 'purse.changed' })
  session.receive({ kind: 'subscribe', name: 'purse.pay' })
  emit(example, 1)
  expect(toClient).toHaveLength(1)
})

test('more calls at once than allowed are refused on both sides', async () => {
  const { example, session, toClient, client } = createHalves()
  for (let id = 1; id <= maxPendingCalls + 1; id += 1) session.receive({ kind: 'call', id, name: 'purse.wait', input: { place: id } })
  expect(example.waiting()).toHaveLength(maxPendingCalls)
  expect(toClient).toMatchObject([{ id: maxPendingCalls + 1, answer: { ok: false, error: { code: 'unavailable' } } }])
  for (let index = 0; index < maxPendingCalls; index += 1) void client.transport.call('purse.balance', {})
  expect(await client.transport.call('purse.balance', {})).toMatchObject({ ok: false, error: { code: 'unavailable' } })
})

test('calls made before there is a connection wait for it, and fail with it', async () => {
  const client = createChannelClient()
  const sent: ClientFrame[] = []
  const first = client.transport.call('purse.balance', {})
  client.detach('No market answers there.')
  expect(await first).toEqual({ ok: false, error: { code: 'unavailable', message: 'No market answers there.' } })
  void client.transport.call('purse.balance', {})
  client.attach((frame) => sent.push(frame))
  expect(sent).toEqual([{ kind: 'call', id: 2, name: 'purse.balance', input: {} }])
})

test('a new connection takes up the subscriptions and tells of a gap; the first one does not', () => {
  const client = createChannelClient()
  const sent: ClientFrame[] = []
  let gaps = 0
  client.transport.onGap(() => void (gaps += 1))
  client.transport.subscribe('purse.changed', () => undefined)
  client.attach((frame) => sent.push(frame))
  expect([sent, gaps]).toEqual([[{ kind: 'subscribe', name: 'purse.changed' }], 0])
  client.detach('Gone.')
  client.attach((frame) => sent.push(frame))
  expect([sent.length, gaps]).toEqual([2, 1])
})

test('a market message that makes no sense is reported and ignored', () => {
  const faults: string[] = []
  const client = createChannelClient({ onFault: (reason) => faults.push(reason) })
  for (const message of [null, 'x', { kind: 'answer' }, { kind: 'event', name: 5 }]) client.receive(message)
  client.receive({ kind: 'answer', id: 99, answer: { ok: true, value: {} } })
  expect(faults).toHaveLength(4)
})
