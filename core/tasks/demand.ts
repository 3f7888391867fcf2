import type { Clock } from '../platform/clock.ts'
import type { BackendId } from './choice-store.ts'

/** What became of a request that this provider heard: a bid, a task of its own, or the rule that stood in the way. */
export type DemandOutcome = string
/** The same for each backend that was looked at. */
export type DemandOfBackend = { readonly backendId: BackendId; readonly outcome: DemandOutcome }
export type DemandCount = { readonly outcome: DemandOutcome; readonly count: number }

/** An hour of a busy market; beyond it the oldest are forgotten. */
const spanMs = 3_600_000
const maxHeard = 5_000

export type Demand = ReturnType<typeof createDemand>

/** The demand of the last hour as this provider saw it, in memory only. */
export const createDemand = (clock: Clock) => {
  let heard: { readonly atMs: number; readonly outcome: DemandOutcome; readonly each: readonly DemandOfBackend[] }[] = []
  return {
    note: (outcome: DemandOutcome, each: readonly DemandOfBackend[]): void => {
      heard.push({ atMs: clock.nowMs(), outcome, each })
      if (heard.length > maxHeard) heard = heard.slice(-maxHeard / 2)
    },
    /** Of one backend, or of all as one provider. Most frequent first. */
    lastHour: (backendId: BackendId | null): readonly DemandCount[] => {
      const recent = heard.filter(({ atMs }) => atMs > clock.nowMs() - spanMs)
      const outcomes = recent.flatMap(({ outcome, each }) =>
        backendId === null ? [outcome] : each.filter((one) => one.backendId === backendId).map((one) => one.outcome),
      )
      const counts = new Map<DemandOutcome, number>()
      for (const outcome of outcomes) counts.set(outcome, (counts.get(outcome) ?? 0) + 1)
      return [...counts].map(([outcome, count]) => ({ outcome, count })).toSorted((a, b) => b.count - a.count)
    },
  }
}
