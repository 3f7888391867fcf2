import type { Clock } from '../platform/clock.ts'
import { formatRuv } from '../platform/amount.ts'
import { assert } from '../platform/assert.ts'
import { utf8 } from '../platform/bytes.ts'
import { decodeBytes, encodeBytes } from '../platform/codec.ts'
import { fail, type Failure, type Result } from '../platform/result.ts'
import { encodeDecree, maxDecreeBytes, signedReceiptCodec } from '../settlement/encoding.ts'
import type { Bytes32, Decree, EscrowState, EscrowTerms, SignedUsageReceipt } from '../settlement/objects.ts'
import { transcriptOf } from './chunk-stream.ts'
import { sayLast, type Delivered } from './delivery.ts'
import { isOver, waitsForCopies, type Task, type TaskId } from './model.ts'
import { checkReceipt, doubtOf } from './receipt.ts'
import type { Attempt, TaskStore } from './store.ts'
import type { Trail } from './trail.ts'

/** What the trade needs of the escrows. */
export type EscrowPort = {
  readonly get: (escrowId: Bytes32) => EscrowState | null
  /** What a release of this escrow pays from now on, whoever asks for it. */
  readonly note: (receipt: SignedUsageReceipt) => void
  readonly release: (escrowId: Bytes32, receipt: SignedUsageReceipt) => Promise<Result<Decree, Failure>>
}

export type PaymentDeps = {
  readonly store: TaskStore
  readonly escrows: EscrowPort
  readonly federationId: Bytes32
  readonly clock: Clock
  readonly isStopped: () => boolean
}
export type Payments = ReturnType<typeof createPayments>

/** What becomes of the money of a task: paid against a receipt that is right, or given back. */
export const createPayments = (deps: PaymentDeps, trail: Trail) => {
  const { store, escrows, clock } = deps

  /** Whether the provider's bill is for this very answer. */
  const check = (task: Task, attempt: Attempt, terms: EscrowTerms, { stream, receipt }: Delivered): Result<void, Failure> => {
    const transcript = stream === null ? null : transcriptOf(stream)
    if (stream === null || transcript?.ok !== true || attempt.escrow === null)
      return fail('truncated', 'The provider asked for its pay before the answer was complete.')
    return checkReceipt(receipt, {
      federationId: deps.federationId,
      escrowId: attempt.escrow,
      terms,
      maxOutputTokens: task.maxOutputTokens,
      transcriptHash: transcript.value,
      taskBytes: utf8(task.prompt).length,
      resultBytes: stream.resultBytes,
    })
  }

  /** For an answer that is complete and whose receipt was checked. A doubtful bill waits for its owner, as does what it pays by hand. */
  const pay = async (task: Task, attempt: Attempt, terms: EscrowTerms, delivered: Delivered): Promise<void> => {
    const receipt = encodeBytes(signedReceiptCodec, delivered.receipt)
    const texts = { terms, taskBytes: utf8(task.prompt).length, resultBytes: delivered.stream?.resultBytes ?? 0 }
    const reason = doubtOf(delivered.receipt.receipt, texts) ?? store.holdOf(task.id) ?? (task.copy === null ? null : waitsForCopies)
    const nextCounter = delivered.stream?.nextCounter ?? 0
    if (reason !== null) {
      hold(attempt, delivered.receipt, reason)
      if (reason !== waitsForCopies) sayLast(clock, delivered.channel, { kind: 'acknowledge', nextCounter, settledDecree: null })
      return
    }
    const detail = `The answer is complete and its receipt right: ${formatRuv(delivered.receipt.receipt.priceMicro)} RUV.`
    // On the disk with the order that pays it, which is written next.
    trail.noted(attempt.task, () => {
      store.setReceipt(attempt, receipt)
      trail.setState(attempt.task, 'delivered', null)
      trail.addStep(attempt.task, 'delivered', detail)
    })
    const released = await release({ ...attempt, receipt })
    if (released !== null) sayLast(clock, delivered.channel, { kind: 'acknowledge', nextCounter, settledDecree: encodeDecree(released) })
  }

  const hold = (attempt: Attempt, signed: SignedUsageReceipt, reason: string): void => {
    escrows.note(signed)
    trail.together(attempt.task, () => {
      store.setReceipt(attempt, encodeBytes(signedReceiptCodec, signed))
      store.hold(attempt.task, reason)
      trail.setState(attempt.task, 'delivered', reason)
      trail.addStep(attempt.task, 'delivered', reason)
    })
  }

  /** Pays what the stored receipt asks for; again after a restart, as long as the escrow is not settled. */
  const release = async ({ task, escrow, receipt }: Attempt): Promise<Decree | null> => {
    const signed = receipt === null ? null : decodeBytes(signedReceiptCodec, receipt, maxDecreeBytes, 'stored receipt')
    const state = escrow === null ? null : escrows.get(escrow)
    assert(signed?.ok === true && state !== null, 'a delivered task has its receipt and its escrow')
    if (state.phase === 'settled') {
      settled(state)
      return null
    }
    if (store.holdOf(task) !== null) return null
    const released = await escrows.release(state.id, signed.value)
    if (released.ok) return released.value
    // The order is kept and goes out again by itself; or the provider was faster, and the escrow says so.
    if (!deps.isStopped() && !isOver(store.get(task)?.state ?? 'settled'))
      trail.move(task, 'delivered', `Not settled yet: ${released.error.message}`)
    return null
  }

  /** Told by the escrows whenever one of mine is settled, by whatever move. */
  const settled = (escrow: EscrowState): void => {
    const attempt = store.attemptOfEscrow(escrow.id)
    const task = attempt === null ? null : store.get(attempt.task)
    if (attempt === null || task === null || escrow.payout === null) return
    const { providerMicro, clientMicro } = escrow.payout
    const outcome = providerMicro === 0n ? 'refunded' : 'settled'
    const paid = `${formatRuv(providerMicro)} RUV to the provider, ${formatRuv(clientMicro)} RUV back; final.`
    trail.together(task.id, () => {
      trail.addStep(task.id, outcome, outcome === 'settled' ? paid : `${formatRuv(clientMicro)} RUV came back.`)
      if (task.state === 'cancelled' && outcome === 'settled')
        return trail.setState(task.id, 'settled', 'The provider had finished before it heard that you cancelled.')
      if (task.state !== 'delivered' || attempt.receipt === null) return noteAllBack(task.id)
      store.endAttempt(attempt)
      trail.setState(task.id, outcome, null)
    })
  }
  /** A task that failed is refunded once everything that was ever locked for it has come back. */
  const noteAllBack = (id: TaskId): void => {
    const task = store.get(id)
    const locked = store.attempts(id).flatMap(({ escrow }) => (escrow === null ? [] : [escrow]))
    const isAllBack = locked.every((escrow) => escrows.get(escrow)?.payout?.providerMicro === 0n)
    const mayBeBack = task?.state === 'failed' || task?.state === 'cancelled'
    if (mayBeBack && locked.length > 0 && isAllBack) trail.setState(id, 'refunded', task.problem)
  }

  /** A delivery that was registered for an attempt that brought no answer is paid at the end of its review, unless it is disputed. */
  const registered = ({ id, phase, reviewByMs, deliveredPriceMicro }: EscrowState): void => {
    const attempt = store.attemptOfEscrow(id)
    if (phase !== 'delivered' || attempt === null || !attempt.over || attempt.receipt !== null) return
    const untilText = new Date(reviewByMs ?? 0).toISOString().slice(0, 19).replace('T', ' ')
    const detail = `This provider has registered a delivery, but no answer of it is here. Dispute its escrow before ${untilText} UTC, or ${formatRuv(deliveredPriceMicro ?? 0n)} RUV are paid.`
    const isKnown = store.steps(attempt.task).some((step) => step.detail === detail)
    if (!isKnown) trail.step(attempt.task, 'failed', detail)
  }

  return { check, pay, release, settled, registered, noteAllBack }
}
