import type { JudgedSettlement } from '../facts/model.ts'
import type { AmountMicro } from '../platform/amount.ts'
import type { EscrowTerms, UsageReceipt } from '../settlement/objects.ts'

/**
 * What a provider promises and what comes of breaking it (docs/decisions/0005-late-answers-cost-less.md). The terms that both sides
 * signed carry the promise and its price, the receipt that the provider signs and the client pays with carries the times, so both
 * sides work out the same reduction and no witness has to judge speed.
 */
export type Promised = Pick<EscrowTerms, 'firstTokenMs' | 'totalMs' | 'lateReductionPpm'>
export type Measured = Pick<UsageReceipt, 'startedAtMs' | 'firstTokenAtMs' | 'finishedAtMs'>

/** What every bid must offer for a broken promise: enough to matter, too little for a client to hope for it. */
export const standardLateReductionPpm = 200_000

const whole = 1_000_000n

export const isFirstTokenLate = ({ firstTokenMs }: Pick<Promised, 'firstTokenMs'>, { startedAtMs, firstTokenAtMs }: Measured): boolean =>
  firstTokenAtMs - startedAtMs > firstTokenMs

export const isTotalLate = ({ totalMs }: Pick<Promised, 'totalMs'>, { startedAtMs, finishedAtMs }: Measured): boolean =>
  finishedAtMs - startedAtMs > totalMs

/** The price after the agreed reduction, once however many promises were broken; a fraction of a µRUV is the client's. */
export const priceOnTime = (priceMicro: AmountMicro, promised: Promised, measured: Measured): AmountMicro =>
  isFirstTokenLate(promised, measured) || isTotalLate(promised, measured)
    ? (priceMicro * (whole - BigInt(promised.lateReductionPpm))) / whole
    : priceMicro

/** How a trade of one's own ended, as far as promises go. */
export type Kept = Pick<JudgedSettlement, 'atMs' | 'outcome' | 'fault' | 'speed'>

/** A promise was broken: late, not at all, or so that a panel gave the money back; unless the client says that it was not the provider. */
export const isBroken = ({ outcome, fault, speed }: Kept): boolean => {
  if (outcome === 'refunded' || outcome === 'expired') return fault === null
  return (
    outcome === 'ruled-refunded' || (speed !== null && (speed.firstMs > speed.promisedFirstMs || speed.totalMs > speed.promisedTotalMs))
  )
}

/** Half of so many is no accident. */
const watchedTrades = 10
const brokenTrades = 5
const watchedMs = 24 * 3_600_000
/** Long enough for a backend to recover or an owner to look; then it is tried again, and one more failure rests it again. */
const maintenanceMs = 30 * 60_000

export type Maintenance = { readonly broken: number; readonly of: number; readonly untilMs: number }

/** Whether a provider's own node should rest its offers before its reputation pays for it. `own`: newest first. */
export const maintenanceOf = (own: readonly Kept[], nowMs: number): Maintenance | null => {
  const recent = own.slice(0, watchedTrades).filter(({ atMs }) => nowMs - atMs <= watchedMs)
  const broken = recent.filter(isBroken)
  const untilMs = (broken[0]?.atMs ?? 0) + maintenanceMs
  return broken.length >= brokenTrades && nowMs < untilMs ? { broken: broken.length, of: recent.length, untilMs } : null
}
