import type { Clock } from '../platform/clock.ts'
import { fail, ok, type Result } from '../platform/result.ts'
import type { Driver } from '../settlement/driver-port.ts'
import { committeeNamed } from '../settlement/epochs.ts'
import type { AuthorisedTx, Bytes32, Decree, ObjectId } from '../settlement/objects.ts'
import { refusalTexts } from '../settlement/refusals.ts'
import type { SettlementRules } from '../settlement/rules.ts'
import { seatAnyFromMs } from './model.ts'
import { notFound, type EscrowMover, type MoveFailure } from './mover.ts'
import type { Naming } from './naming.ts'
import { canBeSeated, sharesToSeat } from './panel.ts'
import type { EscrowStore } from './store.ts'

type DisputeDeps = {
  readonly store: EscrowStore
  readonly mover: EscrowMover
  readonly naming: Naming
  readonly rules: SettlementRules
  readonly driver: Driver
  readonly clock: Clock
  readonly signal: AbortSignal
}

/** The moves of a dispute that are not mere signatures. */
export const createDisputeMoves = ({ store, mover, naming, rules, driver, clock, signal }: DisputeDeps) => {
  /** By either side; whoever is first, the panel is the same. */
  const seatPanel = async (id: ObjectId): Promise<Result<Decree, MoveFailure>> => {
    const state = store.get(id)?.state
    const committee = state === undefined ? null : committeeNamed(rules.epochs, state.governance)
    if (state === undefined || committee === null) return notFound
    if (state.phase !== 'disputed') return fail('wrong-phase', refusalTexts['wrong-phase'])
    if (!canBeSeated(state, committee)) return fail('refused', refusalTexts['no-panel'])
    const fetched = await driver.fetchShares(state, store.decrees(id), { signal: signal })
    if (!fetched.ok) return fail('no-quorum', fetched.error.message)
    const shares = sharesToSeat(state, fetched.value, committee, clock.nowMs() >= seatAnyFromMs(state, rules.limits))
    return shares === null ? notYetSeated : mover.move(id, () => ok({ kind: 'seat-panel', shares }))
  }

  return {
    /** By the client, while the review lasts; `reasonHash` commits to what the panel will be shown. */
    dispute: (id: ObjectId, reasonHash: Bytes32) =>
      naming.move(id, (recused) => () => ok({ kind: 'dispute', atMs: clock.nowMs(), reasonHash, recused })),
    seatPanel,
    /** A ruling that already carries its arbiters' signatures. */
    submitRuling: (order: AuthorisedTx) => mover.submit(order.tx.objectId, () => ok(order)),
  }
}

const notYetSeated: Result<never, MoveFailure> = fail(
  'wrong-phase',
  'A witness whose part of the draw is asked for first has not answered. Others may take its place once its time is over.',
)
