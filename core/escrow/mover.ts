import type { Signer } from '../identity/signing.ts'
import { assert } from '../platform/assert.ts'
import { equalBytes, toHex } from '../platform/bytes.ts'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'
import { createKeyedQueue } from '../platform/serial-queue.ts'
import type { Driver } from '../settlement/driver-port.ts'
import { txHash as hashOf } from '../settlement/encoding.ts'
import type {
  AuthorisationRole,
  AuthorisedTx,
  Authorisation,
  Decree,
  EscrowMove,
  EscrowState,
  EscrowTx,
  ObjectId,
  Tx,
} from '../settlement/objects.ts'
import type { RefusalCode } from '../settlement/refusals.ts'
import type { SettlementRules } from '../settlement/rules.ts'
import { authorise } from '../settlement/signatures.ts'
import { applyEscrowMove, moveRules } from './model.ts'
import type { EscrowStore, TrackedEscrow } from './store.ts'
import type { EscrowTracker } from './tracker.ts'

export type MoveCode = 'not-found' | 'not-yours' | 'wrong-phase' | 'too-late' | 'no-quorum' | 'refused'
export type MoveFailure = Failure<MoveCode>
export type EscrowMover = ReturnType<typeof createEscrowMover>

type MoverDeps = {
  readonly store: EscrowStore
  readonly tracker: EscrowTracker
  readonly signer: Signer
  readonly rules: SettlementRules
  readonly driver: Driver
  readonly clock: Clock
  readonly log: Log
  readonly signal: AbortSignal
  /** After a move of this node was decided as signed. */
  readonly moved: (decree: Decree, state: EscrowState) => void
  /** Something is left to do later. */
  readonly undecided: (id: ObjectId) => void
}

/**
 * Makes this side's moves: one at a time for each escrow, on disk before it leaves. Several parties may write the same step, so a
 * move can lose; then the step that won is taken in, and the move is tried once more if it still makes sense.
 */
export const createEscrowMover = (deps: MoverDeps) => {
  const { store, tracker, driver, clock, rules } = deps
  const queue = createKeyedQueue()

  /** Null: another move was decided at this step, and is taken in. */
  const drive = async (id: ObjectId, order: AuthorisedTx): Promise<Result<Decree | null, MoveFailure>> => {
    const decided = await driver.decide(order, store.decrees(id), { signal: deps.signal })
    const decree = decided.ok ? decided.value : decided.error.code === 'conflict' ? decided.error.decree : null
    // Authorisations are outside the certificate, so a witness could show a copy with damaged ones; another copy will do.
    const taken = decree === null ? null : tracker.take(decree)
    if (decree !== null && taken?.ok === true) {
      if (!equalBytes(hashOf(decree.tx), hashOf(order.tx))) return ok(null)
      deps.moved(decree, taken.value.state)
      return ok(decree)
    }
    if (!decided.ok && decided.error.code === 'refused') {
      deps.log.write('warn', 'move-refused', { move: order.tx.type === 'escrow' ? order.tx.body.kind : '', reason: decided.error.reason })
      store.transaction(() => store.savePendingMove(id, null))
      return fail(moveCodes[decided.error.reason] ?? 'refused', decided.error.message)
    }
    deps.undecided(id)
    return notDecided
  }

  const sendOut = (id: ObjectId, order: AuthorisedTx): Promise<Result<Decree | null, MoveFailure>> => {
    store.transaction(() => store.savePendingMove(id, order))
    return drive(id, order)
  }

  const check = ({ state }: TrackedEscrow, order: AuthorisedTx): Result<null, MoveFailure> => {
    const { tx, authorisations } = order
    assert(tx.type === 'escrow', 'an order that is not of an escrow')
    const applied = applyEscrowMove(state, { tx, authorisations }, { rules, nowMs: clock.nowMs() })
    return applied.ok ? ok(null) : fail(moveCodes[applied.error.code] ?? 'refused', applied.error.message)
  }

  /** Drives what is left from before; a delivery or dispute too old to be counted as fresh is signed anew. */
  const drivePending = async (id: ObjectId): Promise<Result<Decree | null, MoveFailure>> => {
    const tracked = store.get(id)
    const order = tracked?.pendingMove ?? null
    if (tracked === null || order === null) return ok(null)
    const { body } = order.tx
    const isDated = 'kind' in body && (body.kind === 'deliver' || body.kind === 'dispute')
    if (!isDated || clock.nowMs() - body.atMs <= staleAfterMs) return drive(id, order)
    const fresh = orderFor(tracked.state, { ...body, atMs: clock.nowMs() }, deps.signer, tracked.role)
    return check(tracked, fresh).ok ? sendOut(id, fresh) : drive(id, order)
  }

  const attempt = async (
    id: ObjectId,
    make: (tracked: TrackedEscrow) => Result<AuthorisedTx, MoveFailure>,
  ): Promise<Result<Decree | null, MoveFailure>> => {
    const tracked = store.get(id)
    if (tracked === null) return notFound
    const order = make(tracked)
    if (!order.ok) return order
    const checked = check(tracked, order.value)
    if (checked.ok) return sendOut(id, order.value)
    // Asked for again, after a retry or a restart has made it: the same answer, not a refusal.
    const last = store.decrees(id).at(-1)
    return last !== undefined && isSameMove(last.tx, order.value.tx) ? ok(last) : checked
  }

  const move = async (
    id: ObjectId,
    make: (tracked: TrackedEscrow) => Result<AuthorisedTx, MoveFailure>,
  ): Promise<Result<Decree, MoveFailure>> => {
    const before = await drivePending(id)
    if (!before.ok && before.error.code === 'no-quorum') return before
    for (let attempts = 0; attempts < maxAttempts; attempts += 1) {
      const decided = await attempt(id, make)
      if (!decided.ok) return decided
      if (decided.value !== null) return ok(decided.value)
    }
    return overtaken
  }

  return {
    /** Signs for this side and makes the move final. The body may depend on the state it meets. */
    move: (id: ObjectId, bodyOf: (tracked: TrackedEscrow) => Result<EscrowMove, MoveFailure>) =>
      queue.run(toHex(id), () =>
        move(id, (tracked) => {
          const body = bodyOf(tracked)
          if (!body.ok) return body
          const { by } = moveRules[body.value.kind]
          if (by.length > 0 && !by.includes(tracked.role)) return notYours
          return ok(orderFor(tracked.state, body.value, deps.signer, tracked.role))
        }),
      ),
    /** For orders that already carry all signatures. */
    submit: (id: ObjectId, make: (tracked: TrackedEscrow) => Result<AuthorisedTx, MoveFailure>) =>
      queue.run(toHex(id), () => move(id, make)),
    drivePending: (id: ObjectId) => queue.run(toHex(id), () => drivePending(id)),
  }
}

/** The next step of this escrow, signed by `role` if the move needs its signature. */
export const orderFor = (state: EscrowState, body: EscrowMove, signer: Signer, role: AuthorisationRole): AuthorisedTx => {
  const { id, step, headHash, governance } = state
  const position = { objectId: id, step: step + 1, previousHash: headHash, governance, next: governance }
  const tx: EscrowTx = { version: 1, type: 'escrow', ...position, body }
  const authorisations: readonly Authorisation[] = moveRules[body.kind].by.length === 0 ? [] : [authorise(tx, role, signer)]
  return { tx, authorisations }
}

const isSameMove = (made: Tx, asked: Tx): boolean => made.type === 'escrow' && asked.type === 'escrow' && made.body.kind === asked.body.kind

const maxAttempts = 2
/** A sender whose time is older than this signs again (settlement.md §5.4). */
const staleAfterMs = 10_000

export const notFound: Result<never, MoveFailure> = fail('not-found', 'There is no such escrow in this wallet.')
export const notYours: Result<never, MoveFailure> = fail('not-yours', 'Only the other side of this escrow can do that.')
const notDecided: Result<never, MoveFailure> = fail(
  'no-quorum',
  'Not enough witnesses answered. The move is signed and kept, and goes out again by itself.',
)
const overtaken: Result<never, MoveFailure> = fail('wrong-phase', 'The other side was faster. Look at the escrow again before you decide.')

const moveCodes: Readonly<Partial<Record<RefusalCode, MoveCode>>> = {
  'wrong-phase': 'wrong-phase',
  'too-early': 'wrong-phase',
  'too-late': 'too-late',
  'wrong-step': 'wrong-phase',
  'wrong-previous': 'wrong-phase',
  'not-authorised': 'not-yours',
}
