import type { Result } from '../platform/result.ts'
import { committeeNamed } from '../settlement/epochs.ts'
import type { Decree, EscrowMove, ObjectId, Recused } from '../settlement/objects.ts'
import type { SettlementRules } from '../settlement/rules.ts'
import { notFound, type EscrowMover, type MoveFailure } from './mover.ts'
import { recusalsOf, type ClosenessOf } from './recusal.ts'
import type { EscrowStore, TrackedEscrow } from './store.ts'

type NamingDeps = {
  readonly store: EscrowStore
  readonly mover: EscrowMover
  readonly rules: SettlementRules
  readonly closenessOf: ClosenessOf
}
export type Naming = ReturnType<typeof createNaming>

/** Moves that name arbiters who should not judge. If the witnesses refuse, the move is made with fewer names rather than not at all. */
export const createNaming = ({ store, mover, rules, closenessOf }: NamingDeps) => ({
  move: async (
    id: ObjectId,
    bodyWith: (recused: Recused) => (tracked: TrackedEscrow) => Result<EscrowMove, MoveFailure>,
  ): Promise<Result<Decree, MoveFailure>> => {
    const state = store.get(id)?.state
    const committee = state === undefined ? null : committeeNamed(rules.epochs, state.governance)
    if (state === undefined || committee === null) return notFound
    let moved: Result<Decree, MoveFailure> = notFound
    for (const recused of recusalsOf(state, committee, closenessOf)) {
      moved = await mover.move(id, bodyWith(recused))
      if (moved.ok || moved.error.code !== 'refused') return moved
    }
    return moved
  },
})
