import { costMillicents as costMillicentsOf, type ProviderCaps } from '../compliance/caps.ts'
import { nothingBilled, type Executor } from '../executors/executor.ts'
import type { Signer } from '../identity/signing.ts'
import type { Usage } from '../orders/metering.ts'
import type { BackendKind } from '../orders/model.ts'
import { toHex } from '../platform/bytes.ts'
import { decodeBytes, encodeBytes } from '../platform/codec.ts'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import { err, ok, type Failure, type Result } from '../platform/result.ts'
import { maxDecreeBytes, signedReceiptCodec } from '../settlement/encoding.ts'
import type { Bytes32, Decree, EscrowState, EscrowTerms, SignedUsageReceipt } from '../settlement/objects.ts'
import type { BackendId } from './choice-store.ts'
import { beginStream } from './chunk-stream.ts'
import { runJob, type JobFailure } from './job.ts'
import { interrupted } from './job-stream.ts'
import type { Job, JobStore } from './job-store.ts'
import { createLiveJob, type LiveJob } from './live-job.ts'
import { signReceipt } from '../settlement/signatures.ts'

/** What running other people's tasks needs of the escrows. */
export type ProviderEscrows = {
  /** Takes in a certified lock that pays me, after checking its certificate; the failure says what is wrong with it. */
  readonly track: (opened: Decree) => Promise<Result<EscrowState, Failure>>
  readonly get: (escrowId: Bytes32) => EscrowState | null
  readonly refund: (escrowId: Bytes32) => Promise<Result<Decree, Failure>>
  /** The answer is out: from now on the escrow's own clock sees to it that I am paid. */
  readonly answered: (receipt: SignedUsageReceipt) => void
  /** The client has all of it and pays by hand: the delivery goes on record now, so that its review can begin. */
  readonly held: (escrowId: Bytes32) => void
  /** A decree the client says it has; ignored unless it is certified and concerns me. */
  readonly receive: (decree: Decree) => void
}

export type JobsDeps = {
  readonly store: JobStore
  readonly escrows: ProviderEscrows
  readonly signer: Signer
  readonly federationId: Bytes32
  readonly clock: Clock
  readonly log: Log
  /** The secret guard, for answers before they are sealed. */
  readonly inspect: (text: Uint8Array) => Result<void, Failure>
  readonly changed: () => void
}

export type NewJob = {
  readonly escrowId: Bytes32
  readonly terms: EscrowTerms
  readonly executor: Executor
  readonly prompt: string
  readonly maxOutputTokens: number
  readonly streamId: Uint8Array
  readonly sealedHash: Bytes32
  readonly resultKey: Bytes32
  readonly backend: BackendKind
  readonly backendId: BackendId
  readonly caps: ProviderCaps
  /** What its text may cost as input, at most. */
  readonly inputTokens: number
  /** Whether it may run, before it does; null when nobody has to be asked. It ends at once when the signal aborts. */
  readonly approval: ((worstCostMillicents: number, signal: AbortSignal) => Promise<Result<void, Failure>>) | null
}

type FailedUse = Pick<Job, 'outputTokens' | 'costMillicents'>

/** An answer that was paid for although its client was away is kept this long, so that it can still be fetched. */
const keepAnswersMs = 7 * 24 * 3_600_000

/** The code of a job that its provider did not let run. */
export const notApproved = 'not-approved'

/** The tasks of others on this machine, from the moment they are accepted until their escrow is settled. */
export const createJobs = (deps: JobsDeps) => {
  const { store, escrows, clock, log } = deps
  const live = new Map<string, LiveJob & { readonly backendId: BackendId }>()

  /** The job is stored, with all it may use counted, when this returns; it runs on by itself. */
  const start = (job: NewJob): void => {
    const { escrowId: escrow, terms, streamId, sealedHash, maxOutputTokens, backend, backendId, inputTokens } = job
    const costMillicents = costMillicentsOf(job.caps, { inputTokens, outputTokens: maxOutputTokens })
    const used = { inputTokens, outputTokens: maxOutputTokens, costMillicents }
    store.add({ escrow, client: terms.client, atMs: clock.nowMs(), streamId, sealedHash, backend, backendId, ...used })
    const running = createLiveJob()
    live.set(toHex(escrow), { ...running, backendId })
    deps.changed()
    void run(job, running, costMillicents)
  }
  const run = async (job: NewJob, running: LiveJob, worstCostMillicents: number): Promise<void> => {
    const { escrowId, terms } = job
    const cancelDeadline = clock.after(Math.max(0, terms.deliverByMs - clock.nowMs()), running.abort)
    const approved = job.approval === null ? ok(undefined) : await job.approval(worstCostMillicents, running.signal)
    const result = approved.ok ? await execute(job, running) : err({ ...approved.error, fault: 'provider' as const, billed: nothingBilled })
    cancelDeadline()
    const failure = result.ok
      ? finish(job, signReceipt(deps.federationId, result.value.receipt, deps.signer), result.value.billed)
      : result.error
    live.delete(toHex(escrowId))
    running.end(failure)
    deps.changed()
    const escrow = escrows.get(escrowId)
    if (failure !== null) await giveBack(escrowId, failure.code, usedByFailure(job, failure))
    else if (escrow?.phase === 'settled') settled(escrow)
  }
  const execute = (job: NewJob, running: LiveJob): ReturnType<typeof runJob> =>
    runJob({
      ...job,
      clock,
      log,
      inspect: deps.inspect,
      stream: beginStream(job.resultKey, job.escrowId, job.streamId),
      signal: running.signal,
      onChunk: (chunk) => {
        store.addChunk(job.escrowId, chunk)
        running.wake()
      },
    })
  const finish = ({ escrowId, caps }: NewJob, signed: SignedUsageReceipt, billed: Usage): JobFailure | null => {
    const used = { ...billed, costMillicents: costMillicentsOf(caps, billed) }
    try {
      store.finish(escrowId, encodeBytes(signedReceiptCodec, signed), signed.receipt.priceMicro, used)
      escrows.answered(signed)
      return null
    } catch (error) {
      log.write('error', 'job not finished', { escrow: toHex(escrowId), reason: String(error) })
      return { code: 'internal', message: 'The provider’s program could not store its receipt.', fault: 'provider', billed }
    }
  }

  /** Nothing was sent to the backend when nobody let it run; whatever else went wrong, its text was. */
  const usedByFailure = ({ caps, inputTokens }: NewJob, { code, billed }: JobFailure): FailedUse => {
    const worst = { ...billed, inputTokens: Math.max(inputTokens, billed.inputTokens) }
    return { outputTokens: billed.outputTokens, costMillicents: code === notApproved ? 0 : costMillicentsOf(caps, worst) }
  }

  const giveBack = async (escrowId: Bytes32, code: string, { outputTokens, costMillicents }: FailedUse): Promise<void> => {
    try {
      log.write('info', 'job failed', { escrow: toHex(escrowId), code })
      if (code === notApproved) store.notSent(escrowId)
      store.fail(escrowId, outputTokens, costMillicents)
      const escrow = escrows.get(escrowId)
      if (escrow?.phase === 'settled') return settled(escrow)
    } catch (error) {
      // The next start finds it running and fails it then.
      log.write('error', 'failed job not stored', { escrow: toHex(escrowId), reason: String(error) })
    }
    await refund(escrowId)
  }
  const refund = async (escrowId: Bytes32): Promise<void> => {
    try {
      const refunded = await escrows.refund(escrowId)
      if (!refunded.ok) log.write('warn', 'not refunded yet', { escrow: toHex(escrowId), reason: refunded.error.message })
    } catch (error) {
      log.write('error', 'not refunded', { escrow: toHex(escrowId), reason: String(error) })
    }
  }

  /** Told whenever an escrow is settled, by whatever move. */
  const settled = ({ id, payout, deliveredPriceMicro }: EscrowState): void => {
    const running = live.get(toHex(id))
    // Its run is called off, and comes back here when it has ended.
    if (running !== undefined) return running.abort()
    if (store.get(id) === null) return
    // After a delivery the client was not there to release; it may come back for what it paid.
    store.settle(id, payout?.providerMicro ?? 0n, deliveredPriceMicro !== null)
    deps.changed()
  }

  const takeUp = async ({ escrow, state, receipt, outputTokens, costMillicents }: Job): Promise<void> => {
    const known = escrows.get(escrow)
    if (known?.phase === 'settled') return settled(known)
    if (state !== 'done') return giveBack(escrow, interrupted.code, { outputTokens, costMillicents })
    const signed = receipt === null ? null : decodeBytes(signedReceiptCodec, receipt, maxDecreeBytes, 'stored receipt')
    if (signed?.ok === true) escrows.answered(signed.value)
  }

  return {
    start,
    refund,
    settled,
    live: (escrowId: Bytes32): LiveJob | null => live.get(toHex(escrowId)) ?? null,
    /** On one backend, or on all. */
    runningCount: (of: BackendId | null): number =>
      of === null ? live.size : [...live.values()].filter(({ backendId }) => backendId === of).length,
    /** What runs on this backend; each is refunded. */
    abort: (of: BackendId): void => {
      for (const { backendId, abort } of live.values()) if (backendId === of) abort()
    },
    /** After a restart: what ran is lost, because its plaintext was only in memory; what was answered waits for its pay. */
    resume: async (): Promise<void> => {
      store.forgetAnswers(clock.nowMs() - keepAnswersMs)
      for (const job of store.unsettled()) if (!live.has(toHex(job.escrow))) await takeUp(job)
    },
  }
}
