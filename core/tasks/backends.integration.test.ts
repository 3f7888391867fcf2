import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { agree, keyText, localBackend, nextRequestId, offersIn, startOf, statusOf, switchOn, testCaps } from './testing/provider-mode.ts'
import { ask, ended, slow, taskOf } from './testing/trade.ts'
import { createWorld, testClass, type TestNode, type World, type WorldOptions } from './testing/world.ts'

let world: World
let node: TestNode
const begin = async (options?: WorldOptions): Promise<void> => {
  world = await createWorld([{ idle: true, backend: slow }], options)
  node = world.providerAt(0)
}
afterEach(async () => world.stop())

const largeBackend = { kind: 'local', baseUrl: 'http://127.0.0.1:8080/v1', model: 'large-test' } as const
const largeClass = 'another-class'
const command = () => ({ requestId: nextRequestId() })
const client = () => node.client()
const offerOf = (classKey: string, priceMicro: bigint) => ({
  classKey,
  pricing: { perTaskMicro: priceMicro, perThousandInputTokensMicro: 0n, perThousandOutputTokensMicro: 0n, minimumMicro: 0n },
  promise: { firstTokenMs: 500, totalMs: 60_000 },
})
const standing = { approveEachTask: false, offers: [offerOf(testClass, 1_000n)] }
const large = { approveEachTask: false, offers: [offerOf(largeClass, 2_000n)] }
const offered = (count: number) => world.until(async () => (await offersIn(world)) === count, `${count} offers`)
const states = async () => (await statusOf(node)).backends.map(({ model, state, activeOffers }) => [model, state, activeOffers])
const servedBy = async (taskId: string): Promise<string | undefined> =>
  (await taskOf(world, taskId)).bids.find(({ outcome }) => outcome === 'won')?.model
const running = (count: number) => world.until(async () => (await statusOf(node)).runningTasks === count, `${count} tasks run`)

describe('two backends', () => {
  let consentId = ''
  let largeConsentId = ''
  beforeEach(async () => {
    await begin()
    consentId = await switchOn(world, node, localBackend, standing)
    largeConsentId = await switchOn(world, node, largeBackend, large)
    await offered(2)
  })

  test('each serves what its own offer was asked for', async () => {
    const tasks = await Promise.all([ask(world), ask(world, { classKey: largeClass })])
    for (const id of tasks) expect(await ended(world, id)).toMatchObject({ state: 'settled' })
    expect(await Promise.all(tasks.map(servedBy))).toEqual(['local-test', 'large-test'])
    expect((await statusOf(node)).backends).toMatchObject([
      { id: 1, tasksToday: 1 },
      { id: 2, tasksToday: 1 },
    ])
    expect(await statusOf(node)).toMatchObject({ tasksToday: 2 })
  })

  test('of two that offer the same, the cheaper one bids', async () => {
    const cheap = { ...localBackend, baseUrl: 'http://127.0.0.1:9090' }
    await switchOn(world, node, cheap, { ...standing, offers: [offerOf(testClass, 500n)] })
    await offered(3)
    await ended(world, await ask(world))
    expect((await statusOf(node)).backends.map(({ tasksToday }) => tasksToday)).toEqual([0, 0, 1])
  })

  test('a class is one model: whoever takes an offer is served by what it names', async () => {
    const other = { ...localBackend, model: 'yet-another' }
    const started = await client().provider.start(startOf(other, await agree(node, other), standing))
    expect(started).toMatchObject({ error: { code: 'class-taken', message: expect.stringContaining('local-test') as string } })
    const offer = { ...command(), ...offerOf(testClass, 5n), concurrent: 1, tasksPerDay: null, validForMs: 60_000 }
    expect(await client().orders.publishOffer({ ...offer, backendId: 2 })).toMatchObject({ error: { code: 'class-taken' } })
    expect((await statusOf(node)).backends).toHaveLength(2)
  })

  test('a withdrawn consent ends its own backend within a second, and the other goes on undisturbed', async () => {
    const [mine, others] = [await ask(world), await ask(world, { classKey: largeClass })]
    await running(2)
    const revokedAtMs = world.clock.nowMs()
    expect(await client().consents.revoke({ ...command(), consentId })).toMatchObject({ ok: true })
    expect(await states()).toEqual([
      ['local-test', 'off', 0],
      ['large-test', 'on', 1],
    ])
    await running(1)
    await offered(1)
    expect(world.clock.nowMs() - revokedAtMs).toBeLessThan(1_000)
    expect(await ended(world, others)).toMatchObject({ state: 'settled' })
    expect(await ended(world, mine)).toMatchObject({ state: expect.stringMatching('refunded|failed') as string })
    expect(await ended(world, await ask(world, { classKey: largeClass }))).toMatchObject({ state: 'settled' })
  })

  test('everything is stopped at once, and comes back as it was', async () => {
    const tasks = [await ask(world), await ask(world, { classKey: largeClass })]
    await running(2)
    const stoppedAtMs = world.clock.nowMs()
    await client().provider.stop(command())
    await world.until(async () => (await statusOf(node)).state === 'stopped', 'it has stopped')
    expect(world.clock.nowMs() - stoppedAtMs).toBeLessThan(1_000)
    for (const id of tasks) expect(await ended(world, id)).toMatchObject({ state: expect.stringMatching('refunded|failed') as string })
    expect(await states()).toEqual([
      ['local-test', 'off', 0],
      ['large-test', 'off', 0],
    ])
    expect(await client().provider.resume(command())).toEqual({ ok: true, value: {} })
    expect(await states()).toEqual([
      ['local-test', 'on', 1],
      ['large-test', 'on', 1],
    ])
  })

  test('one that was switched off stays off when everything comes back, also after a restart', async () => {
    await client().provider.stop({ ...command(), backendId: 1 })
    await client().provider.stop(command())
    await client().provider.resume(command())
    expect(await states()).toMatchObject([
      ['local-test', 'off', 0],
      ['large-test', 'on', 1],
    ])
    await node.restart()
    await world.until(async () => (await statusOf(node)).state === 'running', 'it goes on')
    expect(await states()).toMatchObject([
      ['local-test', 'off', 0],
      ['large-test', 'on', 1],
    ])
    expect(await client().provider.resume({ ...command(), backendId: 1 })).toEqual({ ok: true, value: {} })
    expect(await states()).toMatchObject([
      ['local-test', 'on', 1],
      ['large-test', 'on', 1],
    ])
  })

  test('after everything was stopped, starting one starts that one alone', async () => {
    await client().provider.stop(command())
    await client().provider.resume({ ...command(), backendId: 2 })
    await node.restart()
    await world.until(async () => (await statusOf(node)).state === 'running', 'it goes on')
    expect(await states()).toMatchObject([
      ['local-test', 'off', 0],
      ['large-test', 'on', 1],
    ])
  })

  test('the offers of a crash come back with their backends, and those of a removed one do not', async () => {
    node.crash()
    await node.restart()
    await world.until(async () => (await statusOf(node)).activeOffers === 2, 'both are offered')
    expect(await client().provider.remove({ ...command(), backendId: 1 })).toEqual({ ok: true, value: {} })
    expect(await states()).toEqual([['large-test', 'on', 1]])
    await offered(1)
    expect(await client().provider.remove({ ...command(), backendId: 1 })).toMatchObject({ error: { code: 'not-found' } })
    expect(await client().provider.resume({ ...command(), backendId: 1 })).toMatchObject({ error: { code: 'not-configured' } })
  })

  test('an offer says which of them serves it', async () => {
    const offer = { ...command(), ...offerOf('third-class', 5n), concurrent: 1, tasksPerDay: null, validForMs: 60_000 }
    expect(await client().orders.publishOffer(offer)).toMatchObject({ error: { code: 'no-backend' } })
    expect(await client().orders.publishOffer({ ...offer, backendId: 9 })).toMatchObject({ error: { code: 'no-backend' } })
    expect(await client().orders.publishOffer({ ...offer, backendId: 2 })).toMatchObject({ ok: true })
    await offered(3)
    const taskId = await ask(world, { classKey: 'third-class' })
    await ended(world, taskId)
    expect(await servedBy(taskId)).toBe('large-test')
  })

  test('the same backend is not served twice: it is changed', async () => {
    const again = startOf(largeBackend, largeConsentId, large)
    expect(await client().provider.start(again)).toMatchObject({ error: { code: 'already-running' } })
    await client().provider.stop({ ...command(), backendId: 2 })
    const caps = { ...testCaps, tasksPerDay: 7 }
    const consent = await agree(node, largeBackend, caps)
    expect(await client().provider.start(startOf(largeBackend, consent, { ...large, caps }))).toEqual({ ok: true, value: { backendId: 2 } })
    expect((await statusOf(node)).backends).toMatchObject([{ id: 1 }, { id: 2, caps: { tasksPerDay: 7 } }])
  })
})

test('one that is held offers nothing while another works, and says why', async () => {
  await begin()
  const caps = { ...testCaps, weeklyHours: [0, 0, 0, 0, 0, 0, 0] }
  await client().provider.start(startOf(localBackend, await agree(node, localBackend, caps), { ...standing, caps }))
  await switchOn(world, node, largeBackend, large)
  expect(await statusOf(node)).toMatchObject({
    state: 'running',
    hold: null,
    backends: [
      { hold: { rule: 'hours' }, activeOffers: 0 },
      { hold: null, activeOffers: 1 },
    ],
  })
})

test('“why am I getting no work?” says of each of them what keeps it from work', async () => {
  await begin()
  const caps = { ...testCaps, weeklyHours: [0, 0, 0, 0, 0, 0, 0] }
  await client().provider.start(startOf(localBackend, await agree(node, localBackend, caps), { ...standing, caps }))
  await switchOn(world, node, largeBackend, large)
  await switchOn(world, node, { ...largeBackend, baseUrl: 'http://127.0.0.1:9090' }, { ...large, offers: [offerOf(largeClass, 9_000n)] })
  await offered(2)
  const reasons = async () => {
    const diagnosis = await client().provider.diagnosis({})
    return diagnosis.ok ? diagnosis.value.checks.flatMap(({ step, backend, isFine }) => (isFine ? [] : [[step, backend?.id ?? 'all']])) : []
  }
  expect(await reasons()).toEqual([
    ['hours', 1],
    ['demand', 'all'],
  ])
  expect(await ended(world, await ask(world, { classKey: largeClass }))).toMatchObject({ state: 'settled' })
  expect(await reasons()).toEqual([
    ['hours', 1],
    ['price', 3],
  ])
})

test('a key that two backends use stays until the consent of the last one is withdrawn', async () => {
  await begin({ customer: 'A customer' })
  node.credentials.set('work', keyText)
  const api = (model: string) => ({ kind: 'anthropic', baseUrl: 'https://api.anthropic.com', model, keyRef: 'work' }) as const
  const first = await switchOn(world, node, api('one'), standing)
  const second = await switchOn(world, node, api('two'), large)
  await client().consents.revoke({ ...command(), consentId: first })
  expect([...node.credentials.keys()]).toEqual(['work'])
  expect(await states()).toMatchObject([
    ['one', 'off', 0],
    ['two', 'on', 1],
  ])
  await client().consents.revoke({ ...command(), consentId: second })
  expect([...node.credentials.keys()]).toEqual([])
})

test('no more than eight backends are kept', async () => {
  await begin()
  const start = async (index: number) => {
    const backend = { ...localBackend, model: `model-${index}` }
    return client().provider.start(startOf(backend, await agree(node, backend), { offers: [] }))
  }
  for (let index = 1; index <= 8; index++) expect(await start(index)).toMatchObject({ ok: true, value: { backendId: index } })
  expect(await start(9)).toMatchObject({ error: { code: 'too-many-backends' } })
  expect((await statusOf(node)).backends).toHaveLength(8)
})

test('a backend that could not be switched on is not kept, and its number is that of no other one, nor is its day new when it comes back', async () => {
  await begin()
  expect(await client().provider.start(startOf(localBackend, null))).toMatchObject({ error: { code: 'consent-missing' } })
  expect((await statusOf(node)).backends).toEqual([])
  await switchOn(world, node, localBackend, standing)
  await ended(world, await ask(world))
  await client().provider.remove({ ...command(), backendId: 1 })
  await switchOn(world, node, largeBackend, large)
  expect((await statusOf(node)).backends).toMatchObject([{ id: 2, tasksToday: 0 }])
  expect(await statusOf(node)).toMatchObject({ tasksToday: 1 })
  await client().provider.remove({ ...command(), backendId: 2 })
  await switchOn(world, node, localBackend, standing)
  expect((await statusOf(node)).backends).toMatchObject([{ id: 1, tasksToday: 1 }])
})

test('what this account earned elsewhere is told apart from what this folder earned, by certified trades', async () => {
  await begin()
  await switchOn(world, node, localBackend, standing)
  const { receipt } = await ended(world, await ask(world))
  const earnings = async () => {
    const answer = await client().provider.earnings({})
    return answer.ok ? answer.value : null
  }
  const paid = { earnedMicro: receipt?.priceMicro, tasks: 1 }
  await world.until(async () => (await earnings())?.byBackend[0]?.earnedMicro === receipt?.priceMicro, 'it is paid')
  expect(await earnings()).toMatchObject({ byBackend: [paid], elsewhere: { tasks: 0 } })
  await node.restartOn(null)
  await world.until(async () => (await earnings())?.elsewhere.tasks === 1, 'the trade is heard of')
  expect(await earnings()).toMatchObject({ days: [], byBackend: [], elsewhere: paid })
})
