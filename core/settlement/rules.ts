import type { AmountMicro } from '../platform/amount.ts'
import { equalBytes } from '../platform/bytes.ts'
import type { Epochs } from './epochs.ts'
import type { Bytes32, Governance, ObjectId, Tx, TxHash } from './objects.ts'
import type { RefusalCode } from './refusals.ts'

/** The limits of the genesis document that settlement enforces. */
export type SettlementLimits = {
  /** Λ: honest clocks are this close to true time. */
  readonly maxClockSkewMs: number
  readonly minReviewMs: number
  readonly maxReviewMs: number
  /** The work deadline is at most this far ahead when the escrow opens. */
  readonly maxWorkMs: number
  readonly minRuleMs: number
  readonly maxRuleMs: number
  /** How long after a dispute only the designated witnesses' shares seed its panel; then any f+1 do (settlement.md §5.5). */
  readonly seatAnyAfterMs: number
  /** The largest single transfer; null = no limit. A daily sum needs dated transfers and comes with community federations. */
  readonly giftPerDayMicro: AmountMicro | null
  /** A new committee is decided so long before it begins, and the old one decides accounts so long after (settlement.md §7). */
  readonly epochNoticeMs: number
}

/** What the state machines need to know of the federation. */
export type SettlementRules = { readonly federationId: Bytes32; readonly limits: SettlementLimits; readonly epochs: Epochs }

/** G: nothing expires before every honest clock has passed the deadline (settlement.md §5.4). */
export const guardMs = (limits: SettlementLimits): number => 2 * limits.maxClockSkewMs

/** When a transition may be voted for on a witness's own clock, both ends included (rule R4). */
export type Window = { readonly notBeforeMs: number; readonly notAfterMs: number }
export const anyTime: Window = { notBeforeMs: 0, notAfterMs: Number.POSITIVE_INFINITY }

/** `nowMs` null: a certificate vouches for the time. */
export const checkWindow = (window: Window, nowMs: number | null): RefusalCode | null => {
  if (nowMs === null) return null
  if (nowMs < window.notBeforeMs) return 'too-early'
  return nowMs > window.notAfterMs ? 'too-late' : null
}

type ChainHead = { readonly id: ObjectId; readonly step: number; readonly headHash: TxHash; readonly governance: Governance }

export const equalGovernance = (a: Governance, b: Governance): boolean => a.epoch === b.epoch && equalBytes(a.federationId, b.federationId)

/** The chain rule: the next step of this object, on top of its head, decided by the committee that the head names. */
export const checkExtends = (head: ChainHead, tx: Tx): RefusalCode | null => {
  if (!equalBytes(tx.objectId, head.id)) return 'wrong-object'
  if (tx.step !== head.step + 1) return 'wrong-step'
  if (!equalBytes(tx.previousHash, head.headHash)) return 'wrong-previous'
  return equalGovernance(tx.governance, head.governance) && handsOnRightly(tx) ? null : 'wrong-governance'
}

/** An account may move on to a later committee, never back; an escrow stays with the one it was born with (settlement.md §2); the
 * federation itself goes on to the committee that it names. */
const handsOnRightly = ({ type, governance, next }: Tx): boolean => {
  if (!equalBytes(next.federationId, governance.federationId)) return false
  if (type === 'account') return next.epoch >= governance.epoch
  return next.epoch === (type === 'escrow' ? governance.epoch : governance.epoch + 1)
}
