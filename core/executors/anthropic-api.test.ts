import { afterEach, expect, test, vi } from 'vitest'
import { parseApiKey } from '../compliance/credential.ts'
import { systemClock } from '../platform/clock.ts'
import { createAnthropicExecutor } from './anthropic-api.ts'
import { collect, describeExecutor, type ComplianceMode } from './executor-compliance.ts'
import { faultOf, type Executor } from './executor.ts'
import { fakeModel, fakeWords, startFakeAnthropic, type FakeAnthropicMode } from './fixtures/fake-anthropic.ts'
import type { LoopbackServer } from './fixtures/loopback-server.ts'

const keyText = ['sk', 'ant', 'api03', 'for-the-fake-server-only'].join('-')
const created = (baseUrl: string, clock = systemClock): Executor => {
  const apiKey = parseApiKey(keyText)
  if (!apiKey.ok) throw new Error(apiKey.error.message)
  const executor = createAnthropicExecutor({ apiKey: apiKey.value, baseUrl, model: fakeModel, clock })
  if (!executor.ok) throw new Error(executor.error.message)
  return executor.value
}

const modes: Readonly<Record<ComplianceMode, FakeAnthropicMode>> = {
  answer: 'answer',
  empty: 'empty',
  refuse: 'refusal',
  break: 'cut-short',
  hang: 'hang',
  flood: 'flood',
}
describeExecutor('anthropic-api', async (mode, clock) => {
  const server = await startFakeAnthropic({ mode: modes[mode] })
  return {
    executor: created(server.url, clock),
    expectedText: fakeWords.join(''),
    bodies: () => server.requests.filter(({ method }) => method === 'POST').map(({ body }) => body),
    stop: server.close,
  }
})

const servers: LoopbackServer[] = []
afterEach(async () => {
  vi.unstubAllEnvs()
  await Promise.all(servers.splice(0).map((server) => server.close()))
})
const serverIn = async (mode: FakeAnthropicMode) => {
  const server = await startFakeAnthropic({ mode })
  servers.push(server)
  return server
}
const task = { prompt: 'Hello', maxOutputTokens: 100 }

test.each([
  ['unauthorised', 'unauthorised', null],
  ['rate-limited', 'rate-limited', 7_000],
  ['rate-limited-without-retry', 'rate-limited', null],
  ['spend-limit', 'spend-limit', null],
  ['overloaded', 'overloaded', null],
  ['bad-request', 'rejected', null],
  ['not-found', 'model-not-found', null],
  ['server-error', 'unavailable', null],
  ['refusal', 'refusal', null],
  ['dropped-socket', 'broken-stream', null],
  ['mid-stream-error', 'overloaded', null],
  ['garbage', 'broken-stream', null],
] as const)('the API in mode "%s" is a failure "%s", asked once', async (mode, code, retryAfterMs) => {
  const server = await serverIn(mode)
  const { result } = await collect(created(server.url), task)
  expect(result).toMatchObject({ ok: false, error: { code, retryAfterMs } })
  expect(server.requests).toHaveLength(1)
  expect(JSON.stringify(result)).not.toContain(keyText)
})

test('the key follows no redirect', async () => {
  const elsewhere = await serverIn('answer')
  const server = await startFakeAnthropic({ mode: 'redirect', redirectTo: elsewhere.url })
  servers.push(server)
  expect((await collect(created(server.url), task)).result).toMatchObject({ error: { code: 'unreachable' } })
  expect(elsewhere.requests).toEqual([])
})

test("a refusal is the model's, an invalid task the client's, the rest the provider's", () => {
  expect([faultOf('refusal'), faultOf('invalid-task'), faultOf('spend-limit'), faultOf('timeout')]).toEqual([
    'model-refusal',
    'client',
    'provider',
    'provider',
  ])
})

test('an answer cut at its cap is an answer', async () => {
  const server = await serverIn('max-tokens')
  expect((await collect(created(server.url), task)).result).toMatchObject({
    ok: true,
    value: { stop: 'length', usage: { outputTokens: 12 } },
  })
})

test('our key is the only one that is sent, whatever the environment holds', async () => {
  vi.stubEnv('ANTHROPIC_API_KEY', 'other-key')
  vi.stubEnv('ANTHROPIC_AUTH_TOKEN', 'other-token')
  vi.stubEnv('ANTHROPIC_BASE_URL', 'http://127.0.0.1:9')
  vi.stubEnv('ANTHROPIC_CUSTOM_HEADERS', 'authorization: Bearer other\nx-api-key: other\nCookie: sessionKey=other')
  const server = await serverIn('answer')
  expect((await collect(created(server.url), task)).result).toMatchObject({ ok: true })
  const sent = server.requests[0]?.headers ?? {}
  expect(sent.authorization).toBe(`Bearer ${keyText}`)
  // The rest is what any request of HTTP has.
  const usual = ['accept-encoding', 'accept-language', 'connection', 'content-length', 'host', 'sec-fetch-mode', 'user-agent']
  const ours = Object.keys(sent).filter((name) => !usual.includes(name))
  expect(new Set(ours)).toEqual(new Set(['accept', 'anthropic-version', 'authorization', 'content-type']))
})

test('a server that is not there is unreachable', async () => {
  const server = await startFakeAnthropic()
  await server.close()
  expect((await collect(created(server.url), task)).result).toMatchObject({ error: { code: 'unreachable' } })
})

test.each(['http://api.example', 'ftp://127.0.0.1', 'https://user:pass@gateway.example', 'https://gateway.example/?key=1', '', 'nonsense'])(
  'the key is not sent to "%s"',
  (baseUrl) => {
    const apiKey = parseApiKey(keyText)
    expect(apiKey.ok && createAnthropicExecutor({ apiKey: apiKey.value, baseUrl, model: 'm', clock: systemClock })).toMatchObject({
      ok: false,
      error: { code: 'invalid-url' },
    })
  },
)
