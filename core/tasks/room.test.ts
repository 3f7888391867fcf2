import fc from 'fast-check'
import { expect, test } from 'vitest'
import { capDayMs, capMonthMs, costMillicents, unbilled, type ProviderCaps } from '../compliance/caps.ts'
import type { Bid, Signed, TaskRequest } from '../orders/model.ts'
import { createManualClock } from '../platform/clock.ts'
import { sha256, utf8 } from '../platform/bytes.ts'
import { marketMigrations } from '../storage/migrations/index.ts'
import { openMemoryDatabase } from '../storage/testing/memory-database.ts'
import { createJobStore } from './job-store.ts'
import { noOwnerRules } from './owner-rules.ts'
import { createOwnerStore } from './owner-store.ts'
import { createPromises, type Promised } from './promises.ts'
import { createRoom, worstInputTokens } from './room.ts'
import type { BidKey } from './sealing.ts'

/**
 * A provider under a random history: bids promised, lost, lapsed, taken up early and late; tasks that end well, badly and with the
 * program; own tasks; a clock that is set back. Every cap is counted a second time, from the outside and by a clock nobody sets.
 */
type Move =
  | { readonly kind: 'ask'; readonly outputTokens: number; readonly bytes: number }
  | { readonly kind: 'lock' | 'lose' | 'finish' | 'fail'; readonly which: number; readonly part: number }
  | { readonly kind: 'own'; readonly outputTokens: number }
  | { readonly kind: 'pass' | 'set-back'; readonly ms: number }
  | { readonly kind: 'restart' }
  | { readonly kind: 'reserve'; readonly percent: number }

const [outputTokens, bytes] = [fc.integer({ min: 1, max: 600 }), fc.integer({ min: 1, max: 4_096 })]
const [which, part] = [fc.nat({ max: 20 }), fc.constantFrom(0, 0.2, 1)]
const ms = fc.oneof(fc.nat({ max: 30_000 }), fc.nat({ max: 2 * capDayMs }))
const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 9, arbitrary: fc.record({ kind: fc.constant('ask' as const), outputTokens, bytes }) },
  {
    weight: 12,
    arbitrary: fc.record({ kind: fc.constantFrom('lock' as const, 'lock', 'lock', 'lose', 'finish', 'finish', 'fail'), which, part }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('own' as const), outputTokens: fc.nat({ max: 300 }) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('pass' as const), ms }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('set-back' as const), ms }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'restart' as const }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('reserve' as const), percent: fc.nat({ max: 90 }) }) },
)

const caps: ProviderCaps = {
  ...unbilled,
  concurrent: 3,
  tasksPerDay: 12,
  outputTokensPerTask: 500,
  outputTokensPerDay: 2_500,
  moneyPerDayCents: 40,
  moneyPerMonthCents: 150,
  centsPerMillionInputTokens: 3_000,
  centsPerMillionOutputTokens: 15_000,
}

const usedBy = ({ inputBucketBytes, maxOutputTokens }: TaskRequest, share: number) => {
  const [input, output] = [worstInputTokens({ inputBucketBytes }), Math.ceil(maxOutputTokens * share)]
  const usage = { inputTokens: input, outputTokens: output }
  return { ...usage, costMillicents: costMillicents(caps, usage) }
}
const promisedOf = (name: string, maxOutputTokens: number, inputBucketBytes: number, nowMs: number): Promised => {
  const id = sha256(utf8(name))
  const request = { id, value: { maxOutputTokens, inputBucketBytes } } as Signed<TaskRequest>
  const bid = { value: { terms: { acceptValidUntilMs: nowMs + 10_000 } } } as Signed<Bid>
  return { request, bid, key: {} as BidKey }
}

/** What really ran. */
type Ran = { readonly request: Signed<TaskRequest>; readonly startedMs: number; use: ReturnType<typeof usedBy>; isRunning: boolean }

const createScene = () => {
  const clock = createManualClock()
  const db = openMemoryDatabase(marketMigrations)
  const [store, owner] = [createJobStore(db), createOwnerStore(db)]
  const ran: Ran[] = []
  let waiting: readonly Promised[] = []
  let [asked, wallMs] = [0, 0]
  const runningCount = (): number => ran.filter(({ isRunning }) => isRunning).length
  const boot = () => {
    const promises = createPromises(clock)
    return { promises, room: createRoom({ store, owner, clock, promises, runningCount }) }
  }
  let now = boot()
  const pick = <T>(list: readonly T[], index: number): T | undefined => list[index % Math.max(1, list.length)]

  const ask = (maxOutputTokens: number, inputBucketBytes: number): void => {
    const promised = promisedOf(`request ${asked++}`, maxOutputTokens, inputBucketBytes, clock.nowMs())
    if (now.room.refusalOf(caps, promised.request.value, null) !== null) return
    now.promises.add(promised)
    waiting = [...waiting, promised]
  }
  const lock = (promised: Promised | undefined): void => {
    if (promised === undefined) return
    waiting = waiting.filter((one) => one !== promised)
    const { request } = promised
    if (now.promises.of(request.id) === null || now.room.refusalOf(caps, request.value, promised) !== null) return
    const use = usedBy(request.value, 1)
    const about = { escrow: request.id, client: request.id, streamId: request.id.slice(0, 16), sealedHash: request.id }
    store.add({ ...about, atMs: clock.nowMs(), backend: 'anthropic-api', ...use })
    now.promises.remove(promised)
    ran.push({ request, startedMs: wallMs, use, isRunning: true })
  }
  const end = (one: Ran | undefined, share: number, isFailure: boolean): void => {
    if (one === undefined) return
    one.use = usedBy(one.request.value, share)
    one.isRunning = false
    if (isFailure) store.fail(one.request.id, one.use.outputTokens, one.use.costMillicents)
    else store.finish(one.request.id, new Uint8Array(1), 1n, one.use)
  }
  const restart = (): void => {
    for (const one of ran) one.isRunning = false
    waiting = []
    now = boot()
  }
  const running = (): readonly Ran[] => ran.filter(({ isRunning }) => isRunning)
  const pass = (passedMs: number): void => {
    clock.setBy(passedMs)
    wallMs += passedMs
  }
  const play = (step: Move): void => {
    switch (step.kind) {
      case 'ask':
        return ask(step.outputTokens, step.bytes)
      case 'lock':
        return lock(pick(waiting, step.which))
      case 'lose':
        return now.promises.lose(pick(waiting, step.which)?.request.id ?? new Uint8Array(32))
      case 'finish':
      case 'fail':
        return end(pick(running(), step.which), step.part, step.kind === 'fail')
      case 'own':
        return owner.addUse({ atMs: clock.nowMs(), outputTokens: step.outputTokens, costMillicents: 0 }, 0)
      case 'reserve':
        return owner.setRules({ ...noOwnerRules, reservePercent: step.percent })
      case 'set-back':
        return clock.setBy(-step.ms)
      case 'restart':
        return restart()
      case 'pass':
        return pass(step.ms)
    }
  }
  return {
    play,
    ran: () => ran.length,
    /** Each cap that is passed in the last 24 hours or 30 days. */
    passed: (): readonly string[] => {
      const within = (spanMs: number): readonly Ran[] => ran.filter(({ startedMs }) => startedMs > wallMs - spanMs)
      const [today, month] = [within(capDayMs), within(capMonthMs)]
      const sum = (list: readonly Ran[], of: (use: Ran['use']) => number): number => list.reduce((total, { use }) => total + of(use), 0)
      const counted: readonly (readonly [string, number, number])[] = [
        ['at once', running().length, caps.concurrent],
        ['tasks', today.length, caps.tasksPerDay],
        ['tokens', sum(today, (use) => use.outputTokens), caps.outputTokensPerDay],
        ['money a day', sum(today, (use) => use.costMillicents), caps.moneyPerDayCents * 1_000],
        ['money a month', sum(month, (use) => use.costMillicents), caps.moneyPerMonthCents * 1_000],
        ['tokens a task', Math.max(0, ...ran.map(({ use }) => use.outputTokens)), caps.outputTokensPerTask],
      ]
      return counted.filter(([, used, cap]) => used > cap).map(([name, used, cap]) => `${name}: ${used} of ${cap}`)
    },
    close: () => db.close(),
  }
}

test('no cap is ever passed, whatever happens at once, in between and to the clock', () => {
  let ran = 0
  fc.assert(
    fc.property(fc.array(move, { minLength: 40, maxLength: 160 }), (moves) => {
      const scene = createScene()
      for (const step of moves) {
        scene.play(step)
        expect(scene.passed()).toEqual([])
      }
      ran += scene.ran()
      scene.close()
    }),
    { numRuns: 100 },
  )
  // Or it would have been about nothing.
  expect(ran).toBeGreaterThan(300)
})
