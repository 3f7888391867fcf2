import { toHex } from '../platform/bytes.ts'
import { txHash } from '../settlement/encoding.ts'
import type { AccountTx, AuthorisedTx, Bytes32, Committee, SeedShare, Statement, Tx } from '../settlement/objects.ts'
import type { SettlementLimits } from '../settlement/rules.ts'
import type { AuditedEscrow } from './audit-ledger.ts'
import { designatedOrder } from './audit-panel.ts'
import { registerKey, type OpenRegister } from './audit-steps.ts'

/**
 * Deadlines by true time, which no witness knows: whatever expires does so only after every honest clock has passed the deadline,
 * and what had to come in time was seen in time by an honest witness, give or take Λ (settlement.md §5.4).
 */
export type TimeAudit = {
  readonly know: (order: AuthorisedTx) => void
  /** An honest witness holds it as a candidate. */
  readonly candidate: (order: AuthorisedTx) => void
  /** Whether the honest alone could decide this register: what came too late for most of them is not for them to decide. */
  readonly isDecidable: (register: OpenRegister) => boolean
  /** A witness has forgotten its receipts and will give no more. */
  readonly forget: (witness: number) => void
  readonly orderOf: (txName: string) => AuthorisedTx | null
  /** An honest witness voted for a transaction, or gave it a receipt. */
  readonly voted: (witness: number, statement: Statement) => void
  readonly final: (statement: Statement) => void
}

export type TimeAuditDeps = {
  readonly limits: SettlementLimits
  readonly nowMs: () => number
  readonly escrow: (id: Uint8Array) => AuditedEscrow | null
  /** Null for an epoch that never began. */
  readonly committeeOf: (epoch: number) => Committee | null
  readonly violate: (rule: string, detail: string) => void
  readonly reach: (state: string) => void
}

export const createTimeAudit = ({ limits, nowMs, escrow, committeeOf, violate, reach }: TimeAuditDeps): TimeAudit => {
  const orders = new Map<string, AuthorisedTx>()
  const candidates = new Map<string, Map<string, AuthorisedTx>>()
  const receipts = new Map<string, Set<number>>()
  const firstSeenMs = new Map<string, number>()
  const skewMs = limits.maxClockSkewMs

  const timedOf = ({ txHash: hash }: Statement): { readonly tx: TimedTx; readonly name: string; readonly kind: string } | null => {
    const name = toHex(hash)
    const tx = orders.get(name)?.tx
    if (tx === undefined || tx.type === 'federation') return null
    return { tx, name, kind: tx.type === 'escrow' ? tx.body.kind : tx.body.operation.kind }
  }
  const deadlineOf = (tx: TimedTx): number | null => {
    if (tx.type === 'account') return opensUntilMs(tx)
    const audited = escrow(tx.objectId)
    if (audited === null) return null
    const { kind } = tx.body
    if (kind === 'deliver' || kind === 'expire-refund') return audited.terms.deliverByMs
    if (kind === 'dispute' || kind === 'expire-release') return audited.reviewByMs
    if (kind === 'seat-panel') return standInsFromMs(audited, tx.body.shares)
    return kind === 'expire-default' ? audited.ruleByMs : null
  }

  /** Null when the designated witnesses gave their shares, who may do so at once. */
  const standInsFromMs = ({ dispute, governance }: AuditedEscrow, shares: readonly SeedShare[]): number | null => {
    const committee = committeeOf(governance.epoch)
    if (dispute === null || committee === null || isOfDesignated(committee, dispute.hash, shares)) return null
    return dispute.atMs + limits.seatAnyAfterMs
  }

  return {
    know: (order) => void orders.set(toHex(txHash(order.tx)), order),
    candidate: (order) => {
      const key = registerKey(order.tx)
      const known = candidates.get(key) ?? new Map<string, AuthorisedTx>()
      candidates.set(key, known.set(toHex(txHash(order.tx)), order))
    },
    isDecidable: ({ key, epoch }) =>
      [...(candidates.get(key) ?? [])].some(
        ([name, { tx }]) => !hasWindow(tx) || (receipts.get(`${name} in ${epoch}`)?.size ?? 0) > (committeeOf(epoch)?.faults ?? 0),
      ),
    forget: (witness) => {
      for (const givers of receipts.values()) givers.delete(witness)
    },
    orderOf: (name) => orders.get(name) ?? null,
    voted: (witness, statement) => {
      if (statement.kind === 'T') {
        // A receipt of one committee is worth nothing to the next.
        const name = `${toHex(statement.txHash)} in ${statement.governance.epoch}`
        receipts.set(name, (receipts.get(name) ?? new Set()).add(witness))
      }
      const timed = timedOf(statement)
      const deadlineMs = timed === null ? null : deadlineOf(timed.tx)
      if (timed === null || deadlineMs === null) return
      if (isTimely(timed.tx)) {
        // What one committee has notarized binds the next one, however late it is.
        const isFirst = statement.view === 0 && statement.governance.epoch === timed.tx.governance.epoch
        const isOwnJudgement = statement.kind === 'T' || isFirst
        if (!isOwnJudgement) return
        firstSeenMs.set(timed.name, Math.min(firstSeenMs.get(timed.name) ?? nowMs(), nowMs()))
        if (nowMs() > deadlineMs + skewMs) violate('deadlines', `${timed.kind} found timely ${nowMs() - deadlineMs} ms late`)
        if (nowMs() > deadlineMs) reach('a timely move seen inside the band')
        return
      }
      // Due is 2 Λ after the deadline by a clock that may be Λ ahead.
      if (nowMs() < deadlineMs + skewMs) violate('deadlines', `${timed.kind} backed ${nowMs() - deadlineMs} ms after the deadline`)
    },
    final: (statement) => {
      const timed = timedOf(statement)
      if (timed?.kind === 'seat-panel' && deadlineOf(timed.tx) !== null) reach('a panel seated without a designated witness')
      if (timed === null || !isTimely(timed.tx)) return
      if (!firstSeenMs.has(timed.name)) violate('deadlines', `a step won, ${timed.kind}, that no honest witness saw in time`)
    },
  }
}

/** Those first in an order that the dispute's own hash draws. */
const isOfDesignated = (committee: Committee, disputeHash: Bytes32, shares: readonly SeedShare[]): boolean => {
  const order = designatedOrder(committee, disputeHash)
  return shares.every(({ witnessIndex }, place) => witnessIndex === order[place])
}

type TimedTx = Exclude<Tx, { readonly type: 'federation' }>

const hasWindow = (tx: Tx): boolean => tx.type === 'federation' || isTimely(tx)

const isTimely = (tx: TimedTx): boolean =>
  tx.type === 'account' ? opensUntilMs(tx) !== null : tx.body.kind === 'deliver' || tx.body.kind === 'dispute'

/** An agreement lapses with the provider's signature, and in any case when the work is due. */
const opensUntilMs = ({ body: { operation } }: AccountTx): number | null =>
  operation.kind === 'open-escrow' ? Math.min(operation.terms.acceptValidUntilMs, operation.terms.deliverByMs) : null
