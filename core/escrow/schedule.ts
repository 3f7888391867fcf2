import { committeeNamed } from '../settlement/epochs.ts'
import { guardMs, type SettlementRules } from '../settlement/rules.ts'
import { canBeSeated } from './panel.ts'
import type { TrackedEscrow } from './store.ts'

/** What an escrow needs next without anybody asking: a move this side makes by itself, or a look at the witnesses. */
export type Errand = {
  readonly kind: 'drive-pending' | 'deliver' | 'expire-refund' | 'expire-release' | 'seat-panel' | 'expire-default' | 'refresh'
  readonly dueMs: number
  /** However long the pause between retries has become: then something else is due. */
  readonly atLatestMs?: number
}

/** The client releases within seconds; a provider that waited this long registers its delivery (settlement.md §5.2). */
export const releaseGraceMs = 30_000
/** The other side submits what favours it first; this side only if it did not. */
const courtesyMs = 30_000

/** Null when nothing is due by time alone: the escrow is settled, or waits for the work. */
export const errandOf = (tracked: TrackedEscrow, rules: SettlementRules, nowMs: number): Errand | null => {
  const { state, role, receiptAtMs, pendingMove } = tracked
  const { limits } = rules
  if (pendingMove !== null) return { kind: 'drive-pending', dueMs: 0 }
  if (state.phase === 'disputed' || state.phase === 'panel') return disputeErrandOf(tracked, rules, nowMs)
  const refundableMs = state.terms.deliverByMs + guardMs(limits)
  if (state.phase === 'delivered' && state.reviewByMs !== null) {
    const payableMs = state.reviewByMs + guardMs(limits)
    // The client's change also comes back with it, so it does not depend on the provider to return.
    return { kind: 'expire-release', dueMs: role === 'provider' ? payableMs : payableMs + courtesyMs }
  }
  if (state.phase !== 'open') return null
  if (role === 'client') return { kind: 'expire-refund', dueMs: refundableMs }
  if (receiptAtMs === null) return { kind: 'refresh', dueMs: refundableMs + courtesyMs }
  // Early enough that every honest witness still counts it as in time.
  return { kind: 'deliver', dueMs: Math.min(receiptAtMs + releaseGraceMs, state.terms.deliverByMs - guardMs(limits)) }
}

/** A panel is seated by whoever comes first; then its ruling is looked for until the time is over. */
const disputeErrandOf = ({ state, role }: TrackedEscrow, rules: SettlementRules, nowMs: number): Errand => {
  const endsAtMs = (state.ruleByMs ?? 0) + guardMs(rules.limits)
  if (nowMs >= endsAtMs) return { kind: 'expire-default', dueMs: endsAtMs }
  if (state.phase === 'panel') return { kind: 'refresh', dueMs: 0, atLatestMs: endsAtMs }
  const committee = committeeNamed(rules.epochs, state.governance)
  if (committee === null || !canBeSeated(state, committee)) return { kind: 'expire-default', dueMs: endsAtMs }
  const disputedAtMs = state.dispute?.atMs ?? 0
  return { kind: 'seat-panel', dueMs: role === 'client' ? disputedAtMs : disputedAtMs + seatCourtesyMs, atLatestMs: endsAtMs }
}
/** Two orders with the same shares are one value, so it only saves work when the provider waits. */
const seatCourtesyMs = 5_000
