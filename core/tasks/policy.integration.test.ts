import { afterEach, describe, expect, onTestFinished, test } from 'vitest'
import { backends, claudeByLocalServer, policyTable, relations } from '../compliance/policy.ts'
import type { ClaudeLogin } from '../executors/discover.ts'
import { sendJson, startEventStream, startLoopbackServer } from '../executors/fixtures/loopback-server.ts'
import {
  agree,
  apiBackend,
  keyText,
  localBackend,
  nextRequestId,
  offersIn,
  startOf,
  statusOf,
  switchOn,
  testCaps,
} from './testing/provider-mode.ts'
import { ask, ended, slow } from './testing/trade.ts'
import { createWorld, type ProviderWish, type TestNode, type World, type WorldOptions } from './testing/world.ts'

let world: World
afterEach(async () => world.stop())
const organisation = { customer: 'A customer' }
const begin = async (options?: WorldOptions, wish: ProviderWish = {}): Promise<TestNode> => {
  world = await createWorld([{ idle: true, backend: slow, ...wish }], options)
  return world.providerAt(0)
}
const claude = (login: ClaudeLogin) => ({ claude: { path: '/home/me/.local/bin/claude', login } })
const cli = (keyRef: string | null) =>
  ({ kind: 'claude-cli', model: 'some-model', key: keyRef === null ? null : { keyRef, baseUrl: 'https://api.anthropic.com' } }) as const
const policyOf = async (node: TestNode) => {
  const policy = await node.client().provider.policy({})
  if (!policy.ok) throw new Error(policy.error.message)
  return policy.value
}
const standingOf = async (node: TestNode) => {
  const standing = await node.client().consents.standing({})
  if (!standing.ok) throw new Error(standing.error.message)
  return standing.value
}
const command = () => ({ requestId: nextRequestId() })

test('the page shows the very table that decides, with what it comes to for this member', async () => {
  const { rows, relation, termsReadOn, sources } = await policyOf(await begin())
  expect({ relation, termsReadOn, sources: sources.length }).toEqual({ relation: 'community', termsReadOn: '2026-11-20', sources: 4 })
  const shown = rows.map(({ backend, cells }) => [backend, cells.map((cell) => [cell.relation, cell.rule, cell.kind])])
  const table = backends.map((backend) => [backend, relations.map((one) => [one, `${backend}/${one}`, policyTable[backend][one].kind])])
  expect(shown).toEqual(table)
  expect(rows.flatMap(({ cells }) => cells).filter(({ sentence }) => sentence === '')).toEqual([])
  expect(rows.map(({ now }) => now.verdict)).toEqual(['allow', 'ask-each-time', 'refuse', 'refuse', 'refuse', 'refuse', 'refuse', 'refuse'])
})

describe('Claude behind a local model server', () => {
  const models = (data: readonly object[], answering: string) =>
    startLoopbackServer(0, async ({ path }, response) => {
      if (path === '/v1/models') return sendJson(response, 200, { data })
      startEventStream(response)
      response.end(`data: ${JSON.stringify({ model: answering, choices: [{ delta: { content: 'Hello' }, finish_reason: 'stop' }] })}\n\n`)
    })

  test.each([{}, organisation])('is refused by its name, to others and to its owner: %o', async (options) => {
    const node = await begin(options)
    const backend = { kind: 'local', baseUrl: 'http://127.0.0.1:11434', model: 'anthropic/Claude-opus-4-5' } as const
    const { consents, provider } = node.client()
    expect(await consents.document({ backend })).toMatchObject({ ok: true, value: { policy: { verdict: 'refuse' } } })
    expect(await consents.give({ ...command(), backend, caps: testCaps, textHash: '00'.repeat(32) })).toMatchObject(refused)
    expect(await provider.start(startOf(backend, await agree(node, localBackend)))).toMatchObject(refused)
    expect(await provider.tryOut({ ...command(), backend, prompt: 'Hello', maxOutputTokens: 10 })).toMatchObject(refused)
  })
  const refused = { ok: false, error: { code: 'policy-refused' } }

  test('is not started by another name when the server says that it is Anthropic’s', async () => {
    const server = await models([{ id: 'my-model', owned_by: 'anthropic' }], 'my-model')
    onTestFinished(server.close)
    const node = await begin(undefined, { isReal: true })
    const backend = { kind: 'local', baseUrl: server.url, model: 'my-model' } as const
    const started = await node.client().provider.start(startOf(backend, await agree(node, backend)))
    expect(started).toMatchObject({ ok: false, error: { code: 'backend-unreachable', message: claudeByLocalServer } })
  })

  test('gives no word to others when it shows only in the answer', async () => {
    const server = await models([{ id: 'my-model' }], 'claude-opus-4-5')
    onTestFinished(server.close)
    const node = await begin(undefined, { isReal: true })
    await switchOn(world, node, { kind: 'local', baseUrl: server.url, model: 'my-model' }, { approveEachTask: false })
    expect(await ended(world, await ask(world))).toMatchObject({ state: 'refunded', answer: '' })
  })
})

describe('a login of a person', () => {
  test('runs what its user starts, and says how it went', async () => {
    const node = await begin(undefined, claude('personal'))
    const tried = node.client().provider.tryOut({ ...command(), backend: cli(null), prompt: 'Say hello.', maxOutputTokens: 100 })
    expect(await world.settleDown(tried)).toMatchObject({ ok: true, value: { outputTokens: expect.any(Number) as number } })
    expect(await offersIn(world)).toBe(0)
  })

  test('of a program that is not installed is said to be so', async () => {
    const node = await begin()
    expect(await node.client().provider.check({ backend: { kind: 'claude-cli', key: null } })).toMatchObject({
      ok: true,
      value: { healthy: false },
    })
    const tried = await node.client().provider.tryOut({ ...command(), backend: cli(null), prompt: 'Hello', maxOutputTokens: 10 })
    expect(tried).toMatchObject({ ok: false, error: { code: 'backend-unreachable' } })
  })
})

test('what is tried out is searched for secrets like everything that leaves', async () => {
  const node = await begin()
  node.credentials.set('work', keyText)
  const prompt = `my key is ${keyText}`
  const tried = await node.client().provider.tryOut({ ...command(), backend: { kind: 'practice' }, prompt, maxOutputTokens: 10 })
  expect(tried).toMatchObject({ ok: false, error: { code: 'secret-found' } })
})

describe('in an organisation', () => {
  test.each([
    ['the API', apiBackend],
    ['the Claude Code program with a key', cli('work')],
  ])('%s serves members that attested, and only while both did', async (_, backend) => {
    const node = await begin(organisation, claude('personal'))
    node.credentials.set('work', keyText)
    await switchOn(world, node, backend)
    expect(await ended(world, await ask(world))).toMatchObject({ state: 'settled' })
    await world.requester.client().consents.withdrawAttestation(command())
    expect(await ended(world, await ask(world))).toMatchObject({ state: 'failed', problem: expect.stringMatching(/attest/) as string })
  })

  test('an attestation is to the text that was shown, ends after 90 days, and is withdrawn at once', async () => {
    const node = await begin(organisation)
    node.credentials.set('work', keyText)
    const { client } = node
    const { organisation: shown } = await standingOf(node)
    expect(shown).toMatchObject({ customer: 'A customer', attestedUntilMs: expect.any(Number) as number })
    await switchOn(world, node, apiBackend)
    await ask(world)
    await world.until(async () => (await statusOf(node)).runningTasks === 1, 'it runs')
    expect(await client().consents.withdrawAttestation(command())).toEqual({ ok: true, value: {} })
    expect(await statusOf(node)).toMatchObject({ activeOffers: 0, state: expect.stringMatching(/stopp/) as string })
    await world.until(async () => (await statusOf(node)).state === 'stopped', 'what ran was aborted')
    expect((await standingOf(node)).organisation?.attestedUntilMs).toBeNull()
    expect(await client().consents.withdrawAttestation(command())).toMatchObject({ error: { code: 'not-found' } })
    expect(await client().consents.attest({ ...command(), textHash: '00'.repeat(32) })).toMatchObject({ error: { code: 'text-changed' } })
    const textHash = shown?.document.textHash ?? ''
    const attested = await client().consents.attest({ ...command(), textHash })
    expect(attested).toEqual({ ok: true, value: { untilMs: (await standingOf(node)).organisation?.attestedUntilMs } })
    world.clock.setBy(90 * 24 * 3_600_000)
    expect((await standingOf(node)).organisation?.attestedUntilMs).toBeNull()
  })

  test('nobody is asked anything before it is acknowledged who reads it, and a changed statement counts for nothing', async () => {
    const node = await begin(organisation)
    const { requester } = await standingOf(node)
    expect(requester).toMatchObject({ isNeeded: true, acknowledgedAtMs: expect.any(Number) as number })
    world.requester
      .db()
      .prepare(
        `UPDATE member_statement SET body = CAST(substr(body, 1, 40) || x'00' || substr(body, 42) AS BLOB) WHERE kind = 'acknowledgement'`,
      )
      .run()
    const asked = await world.requester.client().tasks.ask({
      ...command(),
      prompt: 'Say something.',
      classKey: 'practice-small',
      maxOutputTokens: 10,
      maxPriceMicro: 1_000n,
      mode: 'first',
      deadlineMs: 60_000,
    })
    expect(asked).toMatchObject({ ok: false, error: { code: 'not-acknowledged' } })
    const { textHash } = requester.document
    expect(await world.requester.client().consents.acknowledge({ ...command(), textHash })).toEqual({ ok: true, value: {} })
    expect((await standingOf(world.requester)).requester.acknowledgedAtMs).not.toBeNull()
  })
})

test('a key that is deleted in the key store serves nobody any more, and what ran on it is stopped', async () => {
  const node = await begin(organisation)
  node.credentials.set('work', keyText)
  await switchOn(world, node, apiBackend)
  await ask(world)
  await world.until(async () => (await statusOf(node)).runningTasks === 1, 'it runs')
  expect(await node.client().credentials.remove({ ...command(), ref: 'work' })).toEqual({ ok: true, value: {} })
  await world.until(async () => (await statusOf(node)).state === 'stopped', 'it has stopped')
  expect(await offersIn(world)).toBe(0)
  expect(await node.client().provider.resume(command())).toMatchObject({ error: { code: 'key-missing' } })
})

describe('an approval in writing', () => {
  const approval = { reference: 'Letter 7', approvedOn: '2025-06-01', scope: 'This community' }
  test('lets an API key serve strangers, each task by hand, until it is taken back', async () => {
    const node = await begin()
    node.credentials.set('work', keyText)
    const { client } = node
    expect(await client().consents.recordVendorApproval({ ...command(), ...approval })).toEqual({ ok: true, value: {} })
    expect((await standingOf(node)).vendorApproval).toMatchObject(approval)
    await switchOn(world, node, apiBackend, { approveEachTask: false })
    expect(await statusOf(node)).toMatchObject({ backends: [{ policy: { verdict: 'ask-each-time' } }] })
    await ask(world)
    await world.until(async () => (await statusOf(node)).approvalsWaiting === 1, 'the task waits')
    expect(await client().consents.removeVendorApproval(command())).toEqual({ ok: true, value: {} })
    expect(await statusOf(node)).toMatchObject({ activeOffers: 0, approvalsWaiting: 0 })
    await world.until(async () => (await statusOf(node)).state === 'stopped', 'it has stopped')
    expect(await client().provider.resume(command())).toMatchObject({ error: { code: 'policy-refused' } })
  })
  test.each(['2025-02-30', '9999-01-01', '2025-13-01'])('of a day that is none or lies ahead is not taken: %s', async (approvedOn) => {
    const node = await begin()
    const recorded = await node.client().consents.recordVendorApproval({ ...command(), ...approval, approvedOn })
    expect(recorded).toMatchObject({ ok: false, error: { code: 'not-a-day' } })
    expect((await standingOf(node)).vendorApproval).toBeNull()
  })
})

test('outside of an organisation there is nothing to attest', async () => {
  const node = await begin()
  expect((await standingOf(node)).organisation).toBeNull()
  const { textHash } = (await standingOf(node)).requester.document
  expect(await node.client().consents.attest({ ...command(), textHash })).toMatchObject({ ok: false })
})
