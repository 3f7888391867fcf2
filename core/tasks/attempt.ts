import type { Fault } from '../facts/model.ts'
import type { Signer } from '../identity/signing.ts'
import type { Network } from '../network/port.ts'
import type { Bid, Signed } from '../orders/model.ts'
import { formatRuv } from '../platform/amount.ts'
import { assert } from '../platform/assert.ts'
import { toHex, utf8 } from '../platform/bytes.ts'
import { decodeBytes, encodeBytes } from '../platform/codec.ts'
import type { Log } from '../platform/log.ts'
import type { Random } from '../platform/random.ts'
import type { Failure, Result } from '../platform/result.ts'
import { encodeDecree, txHash } from '../settlement/encoding.ts'
import type { Bytes32, Decree, EscrowTerms } from '../settlement/objects.ts'
import { beginStream } from './chunk-stream.ts'
import { receiveAnswer, sayLast, type DeliveryInput, type Received, type DeliveryFailure } from './delivery.ts'
import type { Task, TaskId } from './model.ts'
import type { PaymentDeps, Payments } from './payment.ts'
import { sealTask, type TaskContext } from './sealing.ts'
import type { Attempt } from './store.ts'
import type { Trail } from './trail.ts'
import { maxClientFrameBytes, sealedTaskCodec } from './wire.ts'

/** What the trade needs of the wallet. */
export type WalletPort = {
  /** With the same request id the same lock, however often and after whatever crash it is asked for. */
  readonly openEscrow: (terms: EscrowTerms, acceptSignature: Uint8Array, requestId: string) => Promise<Result<Decree, Failure>>
}

export type AttemptDeps = PaymentDeps & {
  readonly wallet: WalletPort
  readonly network: Network
  readonly signer: Signer
  readonly random: Random
  readonly log: Log
  /** What came, after `before`. */
  readonly output: (taskId: TaskId, before: string, text: string) => void
  /** Tells everybody that a failure was not the provider's. */
  readonly noteFault: (escrowId: Bytes32, fault: Fault) => void
}

/** `task-over`: nothing is left to do for this task, whether it has ended or settles by itself. */
export type AttemptEnd = 'task-over' | 'next-bid'

/** Witnesses that cannot be reached are asked again this often for a lock. */
const lockAgainMs = 1_000
/** The answer so far is written at most this often; a crash costs what came since, and that is streamed again. */
const saveEveryMs = 250
/** An answer that was delivered in time may be fetched after its deadline, for this long at a time. */
const fetchLateMs = 60_000

/**
 * One provider tried: money locked for its bid, the task sealed to it, its answer received, its receipt paid. Each part is on disk
 * before the next begins and is skipped when it is there already, so a restart walks the same path.
 */
export type Attempts = ReturnType<typeof createAttempts>

export const createAttempts = (deps: AttemptDeps, trail: Trail, payments: Payments) => {
  const { store, escrows, clock, log } = deps
  /** By task: what tells its provider that nothing more is wanted. */
  const cancels = new Map<string, AbortController>()
  const isCancelled = (id: TaskId): boolean => store.get(id)?.state === 'cancelled'

  const run = async (task: Task, attempt: Attempt, bid: Signed<Bid>, locked: () => void): Promise<AttemptEnd> => {
    if (attempt.receipt !== null) {
      await payments.release(attempt)
      return 'task-over'
    }
    const decree = await lock(task, attempt, bid)
    if (decree === 'task-over' || decree === 'next-bid') return decree
    locked()
    const escrowId = txHash(decree.tx)
    if (escrows.get(escrowId)?.payout?.providerMicro === 0n) return abandon(task, attempt, 'The provider gave the amount back.')
    // A node that lost its disk has the key of the answer and no longer what it sent.
    const isSent = attempt.sealed !== null || attempt.streamId !== null
    const sealed = isSent ? attempt : await seal(task, attempt, bid, escrowId)
    return sealed === null
      ? abandon(task, attempt, 'The bid names no key that a task can be sealed to.')
      : deliver(task, sealed, bid, decree)
  }

  /** As long as it is not known whether the witnesses took the order, the same order goes out again. */
  const lock = async (
    task: Task,
    attempt: Attempt,
    { id, value: { terms, acceptSignature } }: Signed<Bid>,
  ): Promise<Decree | AttemptEnd> => {
    for (;;) {
      const opened = await deps.wallet.openEscrow(terms, acceptSignature, toHex(id))
      if (deps.isStopped()) return 'task-over'
      if (opened.ok) return opened.value
      const problem = `The amount could not be locked: ${opened.error.message}`
      const mayBeDecided = opened.error.code === 'no-quorum'
      if (opened.error.code === 'insufficient-funds' || (mayBeDecided && clock.nowMs() >= task.deadlineMs)) {
        trail.end(task.id, 'failed', problem, () => store.endAttempt(attempt))
        return 'task-over'
      }
      if (!mayBeDecided) return abandon(task, attempt, problem)
      if (!isCancelled(task.id)) trail.move(task.id, 'locking', problem)
      await new Promise<void>((resolve) => void clock.after(lockAgainMs, resolve))
    }
  }

  const seal = async (task: Task, attempt: Attempt, bid: Signed<Bid>, escrow: Bytes32): Promise<Attempt | null> => {
    const plain = { salt: task.salt, plaintext: utf8(task.prompt) }
    const sealed = await sealTask(deps, contextOf(task, bid, escrow, deps.federationId), plain)
    if (!sealed.ok) {
      log.write('warn', 'task not sealed', { reason: sealed.error.code })
      store.setEscrow(attempt, escrow)
      return null
    }
    const outgoing = { escrow, sealed: encodeBytes(sealedTaskCodec, sealed.value.sealed), resultKey: sealed.value.resultKey }
    trail.together(task.id, () => {
      store.setSealed(attempt, outgoing.escrow, outgoing.sealed, outgoing.resultKey)
      if (!isCancelled(task.id)) trail.setState(task.id, 'running', null)
      trail.addStep(task.id, 'locked', `${formatRuv(bid.value.terms.amountMicro)} RUV in escrow; final.`)
    })
    return { ...attempt, ...outgoing }
  }

  const deliver = async (task: Task, attempt: Attempt, bid: Signed<Bid>, decree: Decree): Promise<AttemptEnd> => {
    const input = deliveryOf(attempt, bid, decree, untilOf(bid, txHash(decree.tx)))
    let { received } = input
    const saver = createSaver(deps, attempt)
    const cancel = new AbortController()
    cancels.set(toHex(task.id), cancel)
    if (isCancelled(task.id)) cancel.abort()
    const delivered = await receiveAnswer(
      deps,
      { ...input, cancelled: cancel.signal },
      {
        connected: (isAgain) =>
          trail.step(task.id, 'sent', isAgain ? 'Connected to the provider again.' : 'Sealed task sent to the provider.'),
        accepted: (streamId) => {
          trail.noted(task.id, () => {
            store.setStream(attempt, streamId)
            trail.addStep(task.id, 'received', 'The provider has the task.')
          })
        },
        progress: (progress, text) => {
          if (received.answer === '' && text !== '') trail.step(task.id, 'running', 'The answer begins.')
          if (text !== '') deps.output(task.id, received.answer, text)
          received = progress
          saver.take(progress)
        },
      },
    )
    cancels.delete(toHex(task.id))
    if (deps.isStopped()) return 'task-over'
    saver.flush()
    if (!delivered.ok) {
      noteFault(attempt, delivered.error.code)
      return abandon(task, attempt, delivered.error.message)
    }
    const checked = payments.check(task, attempt, bid.value.terms, delivered.value)
    if (!checked.ok) {
      sayLast(clock, delivered.value.channel, { kind: 'cancel' })
      return abandon(task, attempt, checked.error.message)
    }
    await payments.pay(task, attempt, bid.value.terms, delivered.value)
    return 'task-over'
  }
  /** The provider is not to blame for a model that declines, or for a client that changed its mind. */
  const noteFault = ({ escrow }: Attempt, code: DeliveryFailure['code']): void => {
    const fault = code === 'model-refusal' ? code : code === 'cancelled' ? 'client' : null
    if (escrow !== null && fault !== null) deps.noteFault(escrow, fault)
  }
  /** What the provider has registered as delivered in time is paid for, so it is worth fetching later too. */
  const untilOf = ({ value: { terms } }: Signed<Bid>, escrowId: Bytes32): number =>
    escrows.get(escrowId)?.phase === 'open' ? terms.deliverByMs : Math.max(terms.deliverByMs, clock.nowMs() + fetchLateMs)

  /** This provider will not bring the answer. What is locked comes back by itself, unless it was paid already. */
  const abandon = (task: Task, attempt: Attempt, message: string): AttemptEnd => {
    if (deps.isStopped()) return 'task-over'
    if (isCancelled(task.id)) {
      trail.together(task.id, () => {
        store.endAttempt(attempt)
        payments.noteAllBack(task.id)
      })
      return 'task-over'
    }
    const payout = escrows.get(attempt.escrow ?? new Uint8Array())?.payout ?? null
    const isPaid = payout !== null && payout.providerMicro > 0n
    trail.together(task.id, () => {
      store.endAttempt(attempt)
      trail.addStep(task.id, 'failed', message)
      if (isPaid) trail.setState(task.id, 'settled', `The provider had delivered and was paid while this computer was away. ${message}`)
      else trail.setState(task.id, 'waiting-for-bids', message)
    })
    const escrow = escrows.get(attempt.escrow ?? new Uint8Array())
    if (escrow !== null) payments.registered(escrow)
    return isPaid ? 'task-over' : 'next-bid'
  }

  return { run, cancel: (id: TaskId): void => cancels.get(toHex(id))?.abort() }
}

const createSaver = ({ store, clock }: Pick<AttemptDeps, 'store' | 'clock'>, attempt: Attempt) => {
  let savedAtMs = clock.nowMs()
  let unsaved: Received | null = null
  const flush = (): void => {
    const stream = unsaved?.stream ?? null
    if (unsaved === null || stream === null) return
    const { nextCounter, transcriptHash, resultBytes, finished } = stream
    store.setProgress(attempt, { nextCounter, transcriptHash, resultBytes, finished, answer: unsaved.answer })
    unsaved = null
    savedAtMs = clock.nowMs()
  }
  return {
    flush,
    take: (progress: Received): void => {
      unsaved = progress
      if (clock.nowMs() - savedAtMs >= saveEveryMs) flush()
    },
  }
}

const contextOf = (task: Task, bid: Signed<Bid>, escrowId: Bytes32, federationId: Bytes32): TaskContext => {
  const { terms, taskKey } = bid.value
  return {
    federationId,
    escrowId,
    clientKey: terms.clientKey,
    providerKey: terms.providerKey,
    bidKey: taskKey,
    taskCommit: terms.taskCommit,
    amountMicro: terms.amountMicro,
    maxOutputTokens: task.maxOutputTokens,
    deliverByMs: terms.deliverByMs,
  }
}

const deliveryOf = (attempt: Attempt, bid: Signed<Bid>, decree: Decree, deliverByMs: number): Omit<DeliveryInput, 'cancelled'> => {
  const { escrow, resultKey } = attempt
  const sealed = attempt.sealed === null ? null : decodeBytes(sealedTaskCodec, attempt.sealed, maxClientFrameBytes, 'stored task')
  assert(sealed?.ok !== false && escrow !== null && resultKey !== null, 'a task that is sent was sealed and stored')
  const { peer, terms } = bid.value
  return {
    peer,
    escrowId: escrow,
    openDecree: encodeDecree(decree),
    sealed: sealed?.value ?? null,
    resultKey,
    firstTokenMs: terms.firstTokenMs,
    deliverByMs,
    received: receivedOf(attempt, escrow, resultKey),
  }
}

/** Where the stored answer stopped. */
const receivedOf = (attempt: Attempt, escrow: Bytes32, resultKey: Bytes32): Received => {
  const { streamId, transcriptHash, nextCounter, resultBytes, finished, answer } = attempt
  if (streamId === null) return { stream: null, answer: '' }
  const fresh = beginStream(resultKey, escrow, streamId)
  return { stream: transcriptHash === null ? fresh : { ...fresh, nextCounter, transcriptHash, resultBytes, finished }, answer }
}
