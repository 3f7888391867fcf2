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
