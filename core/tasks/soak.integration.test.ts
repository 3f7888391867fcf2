import { afterEach, expect, test } from 'vitest'
import { createSeededRandom } from '../platform/random.ts'
import { localHourOfWeek } from '../platform/local-time.ts'
import { nextRequestId, startOf, statusOf, testCaps } from './testing/provider-mode.ts'
import { askOf } from './testing/trade.ts'
import { createWorld, type World } from './testing/world.ts'

/**
 * A provider that is left alone for a day: every hour a burst of tasks, caps that are chosen anew so that each of them is met, hours,
 * an owner who comes back, a battery, restarts and crashes in between. The whole of it is `SOAK_TASKS=2000 npx vitest run core/tasks/soak`.
 */
const tasks = Number(process.env['SOAK_TASKS'] ?? 144)
const hours = 24
const hourMs = 3_600_000
const atOnce = 12
const seed = 'a day alone'

type Caps = typeof testCaps
const billed = { centsPerMillionInputTokens: 1_000, centsPerMillionOutputTokens: 10_000 }
const perHour = Math.ceil(tasks / hours)
const loose: Caps = {
  ...testCaps,
  ...billed,
  concurrent: 8,
  tasksPerDay: 100_000,
  outputTokensPerDay: 10_000_000,
  moneyPerDayCents: 100_000,
  moneyPerMonthCents: 1_000_000,
}

type Status = Awaited<ReturnType<typeof statusOf>>
/** Each is tight for some hours: a little more than what has been used by then. */
const tighten: readonly ((status: Status) => Partial<Caps>)[] = [
  () => ({ concurrent: 1 }),
  (status) => ({ tasksPerDay: status.tasksToday + Math.ceil(perHour / 2) }),
  (status) => ({ outputTokensPerDay: status.outputTokensToday + 400 }),
  (status) => ({ moneyPerDayCents: status.moneyTodayCents + 4 }),
  (status) => ({ moneyPerMonthCents: status.moneyThisMonthCents + 4 }),
  () => ({ weeklyHours: [0, 0, 0, 0, 0, 0, 0] }),
]

let world: World
afterEach(async () => world.stop())

test('a provider runs for a day unattended and never passes a cap', async () => {
  world = await createWorld([{ idle: true, backend: { tokenMs: 1, words: 20 } }])
  const node = world.providerAt(0)
  Object.assign(node.owner, { idleMs: 10 * hourMs, isOnBattery: false, isMetered: false })
  const random = createSeededRandom(seed)
  const dice = (sides: number): number => (random.bytes(1)[0] ?? 0) % sides
  const passed: string[] = []
  const met = new Set<string>()
  const begun = { asked: 0, restarts: 0, mostAtOnce: 0 }
  let caps = loose

  const check = async (): Promise<void> => {
    const status = await statusOf(node)
    if (status.hold !== null) met.add(status.hold.rule)
    const diagnosis = await node.client().provider.diagnosis({})
    for (const { outcome } of diagnosis.ok ? diagnosis.value.demand : []) met.add(outcome)
    begun.mostAtOnce = Math.max(begun.mostAtOnce, status.runningTasks)
    const [backend] = status.backends
    if (status.state !== 'running' || backend === undefined) return
    const counted: readonly (readonly [string, number, number])[] = [
      ['at once', status.runningTasks, backend.caps.concurrent],
      ['tasks', status.tasksToday, backend.caps.tasksPerDay],
      ['tokens', status.outputTokensToday, backend.caps.outputTokensPerDay],
      ['money a day', status.moneyTodayCents, backend.caps.moneyPerDayCents],
      ['money a month', status.moneyThisMonthCents, backend.caps.moneyPerMonthCents],
    ]
    for (const [name, used, cap] of counted) if (used > cap) passed.push(`${name}: ${used} of ${cap} (seed ${seed})`)
  }
  const choose = async (next: Caps): Promise<void> => {
    caps = next
    const { provider } = node.client()
    await provider.stop({ requestId: nextRequestId() })
    await world.until(async () => (await statusOf(node)).state === 'stopped', 'it has stopped', 600_000)
    const started = await provider.start(startOf({ kind: 'practice' }, null, { caps }))
    expect(started).toEqual({ ok: true, value: { backendId: 1 } })
  }
  const burst = async (count: number): Promise<void> => {
    const asked: string[] = []
    for (let index = 0; index < count; index++) {
      const task = await world.requester.client().tasks.ask(askOf({ deadlineMs: 120_000 }))
      // Every one of them goes out: a requester that has too many under way is not what this is about.
      expect(task).toMatchObject({ ok: true })
      if (task.ok) asked.push(task.value.taskId)
      begun.asked++
      if (index % 5 === 4) await world.pass(100 + 100 * dice(5))
      await check()
    }
    const isOver = async (taskId: string): Promise<boolean> => {
      const task = await world.requester.client().tasks.get({ taskId })
      return task.ok && ['settled', 'failed', 'refunded', 'cancelled'].includes(task.value.state)
    }
    for (const taskId of asked)
      await world.until(
        async () => {
          await check()
          return isOver(taskId)
        },
        'every task ends',
        600_000,
      )
  }

  await choose(loose)
  for (let hour = 0; hour < hours; hour++) {
    const status = await statusOf(node)
    await choose({ ...loose, ...(hour % 4 === 3 ? {} : tighten[Math.floor(hour / 4) % tighten.length]?.(status)) })
    await node.client().provider.setRules({
      requestId: nextRequestId(),
      reservePercent: 0,
      idleMinutes: 5,
      onBattery: 'hold',
      onMetered: 'hold',
      together: null,
    })
    node.owner.idleMs = hour === 7 ? 0 : 10 * hourMs
    node.owner.isOnBattery = hour === 15
    node.owner.isMetered = hour === 23
    await world.pass(16_000)
    for (let left = perHour; left > 0; left -= atOnce) await burst(Math.min(atOnce, left))
    if (dice(3) === 0) {
      if (dice(2) === 0) node.crash()
      await node.restart()
      begun.restarts++
      await world.until(async () => (await statusOf(node)).state === 'running', 'it goes on by itself')
    }
    await check()
    const restMs = hourMs - (world.clock.nowMs() % hourMs)
    world.clock.setBy(restMs)
    await world.pass(20_000)
  }

  expect(passed).toEqual([])
  const rules = ['battery', 'concurrency', 'hours', 'idle', 'metered', 'money-a-day', 'money-a-month', 'tasks-a-day', 'tokens-a-day']
  expect(rules.filter((rule) => !met.has(rule))).toEqual([])
  expect(begun.asked).toBeGreaterThanOrEqual(tasks)
  expect(begun.restarts).toBeGreaterThan(2)
  expect(begun.mostAtOnce).toBeGreaterThan(1)
  expect(localHourOfWeek(world.clock.nowMs())).toBeGreaterThanOrEqual(0)
  // Whatever happened, no token came into being or went missing.
  await world.rest()
}, 600_000)
