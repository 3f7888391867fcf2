import type { Violation } from './auditor.ts'
import { drawPlan, type Plan } from './plan.ts'
import { profiles, type ProfileName } from './profiles.ts'
import { runPlan, type RunResult } from './run.ts'
import { shrink } from './shrink.ts'

export type Chunk = {
  readonly profile: ProfileName
  readonly from: number
  readonly count: number
  readonly stopsAtFailure: boolean
  readonly shrinks: boolean
}
export type FailedSeed = {
  readonly seed: number
  readonly violation: Violation
  /** The smallest plan found that still fails in the same way, and what happens in it. */
  readonly plan: Plan
  readonly trace: readonly string[]
}
export type ChunkResult = {
  readonly runs: number
  readonly events: number
  readonly decrees: number
  readonly longestSettlingMs: number
  readonly highestView: number
  /** In how many runs each state was reached. */
  readonly reached: ReadonlyMap<string, number>
  readonly failures: readonly FailedSeed[]
}

/** The first seeds of a chunk are run twice: the same seed has to leave the same trace. */
const repeatedSeeds = 2
/** Each takes seconds. */
const mostShrunk = 3

export const runChunk = async ({ profile, from, count, stopsAtFailure, shrinks }: Chunk): Promise<ChunkResult> => {
  const results: RunResult[] = []
  const failures: FailedSeed[] = []
  for (let seed = from; seed < from + count; seed++) {
    const plan = drawPlan(seed, profiles[profile])
    const result = await runPlan(plan)
    const violation = result.violation ?? (seed < from + repeatedSeeds ? await repetitionOf(plan, result) : null)
    results.push(result)
    if (violation === null) continue
    failures.push(shrinks && failures.length < mostShrunk ? await explain(plan, violation) : { seed, violation, plan, trace: [] })
    if (stopsAtFailure) break
  }
  const reached = new Map<string, number>()
  for (const result of results) for (const state of result.reached) reached.set(state, (reached.get(state) ?? 0) + 1)
  return {
    runs: results.length,
    events: results.reduce((sum, { events }) => sum + events, 0),
    decrees: results.reduce((sum, { decrees }) => sum + decrees, 0),
    longestSettlingMs: Math.max(0, ...results.map(({ settledAfterMs }) => settledAfterMs)),
    highestView: Math.max(0, ...results.map(({ highestView }) => highestView)),
    reached,
    failures,
  }
}

const repetitionOf = async (plan: Plan, first: RunResult): Promise<Violation | null> => {
  const second = await runPlan(plan)
  if (second.traceHash === first.traceHash) return null
  return { rule: 'determinism', detail: `seed ${plan.seed} left the traces ${first.traceHash} and ${second.traceHash}`, atMs: 0 }
}

const explain = async (plan: Plan, violation: Violation): Promise<FailedSeed> => {
  const smallest = await shrink(plan, async (smaller) => (await runPlan(smaller)).violation?.rule === violation.rule)
  const { trace, violation: found } = await runPlan(smallest, true)
  return { seed: plan.seed, violation: found ?? violation, plan: smallest, trace }
}
