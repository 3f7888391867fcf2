import { maxSupplyMicro, type AmountMicro } from '../platform/amount.ts'
import { equalBytes } from '../platform/bytes.ts'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'
import type { OfferBrief, OfferSide } from './book.ts'
import { costOf } from './cheapest.ts'
import { tokensOfBytes } from './metering.ts'
import type { Offer } from './model.ts'
import { expectedUsage, worstCaseMicro, type TaskSize } from './quote.ts'
import { shortIdOf } from './side.ts'
import type { IsUnwanted } from './unwanted.ts'

/**
 * Which offers of the book could serve a task, and which of its wishes keeps out the others: so a task that nobody can serve says
 * so before anything is asked or spent. An offer counts for the first filter that keeps it out, in this order.
 */
export const offerFilters = ['own', 'unwanted', 'expired', 'used-up', 'too-large', 'too-slow', 'too-dear'] as const
export type OfferFilter = (typeof offerFilters)[number]

export type TaskNeeds = TaskSize & {
  /** Null: any price. */
  readonly maxPriceMicro: AmountMicro | null
  /** Null: any promise. */
  readonly firstTokenMs: number | null
}
export type TaskWish = TaskNeeds & { readonly classKey: string }
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

type Limits = Pick<OfferBrief, 'leftToday' | 'maxInputTokens' | 'maxOutputTokens' | 'firstTokenMs'>
const worstUsage = ({ inputBucketBytes, maxOutputTokens }: TaskSize) => ({
  inputTokens: tokensOfBytes(inputBucketBytes),
  outputTokens: maxOutputTokens,
})
type Looks = { readonly isOwn: boolean; readonly isUnwanted: boolean; readonly isExpired: boolean; readonly isTooDear: boolean }
const filterOf = (offer: Limits, wish: TaskNeeds, { isOwn, isUnwanted, isExpired, isTooDear }: Looks): OfferFilter | null => {
  const worst = worstUsage(wish)
  if (isOwn) return 'own'
  if (isUnwanted) return 'unwanted'
  if (isExpired) return 'expired'
  if (offer.leftToday === 0) return 'used-up'
  if (worst.inputTokens > offer.maxInputTokens || worst.outputTokens > offer.maxOutputTokens) return 'too-large'
  if (wish.firstTokenMs !== null && offer.firstTokenMs > wish.firstTokenMs) return 'too-slow'
  return isTooDear ? 'too-dear' : null
}

type Mine = { readonly ownKey: Uint8Array }

/** Offers of the members in `without` are not counted. */
export const fitOf = (
  side: OfferSide,
  wish: TaskWish,
  { ownKey, isUnwanted }: Mine & { readonly isUnwanted: IsUnwanted },
  nowMs: number,
  without: readonly Uint8Array[] = [],
): Fit => {
  const own = shortIdOf(ownKey)
  const left = new Set(without.map(shortIdOf))
  const expected = expectedUsage(wish)
  const worst = worstUsage(wish)
  const limit = wish.maxPriceMicro === null ? Number.POSITIVE_INFINITY : Number(wish.maxPriceMicro)
  const excluded = new Map<OfferFilter, number>()
  let [offers, fitting] = [0, 0]
  let [leastExpected, capOfLeast, leastDear] = [Number.POSITIVE_INFINITY, 0, Number.POSITIVE_INFINITY]
  side.walk(wish.classKey, (entry) => {
    if (left.has(entry.member.key)) return 'next'
    offers++
    const cap = Math.max(leastLock, costOf(entry.brief, worst))
    const filter = filterOf(entry.brief, wish, {
      isOwn: entry.member.key === own,
      isUnwanted: isUnwanted(entry),
      isExpired: entry.validUntilMs <= nowMs,
      isTooDear: cap > limit,
    })
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
  unwanted: (count) => `${count} ${count === 1 ? 'is' : 'are'} of a provider that you never want again`,
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

const refusalOfOne: Readonly<Record<Exclude<OfferFilter, 'expired'>, string>> = {
  own: 'This is your own offer.',
  unwanted: 'You said of this provider that you never want it again. Take that back first, in your settings.',
  'used-up': 'This offer is used up for today.',
  'too-large': 'This offer takes only smaller tasks.',
  'too-slow': 'This offer promises to start later than you ask.',
  'too-dear': 'This offer may cost more than your limit.',
}

/** Whether one standing offer can be taken for a task, before anybody is asked. */
export const takeable = (
  offer: Offer | null,
  wish: TaskNeeds,
  { ownKey, isUnwanted }: Mine & { readonly isUnwanted: boolean },
  nowMs: number,
): Result<Offer, Failure<'offer-gone' | 'offer-does-not-fit'>> => {
  if (offer === null) return gone
  const isTooDear = wish.maxPriceMicro !== null && worstCaseMicro(offer.pricing, wish) > wish.maxPriceMicro
  const isOwn = equalBytes(offer.providerKey, ownKey)
  const filter = filterOf(offer, wish, { isOwn, isUnwanted, isExpired: offer.validUntilMs <= nowMs, isTooDear })
  if (filter === 'expired') return gone
  return filter === null ? ok(offer) : fail('offer-does-not-fit', refusalOfOne[filter])
}
const gone = fail<'offer-gone'>('offer-gone', 'This offer is not open any more. Look at the market for another one.')

/** Of one member's offers of the class, or of everybody else's. */
export const newestOfferMs = (side: OfferSide, classKey: string, memberKey: Uint8Array, isThisMember: boolean): number => {
  const wanted = shortIdOf(memberKey)
  let newestMs = 0
  side.walk(classKey, ({ member, createdAtMs }) => {
    if ((member.key === wanted) === isThisMember) newestMs = Math.max(newestMs, createdAtMs)
    return 'next'
  })
  return newestMs
}
