/** Time as a port. Milliseconds since the Unix epoch; `after` calls back once and returns its cancel. */
export type Clock = {
  readonly nowMs: () => number
  readonly after: (delayMs: number, callback: () => void) => () => void
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs)
    return () => clearTimeout(timer)
  },
}

export type ManualClock = Clock & {
  readonly advance: (byMs: number) => void
  /** As when somebody sets the computer's clock: what waits still waits as long. */
  readonly setBy: (byMs: number) => void
}

/** A clock that stands still until told; due callbacks run in order of their time, then of their making. */
export const createManualClock = (startMs = 1_750_000_000_000): ManualClock => {
  let nowMs = startMs
  let made = 0
  const timers = new Map<number, { readonly dueMs: number; readonly callback: () => void }>()
  const nextDue = (limitMs: number) =>
    [...timers].filter(([, t]) => t.dueMs <= limitMs).toSorted(([a, x], [b, y]) => x.dueMs - y.dueMs || a - b)[0]
  return {
    nowMs: () => nowMs,
    after: (delayMs, callback) => {
      const id = made++
      timers.set(id, { dueMs: nowMs + delayMs, callback })
      return () => void timers.delete(id)
    },
    advance: (byMs) => {
      const limitMs = nowMs + byMs
      for (let next = nextDue(limitMs); next !== undefined; next = nextDue(limitMs)) {
        timers.delete(next[0])
        nowMs = Math.max(nowMs, next[1].dueMs)
        next[1].callback()
      }
      nowMs = limitMs
    },
    setBy: (byMs) => {
      nowMs += byMs
      for (const [id, timer] of timers) timers.set(id, { ...timer, dueMs: timer.dueMs + byMs })
    },
  }
}
