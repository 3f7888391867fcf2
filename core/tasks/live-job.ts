import type { JobFailure } from './job.ts'

/** A job while this process runs it: streams wait here for what comes next, and learn how it ended. */
export type LiveJob = {
  readonly signal: AbortSignal
  readonly abort: () => void
  /** There is another chunk. */
  readonly wake: () => void
  readonly end: (failure: JobFailure | null) => void
  readonly isOver: () => boolean
  readonly failure: () => JobFailure | null
  /** Resolves with the next chunk or the end. */
  readonly more: () => Promise<void>
}

export const createLiveJob = (): LiveJob => {
  const stop = new AbortController()
  const waiting = new Set<() => void>()
  let failure: JobFailure | null = null
  let isOver = false
  const wake = (): void => {
    for (const resolve of waiting) resolve()
    waiting.clear()
  }
  return {
    signal: stop.signal,
    abort: () => stop.abort(),
    wake,
    end: (reason) => {
      failure = reason
      isOver = true
      wake()
    },
    isOver: () => isOver,
    failure: () => failure,
    more: () => (isOver ? Promise.resolve() : new Promise((resolve) => void waiting.add(resolve))),
  }
}
