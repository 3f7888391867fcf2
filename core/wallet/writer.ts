import type { Signer } from '../identity/signing.ts'
import { assert } from '../platform/assert.ts'
import { equalBytes } from '../platform/bytes.ts'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'
import { createSerialQueue } from '../platform/serial-queue.ts'
import type { Driver } from '../settlement/driver-port.ts'
import { maxClaims, txHash as hashOf } from '../settlement/encoding.ts'
import type { AccountOperation, Decree } from '../settlement/objects.ts'
import type { SettlementRules } from '../settlement/rules.ts'
import type { Ledger } from './ledger.ts'
import { fingerprintOf, wishedFor, wishOf } from './model.ts'
import { createOrderMaker } from './order-maker.ts'
import type { WalletStore } from './store.ts'

export type SpendCode = 'insufficient-funds' | 'no-quorum' | 'refused' | 'gift-limit' | 'to-oneself' | 'request-id-reused'
export type SpendFailure = Failure<SpendCode>
export type AccountWriter = ReturnType<typeof createAccountWriter>

type WriterDeps = {
  readonly store: WalletStore
  readonly ledger: Ledger
  readonly signer: Signer
  readonly rules: SettlementRules
  readonly driver: Driver
  readonly clock: Clock
  readonly log: Log
  /** Aborts what is under way when the node stops. */
  readonly signal: AbortSignal
  /** Brings the store to the newest certified head and credits. */
  readonly catchUp: () => Promise<Result<null, Failure<'no-quorum'>>>
  /** After every decree that was taken in. */
  readonly decided: (decree: Decree) => void
  /** What is under way is another than before, and no decree says so. */
  readonly waits: () => void
}

/**
 * The one writer of the member's account. An order is on disk before it leaves, and while it is undecided it is the only one this
 * node drives for its step: after a crash or a timeout the same bytes go out again.
 */
export const createAccountWriter = (deps: WriterDeps) => {
  const { store, ledger, driver } = deps
  const queue = createSerialQueue()
  const orders = createOrderMaker(deps)
  // A restored backup may lag behind the chain, so nothing is signed before the witnesses were asked for the head once.
  let knowsHead = false
  let retryMs = firstRetryMs
  let cancelRetry = (): void => undefined

  const retryLater = (): void => {
    cancelRetry()
    if (deps.signal.aborted) return
    cancelRetry = deps.clock.after(retryMs, () => {
      queue.run(settleHead).catch((error: unknown) => deps.log.write('error', 'wallet-retry-failed', { reason: String(error) }))
    })
    retryMs = Math.min(retryMs * 2, lastRetryMs)
  }

  /** False when this copy does not hold: authorisations are outside the certificate, so a witness could have damaged them. */
  const adopt = (decree: Decree): boolean => {
    const taken = store.transaction(() => ledger.takeOwn(decree))
    if (!taken.ok) {
      deps.log.write('warn', 'own-decree-refused', { step: decree.tx.step, reason: taken.error.code })
      return false
    }
    cancelRetry()
    retryMs = firstRetryMs
    deps.decided(decree)
    return true
  }

  /** This node may be the only one that ever saw its newest step certified. */
  const ownSteps = (fromStep: number): readonly Decree[] => {
    const { step } = store.state().account
    const first = Math.max(fromStep, step - maxOwnSteps + 1)
    return Array.from({ length: Math.max(step - first + 1, 0) }, (_, index) => store.decreeAt(first + index) ?? []).flat()
  }

  /** Drives what is pending until its step is decided; true when it was decided as signed. */
  const drivePending = async (): Promise<Result<boolean, SpendFailure>> => {
    const pending = store.pending()
    if (pending === null) return ok(true)
    const { tx } = pending.authorised
    assert(tx.type === 'account', 'a pending order that is not of an account')
    const proofs = tx.body.claims.flatMap((id) => store.credit(id)?.proof ?? [])
    const decided = await driver.decide(pending.authorised, proofs, { signal: deps.signal, ownSteps })
    const decree = decided.ok ? decided.value : decided.error.code === 'conflict' ? decided.error.decree : null
    if (decree !== null && adopt(decree)) return ok(equalBytes(hashOf(decree.tx), pending.txHash))
    if (decided.ok || decided.error.code !== 'refused') {
      retryLater()
      deps.waits()
      return undecided
    }
    // Too many witnesses refuse for a quorum, so the step must be free for another order. Should this one be certified after all,
    // it comes back as a conflict and is adopted like the order of another device.
    deps.log.write('warn', 'order-refused', { step: tx.step, reason: decided.error.reason })
    store.transaction(() => store.dropPendingUpTo(tx.step))
    deps.waits()
    return fail('refused', `The witnesses refused this. ${decided.error.message}`)
  }

  const settleHead = async (): Promise<Result<null, SpendFailure>> => {
    const driven = await drivePending()
    if (!driven.ok && driven.error.code !== 'refused') return driven
    if (!driven.ok || !driven.value || !knowsHead) {
      const caughtUp = await deps.catchUp()
      if (!caughtUp.ok) return unreachableHead
    }
    if (!knowsHead) {
      const recalled = await recallForgotten()
      if (!recalled.ok) return recalled
    }
    knowsHead = true
    return ok(null)
  }

  /**
   * An older copy of this wallet may have forgotten an order that it signed and that went out: signing another for the same step would
   * contradict it. The witnesses that were shown it still have it, so it is taken up again and brought to its end.
   */
  const recallForgotten = async (): Promise<Result<null, SpendFailure>> => {
    const { id, step, governance } = store.state().account
    const seen = await driver.fetchUndecided({ governance, objectId: id, step: step + 1 }, { signal: deps.signal, epoch: governance.epoch })
    if (!seen.ok) return unreachableHead
    const forgotten = seen.value.find(orders.isOwnNext)
    if (forgotten === undefined) return ok(null)
    deps.log.write('info', 'forgotten-order-taken-up', { step: step + 1 })
    const pending = { authorised: forgotten, txHash: hashOf(forgotten.tx), atMs: deps.clock.nowMs() }
    store.transaction(() => store.savePending(step + 1, pending))
    const driven = await drivePending()
    return driven.ok || driven.error.code === 'refused' ? ok(null) : driven
  }

  const signAndDrive = async (operation: AccountOperation, requestId: string | null): Promise<Result<Decree | null, SpendFailure>> => {
    const signed = orders.sign(wishedFor(operation, requestId))
    if (!signed.ok) return signed
    const { tx } = signed.value
    const txHash = hashOf(tx)
    store.transaction(() => {
      store.savePending(tx.step, { authorised: signed.value, txHash, atMs: deps.clock.nowMs() })
      if (requestId !== null) store.saveRequest(requestId, { operationHash: fingerprintOf(operation, store.state().account), txHash })
    })
    const driven = await drivePending()
    if (!driven.ok) return driven
    return ok(driven.value ? store.decreeOf(txHash) : null)
  }

  /** Claims in full steps until one more step can take in the rest. */
  const gatherCredits = async (): Promise<Result<null, SpendFailure>> => {
    while (store.unclaimedCount() > maxClaims) {
      const gathered = await signAndDrive({ kind: 'claim-only' }, null)
      if (!gathered.ok) return gathered
    }
    return ok(null)
  }

  const submit = async (operation: AccountOperation, requestId: string | null): Promise<Result<Decree, SpendFailure>> => {
    const before = answered(store, operation, requestId)
    if (!before.ok) return before
    if (before.value !== null) return ok(before.value)
    const settled = await settleHead()
    if (!settled.ok) return isAnotherPending(store, requestId) ? earlierUndecided : settled
    for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
      const gathered = await gatherCredits()
      if (!gathered.ok) return gathered
      // Whatever was taken in since may have been this very request: pending from before a crash, or given up and certified all the same.
      const known = answered(store, operation, requestId)
      if (!known.ok) return known
      if (known.value !== null) return ok(known.value)
      const decided = await signAndDrive(operation, requestId)
      if (decided.ok && decided.value !== null) return ok(decided.value)
      // A newer head or credits not seen yet may make the second attempt succeed.
      const mayChange = decided.ok || decided.error.code === 'refused' || decided.error.code === 'insufficient-funds'
      const caughtUp = mayChange && attempt + 1 < maxAttempts ? await deps.catchUp() : null
      if (!decided.ok && caughtUp?.ok !== true) return decided
      if (caughtUp?.ok === false) return unreachableHead
    }
    return overtaken
  }

  return {
    submit: (operation: AccountOperation, requestId: string | null) => queue.run(() => submit(operation, requestId)),
    /** Settles what a crash or a timeout left, and brings the account up to date. */
    resume: () => queue.run(settleHead),
    catchUp: () => queue.run(deps.catchUp),
    /** Only for steps that `catchUp` fetched. */
    adopt,
    stop: () => cancelRetry(),
  }
}

/** A witness that was away longer gets the older ones from the others. */
const maxOwnSteps = 64

/** What came of this request before, here or on a copy of this wallet that has gone further; null when nothing has. */
const answered = (store: WalletStore, operation: AccountOperation, requestId: string | null): Result<Decree | null, SpendFailure> => {
  if (requestId === null) return ok(null)
  const { account } = store.state()
  const fingerprint = fingerprintOf(operation, account)
  const request = store.request(requestId)
  if (request !== null && !equalBytes(request.operationHash, fingerprint)) return reused
  const noted = request === null ? null : store.decreeOf(request.txHash)
  if (noted !== null) return ok(noted)
  const wished = wishedFor(operation, requestId)
  const wish = wishOf(wished)
  const done = wish === null ? null : store.wish(wish)
  const decree = done === null ? null : store.decreeOf(done)
  if (decree?.tx.type !== 'account') return ok(null)
  const isSame = equalBytes(fingerprintOf(decree.tx.body.operation, account), fingerprintOf(wished, account))
  return isSame ? ok(decree) : reused
}

/** Whether what waits to be decided is something else than this request. */
const isAnotherPending = (store: WalletStore, requestId: string | null): boolean => {
  const pending = store.pending()
  const asked = requestId === null ? null : store.request(requestId)
  return pending !== null && (asked === null || !equalBytes(asked.txHash, pending.txHash))
}

const firstRetryMs = 2_000
const lastRetryMs = 64_000

/** Once as asked, once more on the head another device left. */
const maxAttempts = 2

const undecided: Result<never, SpendFailure> = fail(
  'no-quorum',
  'Not enough witnesses answered. The order is signed and kept, and goes out again by itself; do not give it a second time.',
)
const earlierUndecided: Result<never, SpendFailure> = fail(
  'no-quorum',
  'Not enough witnesses answered. An earlier order of this account is still on its way, so nothing new was signed. Try again when it is final.',
)
const unreachableHead: Result<never, SpendFailure> = fail(
  'no-quorum',
  'Not enough witnesses answered, so nothing was signed. Check the connection and try again.',
)
const overtaken: Result<never, SpendFailure> = fail(
  'refused',
  'Another device of this account was faster twice in a row, so nothing was done. Try again when it is idle.',
)
const reused: Result<never, SpendFailure> = fail('request-id-reused', 'This request was made before with other contents. Start it afresh.')
