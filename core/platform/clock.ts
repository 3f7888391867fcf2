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
  /** When the next callback is due; null when nothing waits. */
  readonly nextDueMs: () => number | null
  readonly advance: (byMs: number) => void
  /** As when somebody sets the computer's clock: what waits still waits as long. */
  readonly setBy: (byMs: number) => void
}

/** A clock that stands still until told; due callbacks run in order of their time, then of their making. */
export const createManualClock = (startMs = 1_750_000_000_000): ManualClock => {
  let nowMs = startMs
  /** In the order in which they are due. */
  const timers: { dueMs: number; readonly callback: () => void }[] = []
  return {
    nowMs: () => nowMs,
    nextDueMs: () => timers[0]?.dueMs ?? null,
    after: (delayMs, callback) => {
      const timer = { dueMs: nowMs + delayMs, callback }
      timers.splice(timers.findLastIndex(({ dueMs }) => dueMs <= timer.dueMs) + 1, 0, timer)
      return () => {
        const at = timers.indexOf(timer)
        if (at >= 0) timers.splice(at, 1)
      }
    },
    advance: (byMs) => {
      const limitMs = nowMs + byMs
      for (let next = timers[0]; next !== undefined && next.dueMs <= limitMs; next = timers[0]) {
        timers.shift()
        nowMs = Math.max(nowMs, next.dueMs)
        next.callback()
      }
      nowMs = limitMs
    },
    setBy: (byMs) => {
      nowMs += byMs
      for (const timer of timers) timer.dueMs += byMs
    },
  }
}
