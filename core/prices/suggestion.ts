import { standardUsage } from '../facts/model.ts'
import type { Usage } from '../orders/metering.ts'
import { maxSupplyMicro, type AmountMicro } from '../platform/amount.ts'
import { ppm } from '../platform/fixed-point.ts'
import type { Pricing } from '../settlement/objects.ts'
import { askMicro, clockAttempts, limitMicro, neutralStance } from './clock.ts'
import type { Estimate } from './model.ts'

/** What a class is worth, and what that rests on. */
export type ClassEstimate = Estimate & { readonly basis: 'own' | 'blended' | 'related' }

export type Reason = 'from-trades' | 'few-trades' | 'related-classes' | 'from-offers' | 'rising' | 'falling' | 'gives-way'
export type Suggestion = {
  readonly lowMicro: AmountMicro
  readonly midMicro: AmountMicro
  readonly highMicro: AmountMicro
  readonly reasons: readonly Reason[]
}

/** Fewer effective trades than this say too little alone (settlement.md §11). */
export const enoughTradesMilli = 15_000
/** A quarter more trades on one side than on the other is a direction. */
const directionPpm = 250_000

/** `practice-small` belongs with the other `practice-…`; a class without a family stands alone. */
export const familyOf = (classKey: string): string | null => {
  const end = Math.max(classKey.lastIndexOf('/'), classKey.lastIndexOf('-'), classKey.lastIndexOf(':'))
  return end <= 0 ? null : classKey.slice(0, end + 1)
}

/**
 * Few own trades are pulled towards the family's price, as far as that is a price of the same kind: a model ten times as dear as its
 * sisters is not made cheaper by them.
 */
export const withFamily = (own: Estimate | null, family: Estimate | null): ClassEstimate | null => {
  if (own === null) return family === null ? null : { ...family, basis: 'related' }
  const missing = enoughTradesMilli - own.effectiveTradesMilli
  const isAlike = family !== null && own.priceMicro >= family.lowMicro && own.priceMicro <= family.highMicro
  if (missing <= 0 || !isAlike) return { ...own, basis: 'own' }
  const blend = (mine: bigint, theirs: bigint): bigint =>
    (mine * BigInt(own.effectiveTradesMilli) + theirs * BigInt(missing)) / BigInt(enoughTradesMilli)
  return {
    ...own,
    priceMicro: blend(own.priceMicro, family.priceMicro),
    lowMicro: blend(own.lowMicro, family.lowMicro),
    highMicro: blend(own.highMicro, family.highMicro),
    basis: 'blended',
  }
}

/** For an offer of the standard task: the estimate, less what the clock gives way. `cheapestMicro`: of the book, where nothing was traded. */
export const suggestOffer = (estimate: ClassEstimate | null, cheapestMicro: AmountMicro | null, attempt: number): Suggestion | null =>
  suggest(estimate, cheapestMicro, attempt, (around) => askMicro(1n, around, neutralStance, Math.min(attempt, lastConcession)))

/** At the attempt after it a provider goes down to its cost, which only the provider knows. */
const lastConcession = clockAttempts - 2

/** For a request of this size, in its own price. */
export const suggestRequest = (
  estimate: ClassEstimate | null,
  cheapestMicro: AmountMicro | null,
  usage: Usage,
  attempt: number,
): Suggestion | null => {
  const suggestion = suggest(estimate, cheapestMicro, attempt, (around) => limitMicro(highestMicro(around), around, neutralStance, attempt))
  if (suggestion === null) return null
  const { lowMicro, midMicro, highMicro, reasons } = suggestion
  const [low, mid, high] = [lowMicro, midMicro, highMicro].map((price) => forSize(price, usage))
  return { lowMicro: low ?? 0n, midMicro: mid ?? 0n, highMicro: high ?? 0n, reasons }
}
/** Twice the going price is the most that is suggested to anybody. */
const highestMicro = (around: AmountMicro): AmountMicro => 2n * around

const suggest = (
  estimate: ClassEstimate | null,
  cheapestMicro: AmountMicro | null,
  attempt: number,
  move: (priceMicro: AmountMicro) => AmountMicro,
): Suggestion | null => {
  const [low, mid, high] = estimate === null ? [cheapestMicro, cheapestMicro, cheapestMicro] : rangeOf(estimate)
  if (low === null || mid === null || high === null || low === undefined || mid === undefined || high === undefined) return null
  const reasons = [
    ...(estimate === null ? (['from-offers'] as const) : reasonsOf(estimate)),
    ...(attempt > 0 ? (['gives-way'] as const) : []),
  ]
  return { lowMicro: move(low), midMicro: move(mid), highMicro: move(high), reasons }
}
/** An estimate that runs ahead of its trades widens their range. */
const rangeOf = ({ lowMicro, priceMicro, highMicro }: Estimate): readonly AmountMicro[] => [
  lowMicro < priceMicro ? lowMicro : priceMicro,
  priceMicro,
  highMicro > priceMicro ? highMicro : priceMicro,
]

const reasonsOf = ({ basis, effectiveTradesMilli, imbalancePpm }: ClassEstimate): readonly Reason[] => [
  basis === 'related' ? 'related-classes' : 'from-trades',
  ...(effectiveTradesMilli < enoughTradesMilli ? (['few-trades'] as const) : []),
  ...(basis === 'blended' ? (['related-classes'] as const) : []),
  ...(imbalancePpm > directionPpm ? (['rising'] as const) : imbalancePpm < -directionPpm ? (['falling'] as const) : []),
]

/** Vendors charge about five times as much for what a model writes as for what it reads. */
const outputWeight = 5
const unitsOf = ({ inputTokens, outputTokens }: Usage): bigint => BigInt(inputTokens + outputWeight * outputTokens)

/** A price of the standard task, for one of another size; rounded up, because a limit a hair too low finds nobody. */
const forSize = (priceMicro: AmountMicro, usage: Usage): AmountMicro => {
  const standard = unitsOf(standardUsage)
  const price = (priceMicro * unitsOf(usage) + standard - 1n) / standard
  return price < 1n ? 1n : price > maxSupplyMicro ? maxSupplyMicro : price
}

/** A pricing under which the standard task costs this much, divided as vendors divide theirs. */
export const pricingFor = (priceMicro: AmountMicro): Pricing => ({
  perTaskMicro: 0n,
  perThousandInputTokensMicro: forSize(priceMicro, { inputTokens: 1_000, outputTokens: 0 }),
  perThousandOutputTokensMicro: forSize(priceMicro, { inputTokens: 0, outputTokens: 1_000 }),
  minimumMicro: 0n,
})

/** What a request's limit is worth as a price of the standard task, so that requests of all sizes stand in one book. */
export const standardOf = (limit: AmountMicro, usage: Usage): AmountMicro => {
  const units = unitsOf(usage)
  return units === 0n ? 0n : (limit * unitsOf(standardUsage)) / units
}

/** As how much a payment weighs: in full from an account that the federation trusts, not at all from a stranger. */
export const weightOf = (paidMicro: AmountMicro, trustPpm: number): bigint => (paidMicro * BigInt(trustPpm)) / BigInt(ppm)
