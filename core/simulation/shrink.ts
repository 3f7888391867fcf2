import type { Plan } from './plan.ts'

/** How often a plan may be run to make it smaller; a run takes tens of milliseconds. */
const maxRuns = 300

/** Leaves out of a failing plan what it does not need to fail: events by halves, then liars, faults and clock errors one by one. */
export const shrink = async (plan: Plan, stillFails: (plan: Plan) => Promise<boolean>): Promise<Plan> => {
  let smallest = plan
  let runs = 0
  const attempt = async (candidate: Plan): Promise<boolean> => {
    if (runs >= maxRuns) return false
    runs++
    if (!(await stillFails(candidate))) return false
    smallest = candidate
    return true
  }
  for (let size = Math.ceil(plan.events.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < smallest.events.length;) {
      const events = smallest.events.filter((_, at) => at < from || at >= from + size)
      if (!(await attempt({ ...smallest, events }))) from += size
    }
  }
  for (const simpler of simplifications) await attempt(simpler(smallest))
  for (const { witness } of plan.liars) await attempt({ ...smallest, liars: smallest.liars.filter((one) => one.witness !== witness) })
  return smallest
}

const quiet =
  (field: keyof Plan['conditions']) =>
  (plan: Plan): Plan => ({ ...plan, conditions: { ...plan.conditions, [field]: 0 } })

const simplifications: readonly ((plan: Plan) => Plan)[] = [
  quiet('lossShare'),
  quiet('duplicateShare'),
  quiet('corruptShare'),
  quiet('slowShare'),
  (plan) => ({ ...plan, witnessSkewsMs: plan.witnessSkewsMs.map(() => 0) }),
  (plan) => ({ ...plan, partySkewsMs: plan.partySkewsMs.map(() => 0) }),
  (plan) => ({ ...plan, newcomerSkewsMs: plan.newcomerSkewsMs.map(() => 0) }),
  (plan) => ({ ...plan, liars: plan.liars.map((liar) => ({ ...liar, goesOnAfterHeal: false })) }),
  (plan) => ({ ...plan, liars: plan.liars.map((liar) => ({ ...liar, withholdsShares: false })) }),
]
