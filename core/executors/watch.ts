import type { Clock } from '../platform/clock.ts'
import { executorFailure, type ExecutorFailure } from './executor.ts'

/** Ends whatever is waited for at the caller's abort or at a timeout, even when the backend ignores its signal. */
export type Watch = {
  /** For the backend; aborted with the run's end, however it comes. */
  readonly signal: AbortSignal
  /** Rejects at once when the watch stops, or after `timeoutMs`, which also stops the watch. */
  readonly race: <T>(work: Promise<T>, timeoutMs?: number) => Promise<T>
  /** Why it stopped; null while it has not. */
  readonly failure: () => ExecutorFailure | null
  readonly end: () => void
}

export const createWatch = (clock: Clock, outer: AbortSignal, totalTimeoutMs: number): Watch => {
  const controller = new AbortController()
  let failure: ExecutorFailure | null = null
  const stop = (reason: ExecutorFailure) => {
    if (controller.signal.aborted) return
    failure = reason
    controller.abort()
  }
  const onAbort = () => stop(executorFailure('aborted', 'The task was stopped.'))
  const onTimeout = () => stop(executorFailure('timeout', 'The backend took too long to answer.'))
  const cancelTotal = clock.after(totalTimeoutMs, onTimeout)
  outer.addEventListener('abort', onAbort, { once: true })
  if (outer.aborted) onAbort()

  return {
    signal: controller.signal,
    failure: () => failure,
    race: (work, timeoutMs) =>
      new Promise((resolve, reject) => {
        const cancel = timeoutMs === undefined ? () => undefined : clock.after(timeoutMs, onTimeout)
        const onStop = () => reject(new Error('stopped'))
        const settle = () => {
          cancel()
          controller.signal.removeEventListener('abort', onStop)
        }
        controller.signal.addEventListener('abort', onStop, { once: true })
        if (controller.signal.aborted) onStop()
        work.then(resolve, reject).finally(settle)
      }),
    end: () => {
      cancelTotal()
      outer.removeEventListener('abort', onAbort)
      controller.abort()
    },
  }
}
