import { committeeNamed } from '../settlement/epochs.ts'
import type { EscrowState } from '../settlement/objects.ts'
import type { SettlementRules } from '../settlement/rules.ts'
import { deadlineOf, moveRules, type MoveKind } from './model.ts'
import { canBeSeated } from './panel.ts'

/** A way out of an escrow for one side. `alone`: it needs no signature of the other side. `closesAtMs` null: it stays open. */
export type EscrowExit = {
  readonly move: MoveKind
  readonly alone: boolean
  readonly opensAtMs: number
  readonly closesAtMs: number | null
}

/** Every move that this side could make or propose in this state, now or once its time has come. */
export const exitsOf = (state: EscrowState, role: 'client' | 'provider', rules: SettlementRules): readonly EscrowExit[] => {
  const committee = committeeNamed(rules.epochs, state.governance)
  const hasJudges = committee !== null && canBeSeated(state, committee)
  return moveKinds
    .filter((move) => moveRules[move].from.includes(state.phase) && (move !== 'seat-panel' || hasJudges))
    .filter((move) => moveRules[move].by.length === 0 || moveRules[move].by.includes(role))
    .map((move) => {
      const { notBeforeMs, notAfterMs } = deadlineOf(state, move, rules.limits)
      const closesAtMs = Number.isFinite(notAfterMs) ? notAfterMs : null
      return { move, alone: moveRules[move].by.length < 2, opensAtMs: notBeforeMs, closesAtMs }
    })
}

export const exitsOpen = (state: EscrowState, role: 'client' | 'provider', nowMs: number, rules: SettlementRules): readonly EscrowExit[] =>
  exitsOf(state, role, rules).filter(({ opensAtMs, closesAtMs }) => nowMs >= opensAtMs && nowMs <= (closesAtMs ?? nowMs))

const moveKinds = Object.keys(moveRules) as readonly MoveKind[]
