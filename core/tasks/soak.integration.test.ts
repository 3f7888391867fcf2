import { afterEach, expect, test } from 'vitest'
import { createPracticeExecutor } from '../executors/practice.ts'
import type { Executor } from '../executors/executor.ts'
import type { Clock } from '../platform/clock.ts'
import { createSeededRandom } from '../platform/random.ts'
import { costMillicents } from '../compliance/caps.ts'
import { nextRequestId, startOf, statusOf, testCaps } from './testing/provider-mode.ts'
import { askOf } from './testing/trade.ts'
import { createWorld, type World } from './testing/world.ts'

/**
 * A provider that is left alone for a day: every hour a burst of tasks, caps that are chosen anew so that each of them is met, hours,
 * an owner who comes back, a battery, restarts and crashes in between. What the backend itself sees of it is counted apart from what the
 * provider counts. The whole of it is `SOAK_TASKS=2000 npx vitest run core/tasks/soak`.
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

/** What the backend saw: every run, what it reported, how many at once, and which came while nothing may run. */
const createLedger = (clock: Clock) => {
  const inner = createPracticeExecutor({ seed, words: 20, tokenMs: 1, clock })
  const seen = { runs: 0, now: 0, mostAtOnce: 0, outputTokens: 0, costMillicents: 0 }
  const against: string[] = []
  /** What forbids every run, for so long as it is set. */
  const rule: { forbids: string | null } = { forbids: null }
  const run: Executor['run'] = async (task, options) => {
    seen.runs++
    seen.mostAtOnce = Math.max(seen.mostAtOnce, ++seen.now)
    if (rule.forbids !== null) against.push(rule.forbids)
    const report = await inner.run(task, options)
    seen.now--
    if (report.ok) seen.outputTokens += report.value.usage.outputTokens
    if (report.ok) seen.costMillicents += costMillicents({ ...testCaps, ...billed }, report.value.usage)
    return report
  }
  /** What the provider does not count of it. */
  const missedBy = (status: Status): readonly string[] =>
    [
      { what: 'runs', used: seen.runs, counted: status.tasksToday },
      { what: 'tokens', used: seen.outputTokens, counted: status.outputTokensToday },
      { what: 'millicents', used: seen.costMillicents, counted: status.moneyTodayCents * 1_000 },
    ].flatMap(({ what, used, counted }) => (counted < used ? [`${used} ${what}, counted ${counted} (seed ${seed})`] : []))
  return { seen, against, rule, missedBy, executor: { ...inner, run } }
}

const ownersRules = { reservePercent: 0, idleMinutes: 5, onBattery: 'hold', onMetered: 'hold', together: null } as const
const forbiddenIn = (hour: number): string | null =>
  ({ 7: 'idle', 15: 'battery', 23: 'metered' } as const)[hour] ?? (hour >= 20 ? 'hours' : null)
/** Each of them is met in that day. */
const rules = ['battery', 'concurrency', 'hours', 'idle', 'metered', 'money-a-day', 'money-a-month', 'tasks-a-day', 'tokens-a-day']

let world: World
const clock: Clock = { nowMs: () => world.clock.nowMs(), after: (delayMs, callback) => world.clock.after(delayMs, callback) }
afterEach(async () => world.stop())

test('a provider runs for a day unattended and never passes a cap', async () => {
  const { seen, against, rule, missedBy, executor } = createLedger(clock)
  world = await createWorld([{ idle: true, executor }])
  const node = world.providerAt(0)
  Object.assign(node.owner, { idleMs: 10 * hourMs, isOnBattery: false, isMetered: false })
  const random = createSeededRandom(seed)
  const dice = (sides: number): number => (random.bytes(1)[0] ?? 0) % sides
  const passed: string[] = []
  const met = new Set<string>()
  const begun = { asked: 0, restarts: 0 }
  let caps = loose

  const check = async (): Promise<void> => {
    const status = await statusOf(node)
    passed.push(...missedBy(status))
    if (status.hold !== null) met.add(status.hold.rule)
    const diagnosis = await node.client().provider.diagnosis({})
    for (const { outcome } of diagnosis.ok ? diagnosis.value.demand : []) met.add(outcome)
    const [backend] = status.backends
    if (status.state !== 'running' || backend === undefined) return
    const counted: readonly (readonly [string, number, number])[] = [
      ['at once', status.runningTasks, backend.caps.concurrent],
      ['at once, seen by the backend', seen.now, backend.caps.concurrent],
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
    await node.client().provider.setRules({ requestId: nextRequestId(), ...ownersRules })
    node.owner.idleMs = hour === 7 ? 0 : 10 * hourMs
    node.owner.isOnBattery = hour === 15
    node.owner.isMetered = hour === 23
    rule.forbids = forbiddenIn(hour)
    for (let left = perHour; left > 0; left -= atOnce) await burst(Math.min(atOnce, left))
    if (dice(3) === 0) {
      if (dice(2) === 0) node.crash()
      await node.restart()
      begun.restarts++
      await world.until(async () => (await statusOf(node)).state === 'running', 'it goes on by itself')
    }
    const restMs = hourMs - (world.clock.nowMs() % hourMs)
    world.clock.setBy(restMs)
    await world.pass(20_000)
    await check()
  }

  expect(passed).toEqual([])
  expect(against).toEqual([])
  expect(seen.runs).toBeGreaterThan(tasks / 5)
  expect(rules.filter((rule) => !met.has(rule))).toEqual([])
  expect(begun.asked).toBeGreaterThanOrEqual(tasks)
  expect(begun.restarts).toBeGreaterThan(2)
  expect(seen.mostAtOnce).toBeGreaterThan(1)
  // Whatever happened, no token came into being or went missing.
  await world.rest()
}, 600_000)
