import type { Signer } from '../identity/signing.ts'
import type { AmountMicro } from '../platform/amount.ts'
import { equalBytes } from '../platform/bytes.ts'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'
import type { Driver } from '../settlement/driver-port.ts'
import type { AccountId, Bytes32, Decree, EscrowMove, EscrowState, ObjectId, Recused, SignedUsageReceipt } from '../settlement/objects.ts'
import type { SettlementRules } from '../settlement/rules.ts'
import { verifyReceipt } from '../settlement/signatures.ts'
import type { Database } from '../storage/database.ts'
import type { Wallet } from '../wallet/service.ts'
import { exitsOf } from './exits.ts'
import { createDisputeMoves } from './dispute-moves.ts'
import { createNaming } from './naming.ts'
import type { ClosenessOf } from './recusal.ts'
import { createEscrowMover, notFound, type MoveFailure } from './mover.ts'
import type { Errand } from './schedule.ts'
import { createEscrowScheduler } from './scheduler.ts'
import { createSplits } from './splits.ts'
import { createEscrowStore, type EscrowStore, type TrackedEscrow } from './store.ts'
import { createEscrowTracker, type TakeFailure } from './tracker.ts'

export type EscrowDeps = {
  readonly db: Database
  readonly wallet: Wallet
  /** Holds the key that the terms name for this side. */
  readonly signer: Signer
  readonly rules: SettlementRules
  readonly driver: Driver
  readonly clock: Clock
  readonly log: Log
  /** Tells the other side about a final step, if its node is known; must not throw. */
  readonly announce: (decree: Decree, to: AccountId) => void
  /** Which arbiters are close to whom, as far as this node knows; nobody knows of any where it is absent. */
  readonly closenessOf?: ClosenessOf
}
export type EscrowEvent = { readonly revision: number; readonly state: EscrowState }
export type Escrows = ReturnType<typeof createEscrows>

/** The escrows of this account: what is certified, what this side may do, and what it does by itself in time. Call `resume` next. */
export const createEscrows = (deps: EscrowDeps) => {
  const { db, wallet, signer, rules, driver, clock, log } = deps
  const store = createEscrowStore(db)
  const stopping = new AbortController()
  const listeners = new Set<(event: EscrowEvent) => void>()
  let justOpened: readonly EscrowState[] = []

  const changed = (state: EscrowState): void => {
    scheduler.update(state.id)
    for (const listener of listeners) listener({ revision: store.revision(), state })
  }
  const tracker = createEscrowTracker({
    store,
    accountId: wallet.accountId,
    rules,
    certifiedAtMs: wallet.certifiedAtMs,
    settle: wallet.settle,
    // What is on the way or available changes with it.
    write: (work) => wallet.touch(() => store.transaction(work)),
    changed,
  })
  const mover = createEscrowMover({
    ...deps,
    store,
    tracker,
    signal: stopping.signal,
    moved: (decree, { terms }) => deps.announce(decree, equalBytes(terms.client, wallet.accountId) ? terms.provider : terms.client),
    undecided: (id) => scheduler.postpone(id),
  })

  const naming = createNaming({ store, mover, rules, closenessOf: deps.closenessOf ?? (() => null) })

  const refresh = async (id: ObjectId): Promise<Result<TrackedEscrow, MoveFailure>> => {
    const tracked = store.get(id)
    if (tracked === null) return notFound
    const { step, governance } = tracked.state
    const fetched = await driver.fetchObject(id, step + 1, { signal: stopping.signal, epoch: governance.epoch })
    if (!fetched.ok) return fail('no-quorum', fetched.error.message)
    for (const decree of fetched.value) tracker.take(decree)
    return ok(store.get(id) ?? tracked)
  }

  const deliver = (id: ObjectId): Promise<Result<Decree, MoveFailure>> => naming.move(id, (recused) => deliveryOf(recused, clock))
  const expire = (id: ObjectId, kind: 'expire-refund' | 'expire-release' | 'expire-default') => mover.move(id, () => ok({ kind }))

  const disputes = createDisputeMoves({ store, mover, naming, rules, driver, clock, signal: stopping.signal })

  const noteReceipt = (signed: SignedUsageReceipt): Result<TrackedEscrow, Failure<'not-found' | 'bad-receipt'>> => {
    const tracked = store.get(signed.receipt.escrowId)
    if (tracked === null) return notFoundReceipt
    if (tracked.receipt !== null) return ok(tracked)
    if (!isReceiptFor(tracked, signed, rules.federationId))
      return fail('bad-receipt', 'The usage receipt is not the provider’s for this escrow, or asks for more than was locked.')
    const save = (): void => store.transaction(() => store.saveReceipt(tracked.state.id, signed, clock.nowMs()))
    // What a provider has earned is on the way to it.
    if (tracked.role === 'provider') wallet.touch(save)
    else save()
    changed(tracked.state)
    return ok({ ...tracked, receipt: signed, receiptAtMs: clock.nowMs() })
  }

  const runErrand = async ({ state: { id } }: TrackedEscrow, errand: Errand): Promise<boolean> => {
    try {
      if (errand.kind === 'refresh') return (await refresh(id)).ok && store.get(id)?.state.phase === 'settled'
      if (errand.kind === 'drive-pending') return (await mover.drivePending(id)).ok
      const moved = await (errand.kind === 'deliver'
        ? deliver(id)
        : errand.kind === 'seat-panel'
          ? disputes.seatPanel(id)
          : expire(id, errand.kind))
      // What stands in the way may be a step this side has not seen.
      if (!moved.ok) await refresh(id)
      return moved.ok
    } catch (error) {
      log.write('error', 'escrow-errand-failed', { errand: errand.kind, reason: String(error) })
      return false
    }
  }
  const scheduler = createEscrowScheduler({ clock, rules, load: store.get, run: runErrand })

  wallet.attachEscrows({
    opened: (decree) => {
      const opened = tracker.insertOwn(decree)
      if (opened !== null) justOpened = [...justOpened, opened]
    },
    found: (decrees) => decrees.forEach((decree) => void tracker.take(decree)),
  })
  const stopListening = wallet.onChanged(() => {
    const opened = justOpened
    justOpened = []
    opened.forEach(changed)
  })

  return {
    ...reading(store),
    /** What this account earns from escrows that are streamed or delivered and not settled. */
    expectedMicro: (): AmountMicro => store.payable().reduce((sum, tracked) => sum + expectedOf(tracked), 0n),
    /** What this account as a client has locked with that provider and not settled. */
    lockedWith: (provider: AccountId): AmountMicro => lockedWith(store.unsettled(), provider),
    nowMs: clock.nowMs,
    exits: ({ state, role }: TrackedEscrow) => exitsOf(state, role, rules),

    /** A decree of an escrow that someone shows: an opening for the provider, or a later step. Fetches what is missing. */
    receive: async (decree: Decree): Promise<Result<TrackedEscrow, TakeFailure>> => {
      const taken = tracker.take(decree)
      if (taken.ok || taken.error.code !== 'missing-steps') return taken
      await refresh(decree.tx.objectId)
      return tracker.take(decree)
    },
    /** Asks the witnesses for later steps. */
    refresh,
    /** The provider's signed price, on either side; the first one stays. */
    noteReceipt,

    /** By the client: pays the receipt's price, or what DELIVER named, or everything when the provider signed no price. */
    release: (id: ObjectId) => mover.move(id, ({ receipt }) => ok({ kind: 'release', receipt })),
    /** By the provider: everything goes back. */
    refund: (id: ObjectId) => mover.move(id, () => ok({ kind: 'refund' })),
    deliver,
    expireRefund: (id: ObjectId) => expire(id, 'expire-refund'),
    expireRelease: (id: ObjectId) => expire(id, 'expire-release'),
    ...disputes,
    expireDefault: (id: ObjectId) => expire(id, 'expire-default'),
    ...createSplits({ store, mover, signer, changed }),

    /** Takes up what a restart interrupted: pending moves, deadlines, and steps that the other side made meanwhile. */
    resume: async (): Promise<void> => {
      ;(await provisionsOf(deps, stopping.signal)).forEach(tracker.take)
      const unsettled = store.unsettled()
      scheduler.start(unsettled)
      for (let at = 0; at < unsettled.length; at += refreshedAtOnce)
        await Promise.all(unsettled.slice(at, at + refreshedAtOnce).map(({ state }) => refresh(state.id)))
    },
    onChanged: (listener: (event: EscrowEvent) => void): (() => void) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    stop: (): void => {
      stopListening()
      scheduler.stop()
      stopping.abort()
    },
  }
}

const reading = (store: EscrowStore) => ({
  get: store.get,
  decrees: store.decrees,
  /** When each of them became final, as far as anybody remembers. */
  stepTimes: store.stepTimes,
  page: store.page,
  count: store.count,
  revision: store.revision,
  /** The providers' signed prices of what is not settled, on either side. */
  unsettledReceipts: (limit: number): readonly SignedUsageReceipt[] =>
    store
      .unsettled()
      .flatMap(({ receipt }) => receipt ?? [])
      .slice(0, limit),
})

/** For a provider that has lost its disk: nothing in its own chain says which escrows it works for. */
const provisionsOf = async ({ driver, wallet, log }: EscrowDeps, signal: AbortSignal): Promise<readonly Decree[]> => {
  const open = await driver.fetchEscrows(wallet.accountId, { signal })
  if (open.ok) return open.value
  log.write('warn', 'own-provisions-not-fetched', { reason: open.error.message })
  return []
}

const isReceiptFor = ({ state: { terms } }: TrackedEscrow, signed: SignedUsageReceipt, federationId: Bytes32): boolean =>
  verifyReceipt(federationId, signed, terms.providerKey) && signed.receipt.priceMicro <= terms.amountMicro

const deliveryOf =
  (recused: Recused, clock: Clock) =>
  ({ receipt }: TrackedEscrow): Result<EscrowMove, MoveFailure> => {
    if (receipt === null) return fail('wrong-phase', 'There is no signed receipt yet, so there is nothing to deliver.')
    const { transcriptHash, priceMicro } = receipt.receipt
    return ok({ kind: 'deliver', atMs: clock.nowMs(), resultHash: transcriptHash, priceMicro, recused })
  }

const expectedOf = ({ state, receipt }: TrackedEscrow): AmountMicro => state.deliveredPriceMicro ?? receipt?.receipt.priceMicro ?? 0n

const lockedWith = (unsettled: readonly TrackedEscrow[], provider: AccountId): AmountMicro =>
  unsettled
    .filter(({ role, state }) => role === 'client' && equalBytes(state.terms.provider, provider))
    .reduce((sum, { state }) => sum + state.terms.amountMicro, 0n)

/** After a long absence of a busy provider, so that witnesses and memory are not flooded. */
const refreshedAtOnce = 16

const notFoundReceipt = fail('not-found', 'The receipt is for an escrow this account knows nothing of.')
