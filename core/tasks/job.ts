import { estimateTokens, faultOf, nothingBilled, type Executor, type RunReport } from '../executors/executor.ts'
import { priceOf, type Usage } from '../orders/metering.ts'
import { utf8 } from '../platform/bytes.ts'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import { err, ok, type Failure, type Result } from '../platform/result.ts'
import type { EscrowTerms, UsageReceipt } from '../settlement/objects.ts'
import { priceOnTime, type Measured } from '../sla/model.ts'
import { chunksOfText, maxChunkBytes, sealChunk, transcriptOf, type Chunk, type ChunkStream } from './chunk-stream.ts'
import type { TaskFault } from './wire.ts'

/** Text is gathered this long, because every chunk is padded and written to disk before it is sent. */
const gatherMs = 25
/** A secret that comes in pieces is found across them; longer than any key form the guard knows. */
const overlapLength = 256

export type JobInput = {
  readonly executor: Executor
  readonly clock: Clock
  readonly log: Log
  readonly terms: EscrowTerms
  readonly escrowId: Uint8Array
  readonly prompt: string
  readonly maxOutputTokens: number
  readonly stream: ChunkStream
  readonly signal: AbortSignal
  /** The secret guard: once the text is sealed nobody can look for secrets in it any more. */
  readonly inspect: (text: Uint8Array) => Result<void, Failure>
  /** Called in order; the chunk is on disk when it returns. What it throws (a full disk) ends the job. */
  readonly onChunk: (chunk: Chunk) => void
}
/** `billed`: what the backend bills the provider for it, whatever the client pays. */
export type JobFailure = Failure & { readonly fault: TaskFault; readonly billed: Usage }
type JobAnswer = { readonly receipt: UsageReceipt; readonly billed: Usage }

/** One run of an executor whose text leaves as encrypted chunks. Never rejects. */
export const runJob = async (input: JobInput): Promise<Result<JobAnswer, JobFailure>> => {
  const { executor, clock, terms, log } = input
  const stop = new AbortController()
  const sealer = createSealer(input, () => stop.abort())
  const startedAtMs = clock.nowMs()
  let firstTokenAtMs: number | null = null
  let billed = nothingBilled
  const failed = (code: string, message: string, fault: TaskFault): Result<never, JobFailure> =>
    err({ code, message, fault, billed: { ...billed, outputTokens: Math.max(billed.outputTokens, sealer.outputTokens()) } })
  try {
    const report = await executor.run(
      { prompt: input.prompt, maxOutputTokens: input.maxOutputTokens },
      {
        signal: AbortSignal.any([input.signal, stop.signal]),
        onText: (text) => {
          firstTokenAtMs ??= Math.max(clock.nowMs(), startedAtMs)
          sealer.take(text)
        },
      },
    )
    billed = report.ok ? report.value.billed : report.error.billed
    const transcript = report.ok ? transcriptOf(sealer.finish()) : null
    const own = sealer.failure()
    if (own !== null) return failed(own.code, own.message, 'provider')
    if (!report.ok) return failed(report.error.code, report.error.message, faultOf(report.error.code))
    if (transcript?.ok !== true) return failed('truncated', 'The answer has no end.', 'provider')
    const times = {
      startedAtMs,
      firstTokenAtMs: firstTokenAtMs ?? startedAtMs,
      // A clock set back during the run must not make the receipt contradict itself.
      finishedAtMs: Math.max(clock.nowMs(), firstTokenAtMs ?? startedAtMs),
    }
    const receipt = { escrowId: input.escrowId, ...usageOf(report.value, terms, times), transcriptHash: transcript.value, ...times }
    return ok({ receipt, billed })
  } catch (error) {
    log.write('error', 'job stopped', { reason: error instanceof Error ? (error.stack ?? error.message) : String(error) })
    return failed(ownError.code, ownError.message, 'provider')
  } finally {
    sealer.stop()
  }
}

const ownError: Failure = { code: 'internal', message: 'The provider’s program met an error of its own.' }

const usageOf = ({ usage }: RunReport, terms: EscrowTerms, times: Measured) => ({
  priceMicro: priceOnTime(priceOf(terms.pricing, usage, terms.amountMicro), terms, times),
  inputTokens: usage.inputTokens,
  outputTokens: usage.outputTokens,
})

type Sealer = {
  readonly take: (text: string) => void
  readonly finish: () => ChunkStream
  readonly stop: () => void
  /** What went wrong on this side: a secret in the answer, or a disk that takes no more. */
  readonly failure: () => Failure | null
  readonly outputTokens: () => number
}

/** Gathers text, looks it through, and seals it piece by piece. After its first failure it takes nothing more. */
const createSealer = ({ clock, log, stream: first, inspect, onChunk }: JobInput, onFailure: () => void): Sealer => {
  let stream = first
  let gathered = ''
  let tail = ''
  let outputTokens = 0
  let failure: Failure | null = null
  let cancelTimer: (() => void) | null = null
  const failWith = (reason: Failure): void => {
    failure ??= reason
    onFailure()
  }
  const seal = (piece: Uint8Array, final: boolean): void => {
    const sealed = sealChunk(stream, piece, final)
    onChunk(sealed.chunk)
    stream = sealed.stream
  }
  const sealGathered = (): void => {
    const text = gathered
    gathered = ''
    const inspected = inspect(utf8(tail + text))
    if (!inspected.ok) {
      log.write('error', 'secret stopped', { reason: inspected.error.message })
      return failWith({ code: 'secret-found', message: 'The answer held a secret of the provider’s and was stopped.' })
    }
    tail = (tail + text).slice(-overlapLength)
    for (const piece of chunksOfText(text)) seal(piece, false)
  }
  const guarded = (work: () => void): void => {
    cancelTimer?.()
    cancelTimer = null
    if (failure !== null) return
    try {
      work()
    } catch (error) {
      log.write('error', 'chunk not stored', { reason: String(error) })
      failWith(ownError)
    }
  }
  return {
    take: (text) => {
      if (failure !== null) return
      gathered += text
      outputTokens += estimateTokens(text)
      if (utf8(gathered).length >= maxChunkBytes) guarded(sealGathered)
      else cancelTimer ??= clock.after(gatherMs, () => guarded(sealGathered))
    },
    finish: () => {
      guarded(sealGathered)
      guarded(() => seal(new Uint8Array(), true))
      return stream
    },
    stop: () => cancelTimer?.(),
    failure: () => failure,
    outputTokens: () => outputTokens,
  }
}
