import { guardMs, type SettlementLimits } from '../settlement/rules.ts'
import type { TrackedEscrow } from './store.ts'

/** What an escrow needs next without anybody asking: a move this side makes by itself, or a look at the witnesses. */
export type Errand = { readonly kind: 'drive-pending' | 'deliver' | 'expire-refund' | 'expire-release' | 'refresh'; readonly dueMs: number }

/** The client releases within seconds; a provider that waited this long registers its delivery (settlement.md §5.2). */
export const releaseGraceMs = 30_000
/** The other side submits what favours it first; this side only if it did not. */
const courtesyMs = 30_000

/** Null when nothing is due by time alone: the escrow is settled, or waits for the work. */
export const errandOf = ({ state, role, receiptAtMs, pendingMove }: TrackedEscrow, limits: SettlementLimits): Errand | null => {
  if (pendingMove !== null) return { kind: 'drive-pending', dueMs: 0 }
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
