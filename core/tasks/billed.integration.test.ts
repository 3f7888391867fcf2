import type { ServerResponse } from 'node:http'
import { afterEach, expect, onTestFinished, test } from 'vitest'
import { sendJson, startEventStream, startLoopbackServer, write } from '../executors/fixtures/loopback-server.ts'
import { fakeModel, startFakeAnthropic } from '../executors/fixtures/fake-anthropic.ts'
import { apiBackend, keyText, nextRequestId, offersIn, startOf, statusOf, switchOn, testCaps } from './testing/provider-mode.ts'
import { ask, ended } from './testing/trade.ts'
import { createWorld, type ProviderWish, type TestNode, type World, type WorldOptions } from './testing/world.ts'

/** What the caps count is what the backend bills its owner, whatever the client is charged. */
let world: World
afterEach(async () => world.stop())
const begin = async (options?: WorldOptions, wish: ProviderWish = { isReal: true }): Promise<TestNode> => {
  world = await createWorld([{ idle: true, ...wish }], options)
  return world.providerAt(0)
}
const askTimes = async (times: number): Promise<void> => {
  for (let count = 0; count < times; count++) await ended(world, await ask(world))
}

/** A model server that says this and counts what it likes. */
const localServer = async (text: string, finish: string, completionTokens: number) => {
  const event = (response: ServerResponse, value: object) => write(response, `data: ${JSON.stringify(value)}\n\n`)
  const server = await startLoopbackServer(0, async ({ path }, response) => {
    if (path === '/v1/models') return sendJson(response, 200, { data: [{ id: 'm' }] })
    startEventStream(response)
    await event(response, { choices: [{ delta: { content: text }, finish_reason: finish }] })
    await event(response, { choices: [], usage: { prompt_tokens: 5, completion_tokens: completionTokens } })
    response.end('data: [DONE]\n\n')
  })
  onTestFinished(server.close)
  return {
    runs: () => server.requests.filter(({ method }) => method === 'POST').length,
    backend: { kind: 'local', baseUrl: server.url, model: 'm' } as const,
  }
}

test('reasoning that the client does not see is billed, and counts', async () => {
  const server = await startFakeAnthropic({ mode: 'thinking' })
  onTestFinished(server.close)
  const node = await begin({ customer: 'A customer' })
  node.credentials.set('work', keyText)
  await switchOn(world, node, { ...apiBackend, baseUrl: server.url, model: fakeModel }, { caps: { ...testCaps, outputTokensPerDay: 400 } })
  await askTimes(4)
  // The third could go over: a task may use 200.
  expect(server.requests.filter(({ method }) => method === 'POST')).toHaveLength(2)
  expect(await statusOf(node)).toMatchObject({ outputTokensToday: 380 })
})

test('a refusal is billed, and counts', async () => {
  const { backend, runs } = await localServer('', 'content_filter', 190)
  const node = await begin()
  const prices = { centsPerMillionOutputTokens: 1_000_000, moneyPerDayCents: 1_000, moneyPerMonthCents: 1_000 }
  await switchOn(world, node, backend, { approveEachTask: false, caps: { ...testCaps, ...prices, outputTokensPerDay: 400 } })
  await askTimes(4)
  expect([runs(), await statusOf(node)]).toMatchObject([2, { outputTokensToday: 380, moneyTodayCents: 380 }])
})

test('text is no fewer tokens than its bytes show, though its backend counts one', async () => {
  const { backend, runs } = await localServer('word '.repeat(600), 'stop', 1)
  const node = await begin()
  await switchOn(world, node, backend, { approveEachTask: false, caps: { ...testCaps, outputTokensPerDay: 400 } })
  await askTimes(4)
  expect([runs(), await statusOf(node)]).toMatchObject([2, { outputTokensToday: 376 }])
})

test('the owner’s own task holds its room while it runs, and gives back what it did not use', async () => {
  const node = await begin(undefined, { backend: { behaviour: 'hang' } })
  const { provider } = node.client()
  const ownTokens = async (): Promise<number> => {
    const rules = await provider.rules({})
    return rules.ok ? rules.value.ownToday.outputTokens : Number.NaN
  }
  const backend = { kind: 'practice' } as const
  await provider.start(startOf(backend, null, { caps: { ...testCaps, outputTokensPerDay: 350 } }))
  await world.until(async () => (await offersIn(world)) > 0, 'it is offered')
  const own = provider.tryOut({ requestId: nextRequestId(), backend, prompt: 'Mine.', maxOutputTokens: 200 })
  await world.until(async () => (await ownTokens()) === 200, 'its room is taken')
  expect((await ended(world, await ask(world, { deadlineMs: 20_000 }))).state).toBe('failed')
  expect(await world.settleDown(own)).toMatchObject({ ok: false, error: { code: 'backend-failed' } })
  expect(await ownTokens()).toBe(0)
  await ask(world)
  await world.until(async () => (await statusOf(node)).runningTasks === 1, 'another has the room')
})
