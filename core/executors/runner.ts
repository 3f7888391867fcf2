import type { Clock } from '../platform/clock.ts'
import { err, ok, type Result } from '../platform/result.ts'
import { maxTaskBytes } from '../tasks/sealing.ts'
import type { Usage } from '../orders/metering.ts'
import { utf8 } from '../platform/bytes.ts'
import {
  BackendError,
  estimateTokens,
  executorFailure,
  type Backend,
  type BackendEvent,
  type Executor,
  type ExecutorFailure,
  type ExecutorTask,
  type RunOptions,
  type RunReport,
} from './executor.ts'
import { createTextGate, leastTokens, type TextGate } from './text-gate.ts'
import { createWatch, type Watch } from './watch.ts'

export type RunnerLimits = {
  /** To the first event; a large local model may load from disk first. */
  readonly firstEventTimeoutMs: number
  /** Between two events. Time that the reader takes does not count. */
  readonly idleTimeoutMs: number
  readonly totalTimeoutMs: number
  readonly healthTimeoutMs: number
}

export const defaultRunnerLimits: RunnerLimits = {
  firstEventTimeoutMs: 120_000,
  idleTimeoutMs: 60_000,
  totalTimeoutMs: 30 * 60_000,
  healthTimeoutMs: 10_000,
}

/** Puts the rules that all executors share around a backend: caps, timeouts, abort, order, an honest end. */
export const createExecutor = (backend: Backend, clock: Clock, limits: RunnerLimits = defaultRunnerLimits): Executor => ({
  id: backend.id,
  capabilities: backend.capabilities,
  estimate: (task) => ({ inputTokens: estimateTokens(task.prompt), outputTokens: task.maxOutputTokens }),
  health: async (signal) => {
    const watch = createWatch(clock, signal, limits.healthTimeoutMs)
    try {
      return ok({ models: await watch.race(backend.models(watch.signal)) })
    } catch (error) {
      return err(watch.failure() ?? failureOf(error))
    } finally {
      watch.end()
    }
  },
  run: async (task, options) => {
    const invalid = invalidTask(task, backend)
    if (invalid !== null) return err(invalid)
    return runBackend(backend, task, options, createWatch(clock, options.signal, limits.totalTimeoutMs), limits)
  },
})

const invalidTask = ({ prompt, maxOutputTokens }: ExecutorTask, { capabilities }: Backend): ExecutorFailure | null => {
  if (prompt.trim() === '') return executorFailure('invalid-task', 'The task is empty. Write what should be done.')
  if (utf8(prompt).length > maxTaskBytes)
    return executorFailure('invalid-task', `The task is longer than ${maxTaskBytes} bytes. Shorten it.`)
  if (!Number.isSafeInteger(maxOutputTokens) || maxOutputTokens < 1 || maxOutputTokens > capabilities.maxOutputTokens)
    return executorFailure('invalid-task', `The output cap must be from 1 to ${capabilities.maxOutputTokens} tokens.`)
  return null
}

type Progress = { inputTokens: number | null; outputTokens: number | null; hiddenTokens: number; stop: 'end' | 'length' | 'refusal' | null }

const runBackend = async (
  backend: Backend,
  task: ExecutorTask,
  { onText }: RunOptions,
  watch: Watch,
  limits: RunnerLimits,
): Promise<Result<RunReport, ExecutorFailure>> => {
  const gate = createTextGate(task.maxOutputTokens)
  const progress: Progress = { inputTokens: null, outputTokens: null, hiddenTokens: 0, stop: null }
  const events = backend.stream(task, watch.signal)[Symbol.asyncIterator]()
  const failed = (failure: ExecutorFailure) => err({ ...failure, billed: billedFor(task, progress, gate) })
  const deliver = async (text: string) => {
    if (text !== '') await watch.race(Promise.resolve(onText(text)))
  }
  const nextEvent = async (timeoutMs: number) => {
    try {
      const next = await watch.race(events.next(), timeoutMs)
      return next.done === true ? ok(null) : ok(next.value)
    } catch (error) {
      return failed(watch.failure() ?? failureOf(error))
    }
  }
  try {
    let timeoutMs = limits.firstEventTimeoutMs
    while (progress.stop === null && !gate.isFull()) {
      const event = await nextEvent(timeoutMs)
      if (!event.ok) return event
      if (event.value === null) return failed(executorFailure('broken-stream', 'The backend stopped in the middle of its answer.'))
      await deliver(take(event.value, progress, gate))
      timeoutMs = limits.idleTimeoutMs
    }
    await deliver(gate.end())
    const concluded = conclusion(task, progress, gate)
    return concluded.ok ? concluded : failed(concluded.error)
  } catch (error) {
    const stopped = watch.failure()
    if (stopped !== null) return failed(stopped)
    throw error
  } finally {
    watch.end()
    // Not awaited: a generator that hangs in its own `next` would hold the abort up. What it still throws is of no interest.
    void events.return?.().then(undefined, () => undefined)
  }
}

/** Folds one event into the progress and gives the text that may leave. */
const take = (event: BackendEvent, progress: Progress, gate: TextGate): string => {
  if (event.kind === 'text') return gate.push(event.text)
  if (event.kind === 'stop') progress.stop = event.reason
  if (event.kind === 'usage') {
    progress.inputTokens = isCount(event.inputTokens) ? event.inputTokens : progress.inputTokens
    progress.outputTokens = isCount(event.outputTokens) ? event.outputTokens : progress.outputTokens
    progress.hiddenTokens = event.hiddenTokens ?? progress.hiddenTokens
  }
  return ''
}

/** No tokeniser makes more than one token of a byte; a backend that counts more is wrong, or says so to charge more. */
const framingTokens = 64

/** A context of four million tokens is above any model's; a larger count is a broken backend's. */
const isCount = (value: number | null): value is number => value !== null && Number.isSafeInteger(value) && value >= 0 && value <= 4_000_000

const conclusion = (task: ExecutorTask, progress: Progress, gate: TextGate): Result<RunReport, ExecutorFailure> => {
  if (progress.stop === 'refusal') return err(executorFailure('refusal', 'The model declined this task. Nothing is charged.'))
  if (gate.isBlank()) return err(executorFailure('empty', 'The backend gave an empty answer. Nothing is charged.'))
  const counted = progress.outputTokens !== null && progress.outputTokens > 0 && progress.inputTokens !== null
  const outputTokens = counted ? (progress.outputTokens ?? 0) : gate.estimatedTokens()
  const inputTokens = Math.min(progress.inputTokens ?? estimateTokens(task.prompt), utf8(task.prompt).length + framingTokens)
  return ok({
    usage: { inputTokens, outputTokens: Math.min(outputTokens, task.maxOutputTokens) },
    billed: billedFor(task, progress, gate),
    usageFrom: counted ? 'backend' : 'estimate',
    stop: progress.stop === 'end' && !gate.isFull() ? 'end' : 'length',
  })
}

/** A backend that counts too little must not pass its owner's caps. */
const billedFor = ({ prompt }: ExecutorTask, { inputTokens, outputTokens, hiddenTokens }: Progress, gate: TextGate): Usage => ({
  inputTokens: Math.max(inputTokens ?? estimateTokens(prompt), leastTokens(utf8(prompt).length)),
  outputTokens: Math.max((outputTokens ?? gate.estimatedTokens()) + hiddenTokens, gate.leastTokens()),
})

const failureOf = (error: unknown): ExecutorFailure =>
  error instanceof BackendError ? error.failure : executorFailure('broken-stream', 'The backend answered in a way that makes no sense.')
