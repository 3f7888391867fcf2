import { toHex } from '../platform/bytes.ts'
import type { Clock } from '../platform/clock.ts'
import type { ObjectId } from '../settlement/objects.ts'
import type { SettlementRules } from '../settlement/rules.ts'
import { errandOf, type Errand } from './schedule.ts'
import type { TrackedEscrow } from './store.ts'

type SchedulerDeps = {
  readonly clock: Clock
  readonly rules: SettlementRules
  readonly load: (id: ObjectId) => TrackedEscrow | null
  /** Resolves to false when it has to be tried again; must not reject. */
  readonly run: (tracked: TrackedEscrow, errand: Errand) => Promise<boolean>
}

type Plan = {
  readonly id: ObjectId
  readonly errand: Errand
  readonly isRunning: boolean
  readonly retryMs: number
  readonly notBeforeMs: number
}

/** Runs each escrow's errand when it is due. What is due follows from the store, so a restart only forgets the pauses between retries. */
export const createEscrowScheduler = ({ clock, rules, load, run }: SchedulerDeps) => {
  const plans = new Map<string, Plan>()
  let cancel = (): void => undefined
  let isStopped = true

  const dueMsOf = ({ errand, notBeforeMs }: Plan): number => Math.min(Math.max(errand.dueMs, notBeforeMs), errand.atLatestMs ?? Infinity)

  const update = (id: ObjectId, change: Partial<Plan> = {}): void => {
    const key = toHex(id)
    const tracked = load(id)
    const errand = tracked === null ? null : errandOf(tracked, rules, clock.nowMs())
    if (errand === null) plans.delete(key)
    else plans.set(key, { ...(plans.get(key) ?? { id, isRunning: false, retryMs: firstRetryMs, notBeforeMs: 0 }), ...change, errand })
  }

  const start = async ({ id, retryMs }: Plan): Promise<void> => {
    const tracked = load(id)
    update(id, { isRunning: true })
    // What is due may have changed since it was planned.
    const errand = plans.get(toHex(id))?.errand
    if (tracked === null || errand === undefined) return
    const isDone = await run(tracked, errand)
    if (isStopped) return
    update(id, isDone ? { isRunning: false, retryMs: firstRetryMs, notBeforeMs: 0 } : { isRunning: false, ...pause(retryMs) })
    arm()
  }

  const pause = (retryMs: number): Pick<Plan, 'retryMs' | 'notBeforeMs'> => ({
    retryMs: Math.min(retryMs * 2, lastRetryMs),
    notBeforeMs: clock.nowMs() + retryMs,
  })

  const tick = (): void => {
    for (const plan of plans.values()) if (!plan.isRunning && dueMsOf(plan) <= clock.nowMs()) void start(plan)
    arm()
  }

  /** One timer, for whatever is due next. */
  const arm = (): void => {
    cancel()
    if (isStopped) return
    const nextMs = [...plans.values()].reduce((next, plan) => (plan.isRunning ? next : Math.min(next, dueMsOf(plan))), Infinity)
    if (nextMs < Infinity) cancel = clock.after(Math.min(Math.max(nextMs - clock.nowMs(), 0), longestTimerMs), tick)
  }

  return {
    /** The escrow has changed. Before `start` nothing is planned, because `start` is given everything. */
    update: (id: ObjectId): void => {
      if (isStopped) return
      update(id)
      arm()
    },
    /** A move was left undecided; its retry should not come at once. */
    postpone: (id: ObjectId): void => {
      if (isStopped) return
      update(id, pause(plans.get(toHex(id))?.retryMs ?? firstRetryMs))
      arm()
    },
    start: (unsettled: readonly TrackedEscrow[]): void => {
      isStopped = false
      for (const { state } of unsettled) update(state.id)
      arm()
    },
    stop: (): void => {
      isStopped = true
      cancel()
    },
  }
}

const firstRetryMs = 2_000
const lastRetryMs = 300_000
/** Timers of Node overflow beyond 2³¹ ms. */
const longestTimerMs = 86_400_000
