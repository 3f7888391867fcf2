import { maxSupplyMicro, type AmountMicro } from '../platform/amount.ts'
import type { OfferBrief, OfferSide } from './book.ts'
import { costOf } from './cheapest.ts'
import { tokensOfBytes } from './metering.ts'
import type { Entry } from './price-index.ts'
import { expectedUsage, type TaskSize } from './quote.ts'
import { shortIdOf } from './side.ts'

/**
 * Which offers of the book could serve a task, and which of its wishes keeps out the others: so a task that nobody can serve says
 * so before anything is asked or spent. An offer counts for the first filter that keeps it out, in this order.
 */
export const offerFilters = ['own', 'expired', 'used-up', 'too-large', 'too-slow', 'too-dear'] as const
export type OfferFilter = (typeof offerFilters)[number]

export type TaskWish = TaskSize & {
  readonly classKey: string
  /** Null: any price. */
  readonly maxPriceMicro: AmountMicro | null
  /** Null: any promise. */
  readonly firstTokenMs: number | null
}
export type Fit = {
  /** Of the class, all of them. */
  readonly offers: number
  readonly fitting: number
  readonly excluded: readonly { readonly filter: OfferFilter; readonly offers: number }[]
  /** What the cheapest that fits is expected to cost, and at most. */
  readonly best: { readonly expectedMicro: AmountMicro; readonly capMicro: AmountMicro } | null
  /** The lowest limit at which some offer would fit; null when the price is not what keeps them out. */
  readonly leastLimitMicro: AmountMicro | null
}

/** An escrow of nothing cannot be opened (quote.ts). */
const leastLock = 1
const asMicro = (cost: number): AmountMicro => BigInt(Math.max(leastLock, Math.min(Math.ceil(cost), Number(maxSupplyMicro))))

export const fitOf = (side: OfferSide, wish: TaskWish, ownKey: Uint8Array, nowMs: number): Fit => {
  const own = shortIdOf(ownKey)
  const expected = expectedUsage(wish)
  const worst = { inputTokens: tokensOfBytes(wish.inputBucketBytes), outputTokens: wish.maxOutputTokens }
  const limit = wish.maxPriceMicro === null ? Number.POSITIVE_INFINITY : Number(wish.maxPriceMicro)
  const filterOf = ({ brief, member, validUntilMs }: Entry<OfferBrief>, cap: number): OfferFilter | null => {
    if (member.key === own) return 'own'
    if (validUntilMs <= nowMs) return 'expired'
    if (brief.leftToday === 0) return 'used-up'
    if (worst.inputTokens > brief.maxInputTokens || worst.outputTokens > brief.maxOutputTokens) return 'too-large'
    if (wish.firstTokenMs !== null && brief.firstTokenMs > wish.firstTokenMs) return 'too-slow'
    return cap > limit ? 'too-dear' : null
  }
  const excluded = new Map<OfferFilter, number>()
  let [offers, fitting] = [0, 0]
  let [leastExpected, capOfLeast, leastDear] = [Number.POSITIVE_INFINITY, 0, Number.POSITIVE_INFINITY]
  side.walk(wish.classKey, (entry) => {
    offers++
    const cap = Math.max(leastLock, costOf(entry.brief, worst))
    const filter = filterOf(entry, cap)
    if (filter !== null) excluded.set(filter, (excluded.get(filter) ?? 0) + 1)
    if (filter === 'too-dear') leastDear = Math.min(leastDear, cap)
    if (filter !== null) return 'next'
    fitting++
    const cost = costOf(entry.brief, expected)
    if (cost < leastExpected) [leastExpected, capOfLeast] = [cost, cap]
    return 'next'
  })
  return {
    offers,
    fitting,
    excluded: offerFilters.flatMap((filter) => {
      const count = excluded.get(filter)
      return count === undefined ? [] : [{ filter, offers: count }]
    }),
    best: fitting === 0 ? null : { expectedMicro: asMicro(leastExpected), capMicro: asMicro(capOfLeast) },
    leastLimitMicro: fitting === 0 && Number.isFinite(leastDear) ? asMicro(leastDear) : null,
  }
}

const because: Readonly<Record<OfferFilter, (count: number) => string>> = {
  own: (count) => `${count} ${count === 1 ? 'is' : 'are'} your own`,
  expired: (count) => `${count} ${count === 1 ? 'has' : 'have'} expired`,
  'used-up': (count) => `${count} ${count === 1 ? 'is' : 'are'} used up for today`,
  'too-large': (count) => `${count} ${count === 1 ? 'takes' : 'take'} only smaller tasks`,
  'too-slow': (count) => `${count} ${count === 1 ? 'promises' : 'promise'} to start later than you ask`,
  'too-dear': (count) => `${count} ${count === 1 ? 'costs' : 'cost'} more than your limit`,
}

/** One sentence for people: how many offers fit, and what keeps out the others. */
export const describeFit = ({ offers, fitting, excluded }: Fit): string => {
  if (offers === 0) return 'No offer of this class is known here.'
  const kept = excluded.map(({ filter, offers: count }) => because[filter](count)).join(', ')
  const fit =
    fitting === 0 ? `None of the ${offers} known offers fits` : `${fitting} of ${offers} known offers ${fitting === 1 ? 'fits' : 'fit'}`
  return kept === '' ? `${fit}.` : `${fit}: ${kept}.`
}
