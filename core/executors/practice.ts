import type { Clock } from '../platform/clock.ts'
import { createSeededRandom } from '../platform/random.ts'
import { estimateTokens, type Backend, type BackendEvent, type Executor, type ExecutorTask } from './executor.ts'
import { createExecutor, type RunnerLimits } from './runner.ts'

export type PracticeOptions = {
  /** The same seed and prompt give the same answer on every machine. */
  readonly seed: string
  readonly clock: Clock
  readonly firstTokenMs?: number
  readonly tokenMs?: number
  /** The answer's length; the task's cap still holds. */
  readonly words?: number
  /** What can go wrong with a real backend, to be seen in practice and in tests. */
  readonly behaviour?: 'answer' | 'empty' | 'hang' | 'break' | 'refuse' | 'flood'
  readonly limits?: RunnerLimits
}

/** Opens every answer, so that none can be taken for a model's. */
export const practiceLabel = '[Simulated answer: no AI model was asked.] '
export const practiceModel = 'practice'

const vocabulary = (
  'a practice answer moves through sealed chunks while four witnesses certify each step and the escrow waits until the ' +
  'client has seen every word then the metered price is paid and the rest returns'
).split(' ')

export const createPracticeExecutor = (options: PracticeOptions): Executor =>
  createExecutor(practiceBackend(options), options.clock, options.limits)

const practiceBackend = (options: PracticeOptions): Backend => ({
  id: 'practice',
  capabilities: { model: practiceModel, maxOutputTokens: 4_096, simulated: true },
  models: () => Promise.resolve([practiceModel]),
  stream: (task, signal) => practiceStream(options, task, signal),
})

async function* practiceStream(options: PracticeOptions, task: ExecutorTask, signal: AbortSignal): AsyncGenerator<BackendEvent> {
  const { clock, behaviour = 'answer', firstTokenMs = 0, tokenMs = 0 } = options
  yield { kind: 'usage', inputTokens: estimateTokens(task.prompt), outputTokens: null }
  await pause(clock, firstTokenMs, signal)
  if (behaviour === 'hang') await pause(clock, Number.POSITIVE_INFINITY, signal)
  if (behaviour === 'refuse') yield { kind: 'stop', reason: 'refusal' }
  let outputTokens = 0
  for (const piece of behaviour === 'empty' ? [] : practiceText(options, task, behaviour === 'flood')) {
    const isOverCap = outputTokens + estimateTokens(piece) > task.maxOutputTokens
    if (isOverCap && behaviour !== 'flood' && piece !== practiceLabel) break
    outputTokens += estimateTokens(piece)
    yield { kind: 'text', text: piece }
    await pause(clock, tokenMs, signal)
    if (behaviour === 'break') return
  }
  yield { kind: 'usage', inputTokens: null, outputTokens }
  yield { kind: 'stop', reason: 'end' }
}

function* practiceText({ seed, words = 60 }: PracticeOptions, { prompt }: ExecutorTask, endless: boolean): Generator<string> {
  const random = createSeededRandom(`practice/${seed}/${prompt}`)
  yield practiceLabel
  yield `The task has ${prompt.length} characters.`
  for (let count = 0; endless || count < words; count++) {
    const [byte = 0] = random.bytes(1)
    yield ` ${vocabulary[byte % vocabulary.length]}`
  }
  yield '.'
}

const pause = (clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> => {
  if (delayMs <= 0) return Promise.resolve()
  return new Promise((resolve) => {
    const end = () => {
      cancel()
      signal.removeEventListener('abort', end)
      resolve()
    }
    const cancel = Number.isFinite(delayMs) ? clock.after(delayMs, end) : () => undefined
    signal.addEventListener('abort', end)
  })
}
