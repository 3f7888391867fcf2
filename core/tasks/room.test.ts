import fc from 'fast-check'
import { expect, test } from 'vitest'
import { capDayMs, capMonthMs, costMillicents, unbilled, type ProviderCaps } from '../compliance/caps.ts'
import type { Bid, Signed, TaskRequest } from '../orders/model.ts'
import { createManualClock } from '../platform/clock.ts'
import { sha256, utf8 } from '../platform/bytes.ts'
import { marketMigrations } from '../storage/migrations/index.ts'
import { openMemoryDatabase } from '../storage/testing/memory-database.ts'
import { createJobStore } from './job-store.ts'
import { noOwnerRules, type TogetherCaps } from './owner-rules.ts'
import { createOwnerStore } from './owner-store.ts'
import { createPromises, type Promised } from './promises.ts'
import { createRoom, worstInputTokens, worstOf, type Capped } from './room.ts'
import type { BidKey } from './sealing.ts'

/**
 * A provider under a random history: bids promised, lost, lapsed, taken up early and late; tasks that end well, badly and with the
 * program; own tasks; a clock that is set back; two backends, and caps over both. Every cap is counted a second time, from the outside
 * and by a clock nobody sets.
 */
type Move =
  | { readonly kind: 'ask'; readonly on: number; readonly outputTokens: number; readonly bytes: number }
  | { readonly kind: 'lock' | 'lose' | 'finish' | 'fail'; readonly which: number; readonly part: number }
  | { readonly kind: 'own'; readonly outputTokens: number }
  | { readonly kind: 'pass' | 'set-back'; readonly ms: number }
  | { readonly kind: 'restart' }
  | { readonly kind: 'reserve'; readonly percent: number }

const [outputTokens, bytes] = [fc.integer({ min: 1, max: 600 }), fc.integer({ min: 1, max: 4_096 })]
const [which, part] = [fc.nat({ max: 20 }), fc.constantFrom(0, 0.2, 1)]
const ms = fc.oneof(fc.nat({ max: 30_000 }), fc.nat({ max: 2 * capDayMs }))
const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 9, arbitrary: fc.record({ kind: fc.constant('ask' as const), on: fc.nat({ max: 1 }), outputTokens, bytes }) },
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

const [vendor, local]: readonly [Capped, Capped] = [
  { id: 1, backend: 'anthropic-api', caps },
  { id: 2, backend: 'local-model', caps: { ...caps, ...unbilled, concurrent: 2, tasksPerDay: 15 } },
]
/** Each is below the sum of both backends', and some are below one's. */
const together: TogetherCaps = {
  concurrent: 4,
  tasksPerDay: 16,
  outputTokensPerDay: 3_500,
  moneyPerDayCents: 30,
  moneyPerMonthCents: 160,
}

const usedBy = ({ caps: priced }: Capped, { inputBucketBytes, maxOutputTokens }: TaskRequest, share: number) => {
  const [input, output] = [worstInputTokens({ inputBucketBytes }), Math.ceil(maxOutputTokens * share)]
  const usage = { inputTokens: input, outputTokens: output }
  return { ...usage, costMillicents: costMillicents(priced, usage) }
}
const promisedOf = (name: string, on: Capped, maxOutputTokens: number, inputBucketBytes: number, nowMs: number): Promised => {
  const id = sha256(utf8(name))
  const request = { id, value: { maxOutputTokens, inputBucketBytes } } as Signed<TaskRequest>
  const bid = { value: { terms: { acceptValidUntilMs: nowMs + 10_000 } } } as Signed<Bid>
  return { request, bid, key: {} as BidKey, backendId: on.id, worst: worstOf(on.caps, request.value) }
}

/** What really ran. */
type Ran = {
  readonly on: Capped
  readonly request: Signed<TaskRequest>
  readonly startedMs: number
  use: ReturnType<typeof usedBy>
  isRunning: boolean
}

const createScene = () => {
  const clock = createManualClock()
  const db = openMemoryDatabase(marketMigrations)
  const [store, owner] = [createJobStore(db), createOwnerStore(db)]
  const ran: Ran[] = []
  let waiting: readonly Promised[] = []
  let [asked, wallMs] = [0, 0]
  owner.setRules({ ...noOwnerRules, together })
  const runningCount = (of: number | null): number => ran.filter(({ on, isRunning }) => isRunning && (of === null || on.id === of)).length
  const boot = () => {
    const promises = createPromises(clock)
    return { promises, room: createRoom({ store, owner, clock, promises, runningCount }) }
  }
  let now = boot()
  const pick = <T>(list: readonly T[], index: number): T | undefined => list[index % Math.max(1, list.length)]

  const ask = (on: Capped, maxOutputTokens: number, inputBucketBytes: number): void => {
    const promised = promisedOf(`request ${asked++}`, on, maxOutputTokens, inputBucketBytes, clock.nowMs())
    if (now.room.refusalOf(on, promised.request.value, null) !== null) return
    now.promises.add(promised)
    waiting = [...waiting, promised]
  }
  const lock = (promised: Promised | undefined): void => {
    if (promised === undefined) return
    waiting = waiting.filter((one) => one !== promised)
    const { request } = promised
    const on = promised.backendId === vendor.id ? vendor : local
    if (now.promises.of(request.id) === null || now.room.refusalOf(on, request.value, promised) !== null) return
    const use = usedBy(on, request.value, 1)
    const about = { escrow: request.id, client: request.id, streamId: request.id.slice(0, 16), sealedHash: request.id }
    store.add({ ...about, atMs: clock.nowMs(), backend: on.backend, backendId: on.id, ...use })
    now.promises.remove(promised)
    ran.push({ on, request, startedMs: wallMs, use, isRunning: true })
  }
  const end = (one: Ran | undefined, share: number, isFailure: boolean): void => {
    if (one === undefined) return
    one.use = usedBy(one.on, one.request.value, share)
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
        return ask(step.on === 0 ? vendor : local, step.outputTokens, step.bytes)
      case 'lock':
        return lock(pick(waiting, step.which))
      case 'lose':
        return now.promises.lose(pick(waiting, step.which)?.request.id ?? new Uint8Array(32))
      case 'finish':
      case 'fail':
        return end(pick(running(), step.which), step.part, step.kind === 'fail')
      case 'own':
        return void owner.addUse({ atMs: clock.nowMs(), backend: vendor.backend, outputTokens: step.outputTokens, costMillicents: 0 }, 0)
      case 'reserve':
        return owner.setRules({ ...noOwnerRules, together, reservePercent: step.percent })
      case 'set-back':
        return clock.setBy(-step.ms)
      case 'restart':
        return restart()
      case 'pass':
        return pass(step.ms)
    }
  }
  /** Each cap that these have passed in the last 24 hours or 30 days. */
  const passedBy = (those: readonly Ran[], most: TogetherCaps): readonly string[] => {
    const within = (spanMs: number): readonly Ran[] => those.filter(({ startedMs }) => startedMs > wallMs - spanMs)
    const [today, month] = [within(capDayMs), within(capMonthMs)]
    const sum = (list: readonly Ran[], of: (use: Ran['use']) => number): number => list.reduce((total, { use }) => total + of(use), 0)
    const counted: readonly (readonly [string, number, number])[] = [
      ['at once', those.filter(({ isRunning }) => isRunning).length, most.concurrent],
      ['tasks', today.length, most.tasksPerDay],
      ['tokens', sum(today, (use) => use.outputTokens), most.outputTokensPerDay],
      ['money a day', sum(today, (use) => use.costMillicents), most.moneyPerDayCents * 1_000],
      ['money a month', sum(month, (use) => use.costMillicents), most.moneyPerMonthCents * 1_000],
    ]
    return counted.filter(([, used, cap]) => used > cap).map(([name, used, cap]) => `${name}: ${used} of ${cap}`)
  }
  return {
    play,
    ran: () => ran.length,
    /** Of either backend, or of both. */
    passed: (): readonly string[] => {
      const of = (which: readonly Capped[], most: TogetherCaps): readonly string[] =>
        passedBy(
          ran.filter(({ on }) => which.includes(on)),
          most,
        )
      const tooLong = ran.filter(({ on, use }) => use.outputTokens > on.caps.outputTokensPerTask)
      return [
        ...of([vendor], vendor.caps),
        ...of([local], local.caps),
        ...of([vendor, local], together),
        ...tooLong.map(() => 'tokens a task'),
      ]
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
