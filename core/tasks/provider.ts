import type { FrameChannel, Network } from '../network/port.ts'
import type { TaskRequest } from '../orders/model.ts'
import { equalBytes, fromUtf8, sha256, toHex } from '../platform/bytes.ts'
import { encodeBytes } from '../platform/codec.ts'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'
import { createKeyedQueue } from '../platform/serial-queue.ts'
import { decodeDecree, txHash } from '../settlement/encoding.ts'
import type { Bytes32, Decree, EscrowState, EscrowTerms } from '../settlement/objects.ts'
import { createAdmission } from './admission.ts'
import type { Approvals, ApprovalOutcome } from './approvals.ts'
import type { BackendId } from './choice-store.ts'
import { receiveWithin } from './frames.ts'
import { createJobs, notApproved, type JobsDeps, type NewJob } from './jobs.ts'
import { serveJob, type JobStreamDeps } from './job-stream.ts'
import type { Promised } from './promises.ts'
import { isSealedByClient, openTask, type TaskContext } from './sealing.ts'
import { worstInputTokens } from './room.ts'
import { createTaskBidder, type Serving, type TaskBidderDeps } from './task-bidder.ts'
import {
  decodeClientFrame,
  encodeProviderFrame,
  isResumeBy,
  sealedTaskCodec,
  streamIdBytes,
  type ClientFrame,
  type TaskRefusal,
} from './wire.ts'

export type ProviderDeps = JobsDeps & TaskBidderDeps & { readonly network: Network; readonly approvals: Approvals }

const firstFrameMs = 10_000

type Start = Extract<ClientFrame, { readonly kind: 'start' }>
type Resume = Extract<ClientFrame, { readonly kind: 'resume' }>
type Lock = { readonly escrowId: Bytes32; readonly terms: EscrowTerms; readonly sealed: Start['sealed']; readonly sealedHash: Bytes32 }
type Refused = Failure<TaskRefusal>

export type Provider = ReturnType<typeof createProvider>

/** The provider's side of every trade: bids, runs what was locked for, streams the answer, and gives back what it does not run. */
export const createProvider = (deps: ProviderDeps) => {
  const { store, clock, federationId, signer, escrows, network } = deps
  /** In the order in which they were switched on. */
  const on = new Map<BackendId, { readonly serving: Serving; readonly bidsNow: boolean }>()
  const jobs = createJobs(deps)
  const { bidder, promises, room, demand } = createTaskBidder(deps, {
    bidding: () =>
      [...on.values()].filter(({ bidsNow, serving }) => bidsNow && serving.restsBecause() === null).map(({ serving }) => serving),
    runningCount: jobs.runningCount,
  })
  const admission = createAdmission({ ...deps, room, serving: (id) => on.get(id)?.serving ?? null })
  const starts = createKeyedQueue()
  const streams: JobStreamDeps = {
    store,
    clock,
    live: jobs.live,
    receiveDecree: escrows.receive,
    held: escrows.held,
    reportMisbehaviour: network.reportMisbehaviour,
  }

  const serve = async (channel: FrameChannel): Promise<void> => {
    const first = await receiveWithin(clock, channel, firstFrameMs)
    if (first.kind !== 'frame') return channel.abort('nothing was asked')
    const frame = decodeClientFrame(first.bytes)
    if (!frame.ok) network.reportMisbehaviour(channel.remotePeerId, frame.error.code)
    const known = frame.ok ? await escrowOf(frame.value) : frame
    if (known.ok) return serveJob(streams, channel, known.value, frame.ok && frame.value.kind === 'resume' ? frame.value.fromCounter : 0)
    await channel.send(encodeProviderFrame({ kind: 'refused', code: known.error.code, sentence: known.error.message }))
    await channel.finish()
  }
  const escrowOf = async (frame: ClientFrame): Promise<Result<Bytes32, Refused>> => {
    if (frame.kind === 'resume') return resumed(frame)
    if (frame.kind !== 'start') return fail('malformed', 'A task stream begins with start or resume.')
    const decree = decodeDecree(frame.openDecree)
    if (!decree.ok) return fail('malformed', decree.error.message)
    return starts.run(toHex(txHash(decree.value.tx)), () => started(decree.value, frame))
  }
  const resumed = (frame: Resume): Result<Bytes32, Refused> => {
    const escrow = store.get(frame.escrowId) === null ? null : escrows.get(frame.escrowId)
    return escrow !== null && isResumeBy(escrow.terms.clientKey, federationId, frame) ? ok(frame.escrowId) : notYours
  }

  /** Everything is checked before anything runs; what is locked for me and will not run goes back at once. */
  const started = async (decree: Decree, { sealed }: Start): Promise<Result<Bytes32, Refused>> => {
    const { tx } = decree
    if (tx.type !== 'account' || tx.body.operation.kind !== 'open-escrow') return fail('malformed', 'The decree opens no escrow.')
    const { terms } = tx.body.operation
    const escrowId = txHash(tx)
    const sealedHash = sha256(encodeBytes(sealedTaskCodec, sealed))
    const known = store.get(escrowId)
    // The decree is public, the sealed task is not: only its sender can show it again.
    if (known !== null) return equalBytes(known.sealedHash, sealedHash) ? ok(escrowId) : notYours
    if (!equalBytes(terms.providerKey, signer.publicKey)) return notYours
    const lock = { escrowId, terms, sealed, sealedHash }
    const promised = promises.of(terms.requestHash)
    // A stranger who saw the decree must not spoil the trade: nothing is refunded for a task the client did not sign.
    if (promised !== null && !isSealedByClient(contextOf(federationId, lock, promised), sealed))
      return fail('cannot-open', 'The task is not signed by the client of this escrow.')
    const tracked = await escrows.track(decree)
    if (!tracked.ok) return fail('not-certified', tracked.error.message)
    const begun = await begin(lock)
    if (!begun.ok) {
      deps.audit.note({ kind: 'request', outcome: 'refuse', rule: begun.error.code, member: terms.client, reference: escrowId })
      await jobs.refund(escrowId)
    }
    return begun
  }
  const begin = async (lock: Lock): Promise<Result<Bytes32, Refused>> => {
    const { escrowId, terms, sealedHash } = lock
    const promised = promises.of(terms.requestHash)
    if (promised === null) return fail('unknown-escrow', 'I made no bid with these terms, or it is long over.')
    const may = admission.mayOpen(escrowId, terms, promised)
    if (!may.ok) return may
    // The room stays taken while the task is opened.
    promises.keep(promised)
    const opened = await openTask(promised.key.privateKey, contextOf(federationId, lock, promised), lock.sealed)
    promises.remove(promised)
    if (!opened.ok) return fail('cannot-open', opened.error.message)
    const { plaintext, resultKey } = opened.value
    const { value: request } = promised.request
    const streamId = deps.random.bytes(streamIdBytes)
    const prompt = textOf(plaintext)
    plaintext.fill(0)
    const admitted = admission.mayRun(promised, escrowId)
    if (!admitted.ok) return admitted
    const { serving: now, isAsked } = admitted.value
    const approval = isAsked
      ? approvalOf(deps.approvals, { escrowId, terms, request, prompt }, () => admission.standsInTheWay(promised))
      : null
    demand.note('task', [{ backendId: now.id, outcome: 'task' }])
    jobs.start({
      escrowId,
      terms,
      prompt,
      streamId,
      sealedHash,
      resultKey,
      approval,
      executor: now.executor,
      backend: now.backend,
      backendId: now.id,
      caps: now.caps,
      inputTokens: worstInputTokens(request),
      maxOutputTokens: request.maxOutputTokens,
    })
    return ok(escrowId)
  }
  return {
    bidder,
    serve,
    today: room.today,
    thisMonth: room.thisMonth,
    /** Why nothing fits into the caps any more today. */
    closedBy: room.closedBy,
    demand: demand.lastHour,
    runningCount: jobs.runningCount,
    /** Bids that are out and keep a slot. */
    promisedCount: () => promises.held(null).length,
    earnedMicro: () => store.sumSince(0).earnedMicro,
    start: (serving: Serving): void => void on.set(serving.id, { serving, bidsNow: true }),
    /** No more bids by this backend; what runs goes on, and a bid that is out is kept. */
    pause: (id: BackendId): void => {
      const one = on.get(id)
      if (one !== undefined) on.set(id, { ...one, bidsNow: false })
    },
    /** Aborts what runs on this backend; each aborted task is refunded. */
    stop: (id: BackendId): void => {
      on.delete(id)
      promises.clear(id)
      jobs.abort(id)
      deps.changed()
    },
    resume: jobs.resume,
    settled: (escrow: EscrowState): void => jobs.settled(escrow),
  }
}

const refusalSentences: Readonly<Record<Exclude<ApprovalOutcome, 'run-once'>, string>> = {
  refuse: 'The provider did not approve this task.',
  'refuse-and-block': 'The provider did not approve this task.',
  silence: 'The provider did not approve this task in time.',
  withdrawn: 'The task was withdrawn before the provider approved it.',
}
const notYours = fail<TaskRefusal>('unknown-escrow', 'I have no task of yours for this escrow.')

type Unapproved = { readonly escrowId: Bytes32; readonly terms: EscrowTerms; readonly request: TaskRequest; readonly prompt: string }
const approvalOf =
  (approvals: Approvals, { escrowId, terms, request, prompt }: Unapproved, standsInTheWay: () => string | null): NewJob['approval'] =>
  async (worstCostMillicents, signal) => {
    const { classKey, amountMicro: capMicro, deliverByMs: endMs } = terms
    const { client: requester, maxOutputTokens } = request
    const task = { escrowId, requester, classKey, prompt, maxOutputTokens, capMicro, worstCostMillicents, endMs }
    const outcome = await approvals.ask(task, standsInTheWay, signal)
    return outcome === 'run-once' ? ok(undefined) : fail(notApproved, refusalSentences[outcome])
  }

const contextOf = (federationId: Bytes32, { escrowId, terms }: Lock, { key, request }: Promised): TaskContext => ({
  federationId,
  escrowId,
  clientKey: terms.clientKey,
  providerKey: terms.providerKey,
  bidKey: key.publicKey,
  taskCommit: terms.taskCommit,
  amountMicro: terms.amountMicro,
  maxOutputTokens: request.value.maxOutputTokens,
  deliverByMs: terms.deliverByMs,
})

/** Bytes that are no text are an empty task, which every executor refuses. */
const textOf = (plaintext: Uint8Array): string => {
  try {
    return fromUtf8(plaintext)
  } catch {
    return ''
  }
}
