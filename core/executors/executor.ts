import { utf8 } from '../platform/bytes.ts'
import type { Failure, Result } from '../platform/result.ts'
import type { Usage } from '../orders/metering.ts'

/**
 * What runs a task on the provider's machine. All executors behave alike and pass one suite (executor-compliance.ts): a stranger's
 * text is only ever one user turn; there are no tools, no files, no fetched addresses, no second attempt that costs twice.
 */
export type ExecutorId = 'practice' | 'local-model' | 'anthropic-api' | 'claude-cli'

export type ExecutorTask = { readonly prompt: string; readonly maxOutputTokens: number }

export type Capabilities = {
  readonly model: string
  /** Largest `maxOutputTokens` of a task. */
  readonly maxOutputTokens: number
  /** Every answer says that it is simulated. */
  readonly simulated: boolean
}

export type RunReport = {
  /** What the receipt is priced by; `outputTokens` ≤ the task's `maxOutputTokens`. */
  readonly usage: Usage
  /** What the caps count: see `ExecutorFailure`. */
  readonly billed: Usage
  /** Some local servers do not count; then the tokens are estimated from the text. */
  readonly usageFrom: 'backend' | 'estimate'
  /** `length`: the answer was cut at its cap. */
  readonly stop: 'end' | 'length'
}

export type ExecutorErrorCode =
  | 'invalid-task'
  | 'aborted'
  | 'timeout'
  | 'unreachable'
  | 'unauthorised'
  | 'model-not-found'
  | 'rejected'
  | 'rate-limited'
  | 'spend-limit'
  | 'overloaded'
  | 'unavailable'
  | 'broken-stream'
  | 'empty'
  | 'refusal'

/**
 * `retryAfterMs` is the backend's own wish, for the provider's queue; a run is never repeated by itself. `billed`: what the backend bills
 * its owner, which a failure does not waive; with reasoning that nobody else sees, and never less than the text that came shows.
 */
export type ExecutorFailure = Failure<ExecutorErrorCode> & { readonly retryAfterMs: number | null; readonly billed: Usage }
export const nothingBilled: Usage = { inputTokens: 0, outputTokens: 0 }

/** Who answers for a failure; `refusal` is the model's and nobody's fault. */
export const faultOf = (code: ExecutorErrorCode): 'client' | 'provider' | 'model-refusal' =>
  code === 'refusal' ? 'model-refusal' : code === 'invalid-task' ? 'client' : 'provider'

export type RunOptions = {
  /** Aborting stops the backend at once; nothing is given to `onText` afterwards. */
  readonly signal: AbortSignal
  /** Pieces in order, each whole characters. The backend waits while the promise is pending. A throw stops the run and goes on to the caller. */
  readonly onText: (text: string) => void | Promise<void>
}

export type Executor = {
  readonly id: ExecutorId
  readonly capabilities: Capabilities
  /** The most that the task can use: for quotes and for the cap on the provider's day. */
  readonly estimate: (task: ExecutorTask) => Usage
  /** Asks the backend for its models without running anything. */
  readonly health: (signal: AbortSignal) => Promise<Result<{ readonly models: readonly string[] }, ExecutorFailure>>
  readonly run: (task: ExecutorTask, options: RunOptions) => Promise<Result<RunReport, ExecutorFailure>>
}

/** English has about four bytes to a token, other languages and code fewer; three errs towards more tokens. */
const bytesPerToken = 3
export const estimateTokens = (text: string): number => Math.ceil(utf8(text).length / bytesPerToken)

export const executorFailure = (code: ExecutorErrorCode, message: string, retryAfterMs: number | null = null): ExecutorFailure => ({
  code,
  message,
  retryAfterMs,
  billed: nothingBilled,
})

/** What a backend throws inside its stream; the runner turns it into the failure it carries. */
export class BackendError extends Error {
  override name = 'BackendError'
  readonly failure: ExecutorFailure
  constructor(failure: ExecutorFailure) {
    super(failure.message)
    this.failure = failure
  }
}

export type BackendEvent =
  | { readonly kind: 'text'; readonly text: string }
  /** Cumulative; null = not said. `hiddenTokens`: reasoning, which is billed beside `outputTokens` and not shown. */
  | { readonly kind: 'usage'; readonly inputTokens: number | null; readonly outputTokens: number | null; readonly hiddenTokens?: number }
  | { readonly kind: 'stop'; readonly reason: 'end' | 'length' | 'refusal' }

/** The part that differs: a stream of events that ends with `stop` and obeys the signal. The runner enforces everything else. */
export type Backend = {
  readonly id: ExecutorId
  readonly capabilities: Capabilities
  readonly models: (signal: AbortSignal) => Promise<readonly string[]>
  readonly stream: (task: ExecutorTask, signal: AbortSignal) => AsyncIterable<BackendEvent>
}
