/** What a run has seen, and every rule that it saw broken. */
export type Ledger = ReturnType<typeof createLedger>

/** The first ones say what is wrong; a thousand say no more. */
const maxViolations = 20

export const createLedger = () => {
  const counts = new Map<string, number>()
  const violations: string[] = []
  const waiting = new Map<string, { readonly what: string; readonly untilMs: number }>()
  const count = (what: string): void => void counts.set(what, (counts.get(what) ?? 0) + 1)
  const violate = (rule: string): void => {
    count('violations')
    if (violations.length < maxViolations) violations.push(rule)
  }
  return {
    counts,
    violations,
    count,
    violate,
    /** Something that has to end by itself until then. */
    begin: (id: string, what: string, untilMs: number): void => void waiting.set(id, { what, untilMs }),
    end: (id: string): void => void waiting.delete(id),
    checkOverdue: (nowMs: number): void => {
      for (const [id, { what, untilMs }] of waiting) {
        if (untilMs >= nowMs) continue
        waiting.delete(id)
        violate(`${what} ${id.slice(0, 12)} is still open ${Math.ceil((nowMs - untilMs) / 1_000)} s after its end`)
      }
    },
  }
}
