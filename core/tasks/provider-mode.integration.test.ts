import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { localHourOfWeek } from '../platform/local-time.ts'
import { localBackend, nextRequestId, offersIn, startOf, statusOf, switchOn, testCaps } from './testing/provider-mode.ts'
import { ask, atStep, ended, outcomeOf, paidTo, slow } from './testing/trade.ts'
import { createWorld, type TestNode, type World } from './testing/world.ts'

let world: World
let node: TestNode
beforeEach(async () => {
  world = await createWorld([{ idle: true, backend: slow }])
  node = world.providerAt(0)
})
afterEach(async () => world.stop())

const hourMs = 3_600_000
const practiceStart = (wish: Parameters<typeof startOf>[2] = {}) => startOf({ kind: 'practice' }, null, wish)
const command = () => ({ requestId: nextRequestId() })
const standing = { approveEachTask: false }
const offered = (count: number) => world.until(async () => (await offersIn(world)) === count, `${count} offers`)
const { provider } = { provider: () => node.client().provider }

describe('a pause', () => {
  beforeEach(async () => void (await switchOn(world, node, localBackend, standing)))

  test('withdraws the offers, lets what runs finish, and ends by itself', async () => {
    let pausedAtMs = 0
    atStep(world, 'running', () => {
      pausedAtMs = world.clock.nowMs()
      void provider().pause({ ...command(), forMs: hourMs })
    })
    const taskId = await ask(world)
    await world.until(async () => (await statusOf(node)).state === 'paused')
    expect(await statusOf(node)).toMatchObject({ activeOffers: 0, pausedUntilMs: pausedAtMs + hourMs })
    expect(await outcomeOf(world, taskId)).toEqual(paidTo('provider-1'))
    await offered(0)
    world.clock.setBy(hourMs)
    await world.pass(16_000)
    expect(await statusOf(node)).toMatchObject({ state: 'running', pausedUntilMs: null, activeOffers: 1 })
    await offered(1)
    expect(await ended(world, await ask(world))).toMatchObject({ state: 'settled' })
  })

  test('without an end lasts over a restart until it is resumed', async () => {
    expect(await provider().pause({ ...command(), forMs: null })).toEqual({ ok: true, value: {} })
    await node.restart()
    await world.until(async () => (await statusOf(node)).state === 'paused', 'it is on and paused')
    world.clock.setBy(48 * hourMs)
    await world.pass(16_000)
    expect(await statusOf(node)).toMatchObject({ state: 'paused', pausedUntilMs: null, activeOffers: 0 })
    expect(await provider().resume(command())).toEqual({ ok: true, value: {} })
    expect(await statusOf(node)).toMatchObject({ state: 'running', activeOffers: 1 })
  })

  test('offers afterwards exactly what was offered before', async () => {
    const { client } = node
    const published = await client().orders.publishOffer({
      ...command(),
      classKey: 'another-class',
      pricing: { perTaskMicro: 5n, perThousandInputTokensMicro: 0n, perThousandOutputTokensMicro: 5n, minimumMicro: 0n },
      promise: { firstTokenMs: 700, totalMs: 70_000 },
      concurrent: 1,
      tasksPerDay: null,
      validForMs: hourMs,
    })
    expect(published.ok).toBe(true)
    const before = await ownOffers()
    await provider().pause({ ...command(), forMs: null })
    await provider().resume(command())
    expect(await ownOffers()).toEqual(before)
  })
  const ownOffers = async () => {
    const book = await node.client().orders.book({ classKey: null, limit: 50, offersCursor: null, requestsCursor: null })
    const rows = book.ok ? book.value.offers.rows : []
    return rows.map(({ id: _id, validUntilMs: _until, ...rest }) => rest).toSorted((a, b) => a.classKey.localeCompare(b.classKey))
  }
})

test('what was on is on after a restart, and what was switched off stays off', async () => {
  expect(await provider().start(practiceStart())).toEqual({ ok: true, value: { backendId: 1 } })
  await node.restart()
  await world.until(async () => (await statusOf(node)).state === 'running', 'it goes on')
  const [backend] = (await statusOf(node)).backends
  expect(backend).toMatchObject({ id: 1, state: 'on', choice: { backend: { kind: 'practice' }, approveEachTask: true } })
  await provider().stop(command())
  await node.restart()
  await world.pass(10_000)
  expect(await statusOf(node)).toMatchObject({ state: 'stopped', backends: [{ id: 1, state: 'off', choice: backend?.choice }] })
  expect(await provider().resume(command())).toEqual({ ok: true, value: {} })
  expect((await statusOf(node)).state).toBe('running')
})

test('there is nothing to pause or to resume before something was chosen', async () => {
  expect(await provider().pause({ ...command(), forMs: null })).toMatchObject({ error: { code: 'provider-stopped' } })
  expect(await provider().resume(command())).toMatchObject({ error: { code: 'not-configured' } })
})

test('a backend is asked for its models before anything is offered, and a key that is not there is named', async () => {
  expect(await provider().check({ backend: { kind: 'practice' } })).toEqual({
    ok: true,
    value: { healthy: true, problem: null, models: ['practice'] },
  })
  const missing = await provider().check({ backend: { kind: 'anthropic', baseUrl: 'https://api.anthropic.com', keyRef: 'nowhere' } })
  expect(missing).toMatchObject({ ok: false, error: { code: 'key-missing', message: expect.stringContaining('nowhere') as string } })
})

test('outside of its hours nothing is offered, and inside it is again', async () => {
  const hour = localHourOfWeek(world.clock.nowMs())
  const onlyNow = testCaps.weeklyHours.map((_, day) => (day === Math.floor(hour / 24) ? 2 ** (hour % 24) : 0))
  expect(await provider().start(practiceStart({ caps: { ...testCaps, weeklyHours: onlyNow } }))).toMatchObject({ ok: true })
  await offered(1)
  world.clock.setBy(hourMs)
  await world.pass(16_000)
  expect(await statusOf(node)).toMatchObject({ state: 'running', hold: { rule: 'hours' }, activeOffers: 0 })
  await offered(0)
  expect(await ended(world, await ask(world))).toMatchObject({ state: 'failed' })
  world.clock.setBy(167 * hourMs)
  await world.pass(16_000)
  expect(await statusOf(node)).toMatchObject({ hold: null, activeOffers: 1 })
})

test('a day is any 24 hours: a cap that is reached holds the offers back until the first task is a day old', async () => {
  await provider().start(practiceStart({ caps: { ...testCaps, tasksPerDay: 2 } }))
  await offered(1)
  for (const _ of [1, 2]) expect(await ended(world, await ask(world))).toMatchObject({ state: 'settled' })
  expect(await statusOf(node)).toMatchObject({ hold: { rule: 'tasks-a-day' }, activeOffers: 0, tasksToday: 2 })
  world.clock.setBy(-30 * hourMs)
  await world.pass(20_000)
  expect(await statusOf(node)).toMatchObject({ hold: { rule: 'tasks-a-day' }, tasksToday: 2 })
  world.clock.setBy(30 * hourMs + 23 * hourMs)
  await world.pass(16_000)
  expect(await statusOf(node)).toMatchObject({ hold: { rule: 'tasks-a-day' } })
  world.clock.setBy(hourMs)
  await world.pass(16_000)
  expect(await statusOf(node)).toMatchObject({ hold: null, activeOffers: 1, tasksToday: 0 })
})

test('stopping aborts within a second what runs, and whoever paid has everything back', async () => {
  await provider().start(practiceStart())
  await offered(1)
  let stoppedAtMs = 0
  atStep(world, 'running', () => {
    stoppedAtMs = world.clock.nowMs()
    void provider().stop(command())
  })
  const taskId = await ask(world)
  await world.until(async () => stoppedAtMs > 0 && (await statusOf(node)).state === 'stopped', 'it has stopped')
  expect(world.clock.nowMs() - stoppedAtMs).toBeLessThan(1_000)
  await ended(world, taskId, ['refunded'])
  await world.rest()
  expect(await world.gains()).toEqual([0n, 0n])
})

describe('the owner comes first', () => {
  const setRules = (rules: Partial<Parameters<ReturnType<typeof provider>['setRules']>[0]>) =>
    provider().setRules({
      ...command(),
      reservePercent: 0,
      idleMinutes: 0,
      onBattery: 'serve',
      onMetered: 'serve',
      together: null,
      ...rules,
    })
  const holdRule = async (): Promise<string | null> => (await statusOf(node)).hold?.rule ?? null

  test('while the computer is in use, on battery or on a metered connection, as they chose, also after a restart', async () => {
    Object.assign(node.owner, { idleMs: 0, isOnBattery: false, isMetered: false })
    await provider().start(practiceStart())
    expect(await holdRule()).toBeNull()
    await setRules({ idleMinutes: 5, onBattery: 'hold', onMetered: 'hold' })
    expect([await holdRule(), (await statusOf(node)).activeOffers]).toEqual(['idle', 0])
    node.owner.idleMs = 300_000
    await world.pass(16_000)
    expect([await holdRule(), (await statusOf(node)).activeOffers]).toEqual([null, 1])
    node.owner.isOnBattery = true
    await world.pass(16_000)
    expect(await holdRule()).toBe('battery')
    Object.assign(node.owner, { isOnBattery: false, isMetered: true })
    await node.restart()
    await world.until(async () => (await statusOf(node)).state === 'running', 'it goes on')
    expect(await holdRule()).toBe('metered')
    expect(await provider().rules({})).toMatchObject({
      ok: true,
      value: { rules: { idleMinutes: 5, onBattery: 'hold' }, known: { idle: true, battery: true, metered: true } },
    })
  })

  test('with a reserve of the day, and what they use themselves counts against the same caps', async () => {
    await setRules({ reservePercent: 50 })
    await provider().start(practiceStart({ caps: { ...testCaps, tasksPerDay: 4 } }))
    await offered(1)
    const tryOut = async (): Promise<void> => {
      const tried = provider().tryOut({ ...command(), backend: { kind: 'practice' }, prompt: 'Mine.', maxOutputTokens: 50 })
      expect(await world.settleDown(tried)).toMatchObject({ ok: true })
    }
    await tryOut()
    expect(await ended(world, await ask(world))).toMatchObject({ state: 'settled' })
    expect(await holdRule()).toBeNull()
    for (const _ of [1, 2]) await tryOut()
    expect(await holdRule()).toBe('tasks-a-day')
    expect(await provider().rules({})).toMatchObject({ value: { ownToday: { tasks: 3 } } })
    await setRules({ reservePercent: 0 })
    expect(await holdRule()).toBe('tasks-a-day')
  })
})

describe('a backend in trouble', () => {
  test('serves nobody until it is well, and its owner is told why', async () => {
    await world.stop()
    world = await createWorld([{ idle: true, backend: { behaviour: 'break' } }])
    node = world.providerAt(0)
    await provider().start(practiceStart())
    await offered(1)
    for (const _ of [1, 2, 3]) await ended(world, await ask(world))
    expect(await statusOf(node)).toMatchObject({
      state: 'running',
      activeOffers: 0,
      hold: { rule: 'backend', reason: expect.stringMatching(/stopped in the middle/) as string },
      backends: [{ problem: expect.stringMatching(/stopped in the middle/) as string }],
    })
    expect(await provider().resume(command())).toEqual({ ok: true, value: {} })
    expect(await statusOf(node)).toMatchObject({ hold: null, activeOffers: 1, backends: [{ problem: null }] })
  })
})

test('“why am I getting no work?” names the first thing that is wrong, and earnings are counted by day and backend', async () => {
  const reason = async (): Promise<string | null> => {
    const diagnosis = await provider().diagnosis({})
    if (!diagnosis.ok) throw new Error(diagnosis.error.message)
    return diagnosis.value.checks.find(({ isFine }) => !isFine)?.step ?? null
  }
  expect(await reason()).toBe('switch')
  await provider().start(practiceStart())
  expect(await reason()).toBe('demand')
  await offered(1)
  await ended(world, await ask(world, { maxPriceMicro: 1n }))
  expect(await reason()).toBe('price')
  await outcomeOf(world, await ask(world))
  expect(await reason()).toBeNull()
  const earnings = await provider().earnings({})
  const [, gain] = await world.gains()
  expect(earnings).toMatchObject({
    ok: true,
    value: { days: [{ earnedMicro: gain, tasks: 1 }], byBackend: [{ backend: 'practice', earnedMicro: gain, tasks: 1 }], forecast: null },
  })
})
