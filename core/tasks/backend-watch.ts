import type { Executor, ExecutorErrorCode, ExecutorFailure } from '../executors/executor.ts'
import type { Clock } from '../platform/clock.ts'

/** Why the backend serves nobody at the moment, for people; `untilMs` null: until its owner says that it may again. */
export type BackendTrouble = { readonly code: ExecutorErrorCode; readonly reason: string; readonly untilMs: number | null }

export type BackendWatch = {
  /** The same executor, whose failures are heard. */
  readonly executor: Executor
  readonly trouble: () => BackendTrouble | null
  /** Asks the backend how it is when that is due; whoever watches is told when the answer changes something. */
  readonly look: () => void
  /** Its owner has done something about it. */
  readonly forgive: () => void
}

/** These do not cure themselves: a revoked key, an account at its limit, a model that is gone. */
const needsOwner: readonly ExecutorErrorCode[] = ['unauthorised', 'spend-limit', 'model-not-found']
/** These say that the backend takes nothing now, and perhaps when it will. */
const passes: readonly ExecutorErrorCode[] = ['rate-limited', 'overloaded']
/** Once these are an accident; so many in a row, and it rests. Its models can be asked for even while it answers like this. */
const breaks: readonly ExecutorErrorCode[] = ['unavailable', 'timeout', 'broken-stream']

const passesAfterMs = 60_000
const askAgainAfterMs = 30_000
const askEveryMs = 300_000
const brokenInARow = 3
const restMs = 300_000

/** Watches one backend while it serves: what its runs say, and between them what its own health says. */
export const createBackendWatch = (inner: Executor, clock: Clock, changed: () => void): BackendWatch => {
  let trouble: BackendTrouble | null = null
  let broken = 0
  let askAtMs = clock.nowMs() + askEveryMs
  let isAsking = false

  const set = (next: BackendTrouble | null): void => {
    const isSame = next?.code === trouble?.code && next?.reason === trouble?.reason
    trouble = next
    if (!isSame) changed()
  }
  const current = (): BackendTrouble | null => (trouble?.untilMs === null || (trouble?.untilMs ?? 0) > clock.nowMs() ? trouble : null)

  const hear = ({ code, message: reason, retryAfterMs }: ExecutorFailure): void => {
    if (needsOwner.includes(code)) return set({ code, reason, untilMs: null })
    if (passes.includes(code)) return set({ code, reason, untilMs: clock.nowMs() + (retryAfterMs ?? passesAfterMs) })
    if (code === 'unreachable') {
      askAtMs = clock.nowMs()
      return set({ code, reason, untilMs: clock.nowMs() + askAgainAfterMs })
    }
    if (breaks.includes(code) && ++broken >= brokenInARow) set({ code, reason, untilMs: clock.nowMs() + restMs })
  }
  const askHealth = async (): Promise<void> => {
    isAsking = true
    const health = await inner.health(new AbortController().signal)
    isAsking = false
    askAtMs = clock.nowMs() + (health.ok ? askEveryMs : askAgainAfterMs)
    if (health.ok) {
      // Being there cures having been away, and nothing else.
      if (trouble?.code === 'unreachable') set(null)
      return
    }
    const { code, message: reason } = health.error
    // As long as it does not answer it is in trouble, so the end lies after the next question.
    set({ code, reason, untilMs: needsOwner.includes(code) ? null : clock.nowMs() + 2 * askAgainAfterMs })
  }

  return {
    executor: {
      ...inner,
      run: async (task, options) => {
        const result = await inner.run(task, options)
        if (result.ok) broken = 0
        else hear(result.error)
        return result
      },
    },
    trouble: current,
    look: () => {
      if (isAsking || clock.nowMs() < askAtMs) return
      void askHealth()
    },
    forgive: () => {
      broken = 0
      askAtMs = clock.nowMs()
      set(null)
    },
  }
}
