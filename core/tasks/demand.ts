import type { Clock } from '../platform/clock.ts'

/** What became of a request that this provider heard: a bid, a task of its own, or the rule that stood in the way. */
export type DemandOutcome = string
export type DemandCount = { readonly outcome: DemandOutcome; readonly count: number }

/** An hour of a busy market; beyond it the oldest are forgotten. */
const spanMs = 3_600_000
const maxHeard = 5_000

export type Demand = ReturnType<typeof createDemand>

/** The demand of the last hour as this provider saw it, in memory only. */
export const createDemand = (clock: Clock) => {
  let heard: { readonly atMs: number; readonly outcome: DemandOutcome }[] = []
  return {
    note: (outcome: DemandOutcome): void => {
      heard.push({ atMs: clock.nowMs(), outcome })
      if (heard.length > maxHeard) heard = heard.slice(-maxHeard / 2)
    },
    /** Most frequent first. */
    lastHour: (): readonly DemandCount[] => {
      const counts = new Map<DemandOutcome, number>()
      for (const { atMs, outcome } of heard) if (atMs > clock.nowMs() - spanMs) counts.set(outcome, (counts.get(outcome) ?? 0) + 1)
      return [...counts].map(([outcome, count]) => ({ outcome, count })).toSorted((a, b) => b.count - a.count)
    },
  }
}
