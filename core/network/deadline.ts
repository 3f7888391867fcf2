import type { Clock } from '../platform/clock.ts'
import { NetworkError, type NetworkErrorCode, type RequestOptions } from './port.ts'

/** Whatever a lower layer threw, as the one kind of error that leaves this folder. */
export const asNetworkError = (error: unknown, code: NetworkErrorCode = 'closed', message = 'The connection was lost.'): NetworkError =>
  error instanceof NetworkError ? error : new NetworkError(code, message)

/** The reason of an aborted signal of ours; a foreign signal means that the caller stopped. */
export const abortReason = (signal: AbortSignal): NetworkError => asNetworkError(signal.reason, 'aborted', 'Stopped on request.')

/** Runs `work` under a time limit and the caller's signal; rejects as soon as either fires, whether or not `work` notices. */
export const withDeadline = <T>(clock: Clock, options: RequestOptions, work: (signal: AbortSignal) => Promise<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    const controller = new AbortController()
    const stop = (error: NetworkError): void => {
      controller.abort(error)
      reject(error)
    }
    if (options.signal?.aborted === true) return stop(abortReason(options.signal))
    const onAbort = (): void => stop(new NetworkError('aborted', 'Stopped on request.'))
    options.signal?.addEventListener('abort', onAbort, { once: true })
    const cancel = clock.after(options.timeoutMs, () => stop(new NetworkError('timeout', `No answer within ${options.timeoutMs} ms.`)))
    work(controller.signal)
      .then(resolve, (error: unknown) => reject(asNetworkError(error)))
      .finally(() => {
        cancel()
        options.signal?.removeEventListener('abort', onAbort)
      })
  })

/** Waits for a promise that knows no signal. The promise itself goes on; only the waiting ends. */
export const orAborted = <T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> => {
  if (signal === undefined) return promise
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(abortReason(signal))
    if (signal.aborted) onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}
