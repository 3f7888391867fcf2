import { afterEach, expect, test } from 'vitest'
import { systemClock } from '../platform/clock.ts'
import { collect, describeExecutor, type ComplianceMode } from './executor-compliance.ts'
import { fakeLocalModel, fakeLocalWords, startFakeOpenAi, type FakeOpenAiMode } from './fixtures/fake-openai.ts'
import type { LoopbackServer } from './fixtures/loopback-server.ts'
import { isLocalAddress, lookupLocal, notLocalCode } from './local-address.ts'
import { createLocalModelExecutor } from './local-model.ts'
import type { Executor } from './executor.ts'

const created = (baseUrl: string, clock = systemClock): Executor => {
  const executor = createLocalModelExecutor({ baseUrl, model: fakeLocalModel, clock })
  if (!executor.ok) throw new Error(executor.error.message)
  return executor.value
}

const modes: Readonly<Record<ComplianceMode, FakeOpenAiMode>> = {
  answer: 'answer',
  empty: 'empty',
  refuse: 'refusal',
  break: 'cut-short',
  hang: 'hang',
  flood: 'flood',
}
describeExecutor('local-model', async (mode, clock) => {
  const server = await startFakeOpenAi({ mode: modes[mode] })
  return {
    executor: created(server.url, clock),
    expectedText: fakeLocalWords.join(''),
    bodies: () => server.requests.filter(({ method }) => method === 'POST').map(({ body }) => body),
    stop: server.close,
  }
})

const servers: LoopbackServer[] = []
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()))
})
const answerIn = async (mode: FakeOpenAiMode) => {
  const server = await startFakeOpenAi({ mode })
  servers.push(server)
  return collect(created(`${server.url}/v1/`), { prompt: 'Hello', maxOutputTokens: 100 })
}

test.each([
  ['not-found', 'model-not-found'],
  ['overloaded', 'overloaded'],
  ['server-error', 'unavailable'],
  ['bad-request', 'rejected'],
  ['login', 'unauthorised'],
  ['dropped-socket', 'broken-stream'],
  ['mid-stream-error', 'broken-stream'],
  ['garbage', 'broken-stream'],
  ['endless-line', 'broken-stream'],
] as const)('a server in mode "%s" is a failure "%s"', async (mode, code) => {
  expect((await answerIn(mode)).result).toMatchObject({ ok: false, error: { code } })
})

test('a redirect is not followed', async () => {
  const elsewhere = await startFakeOpenAi()
  const server = await startFakeOpenAi({ mode: 'redirect', redirectTo: elsewhere.url })
  servers.push(elsewhere, server)
  expect((await collect(created(server.url), { prompt: 'Hello', maxOutputTokens: 9 })).result).toMatchObject({
    error: { code: 'rejected' },
  })
  expect(elsewhere.requests).toEqual([])
})

test('usage is estimated and said to be when the server does not count', async () => {
  expect((await answerIn('without-usage')).result).toMatchObject({ ok: true, value: { usageFrom: 'estimate' } })
  expect((await answerIn('answer')).result).toMatchObject({ ok: true, value: { usageFrom: 'backend', usage: { outputTokens: 13 } } })
})

test('an answer that the server cut says so, and a character that it split arrives whole', async () => {
  expect((await answerIn('max-tokens')).result).toMatchObject({ ok: true, value: { stop: 'length' } })
  expect((await answerIn('split-character')).pieces).toEqual(['one ', '🐟', ' two'])
})

test('a server that is not there is unreachable', async () => {
  const server = await startFakeOpenAi()
  await server.close()
  expect((await collect(created(server.url), { prompt: 'Hello', maxOutputTokens: 9 })).result).toMatchObject({
    error: { code: 'unreachable' },
  })
})

test.each(['http://8.8.8.8', 'http://[2001:db8::1]', 'http://169.254.169.254', 'http://0.0.0.0', 'http://100.64.0.1'])(
  '%s is not local',
  (baseUrl) => {
    expect(createLocalModelExecutor({ baseUrl, model: 'm', clock: systemClock })).toMatchObject({ ok: false, error: { code: 'not-local' } })
  },
)

test.each([
  '',
  'ftp://127.0.0.1',
  'https://127.0.0.1',
  'http://user:pass@127.0.0.1',
  'http://127.0.0.1/?a=1',
  'http://[',
  'file:///etc/passwd',
])('"%s" is no address of a server', (baseUrl) => {
  expect(createLocalModelExecutor({ baseUrl, model: 'm', clock: systemClock })).toMatchObject({ ok: false, error: { code: 'invalid-url' } })
})

test('numbers that the URL parser reads as an address are judged as that address', () => {
  expect(createLocalModelExecutor({ baseUrl: 'http://0x08080808', model: 'm', clock: systemClock })).toMatchObject({
    error: { code: 'not-local' },
  })
})

test('private addresses are local, also mapped into IPv6', () => {
  const local = ['127.0.0.1', '127.8.8.8', '10.1.2.3', '172.31.255.255', '192.168.1.1', '::1', 'fd00::1', '::ffff:192.168.1.1']
  const foreign = ['172.32.0.1', '192.169.0.1', '11.0.0.1', '::ffff:8.8.8.8', '::', 'fe80::1', 'example', '']
  expect(local.filter((address) => !isLocalAddress(address))).toEqual([])
  expect(foreign.filter(isLocalAddress)).toEqual([])
})

test('a name is judged by the address that it leads to, at the moment of connecting', async () => {
  const looked = (host: string) => new Promise((resolve) => lookupLocal(host, {}, (error, address) => resolve(error?.code ?? address)))
  expect([await looked('8.8.8.8'), await looked('127.0.0.1')]).toEqual([notLocalCode, '127.0.0.1'])
})
