import type { OfferWish } from '../orders/handlers.ts'
import type { BackendKind, Offer, Signed } from '../orders/model.ts'
import type { Orders } from '../orders/service.ts'
import { equalBytes } from '../platform/bytes.ts'
import { fail, type Failure, type Result } from '../platform/result.ts'
import type { Bytes32, Pricing } from '../settlement/objects.ts'

/** What every offer of this provider has in common. */
export type OfferGround = {
  readonly backend: BackendKind
  readonly modelLabel: string
  readonly maxOutputTokens: number
  readonly concurrent: number
  readonly consentTag: Bytes32
  /** What a person who reads every task first adds to the promised times. */
  readonly approvalMs: number
  readonly leftToday: () => number
}
type PublishFailure = Failure<'provider-stopped' | 'too-many-offers'>

/** More than the longest task can have. */
const maxInputTokens = 100_000

export type Offering = ReturnType<typeof createOffering>

/**
 * The offers of this provider: taken down while it rests and put up again as they were, also when the book has let them expire
 * because this computer slept.
 */
export const createOffering = (orders: Orders, ownKey: Bytes32) => {
  let ground: OfferGround | null = null
  let wishes: readonly OfferWish[] = []

  const own = (): readonly Signed<Offer>[] => orders.book.offers.ofMember(ownKey)
  const takeDown = (): void => {
    for (const offer of own()) orders.withdrawOffer(offer.id)
  }
  const put = (wish: OfferWish, on: OfferGround): Result<Signed<Offer>, PublishFailure> => {
    const { approvalMs, leftToday, ...common } = on
    const published = orders.publishOffer({
      ...wish,
      ...common,
      maxInputTokens,
      firstTokenMs: wish.firstTokenMs + approvalMs,
      totalMs: wish.totalMs + approvalMs,
      concurrent: Math.min(wish.concurrent, common.concurrent),
      leftToday: Math.max(0, Math.min(wish.leftToday, leftToday())),
      successPpm: 990_000,
    })
    return published.ok ? published : fail('too-many-offers', published.error.message)
  }
  const isOf = (wish: OfferWish, { value: offer }: Signed<Offer>, { approvalMs }: OfferGround): boolean =>
    offer.classKey === wish.classKey &&
    offer.firstTokenMs === wish.firstTokenMs + approvalMs &&
    offer.totalMs === wish.totalMs + approvalMs &&
    samePricing(offer.pricing, wish.pricing)

  return {
    own,
    /** What is to be offered and is not up. */
    resting: (): readonly OfferWish[] => {
      const on = ground
      return on === null ? wishes : wishes.filter((wish) => !own().some((offer) => isOf(wish, offer, on)))
    },
    isOpen: (): boolean => ground !== null,
    /** From now on these are what is offered while it is open. */
    begin: (first: readonly OfferWish[]): void => {
      ground = null
      wishes = first
    },
    publish: (wish: OfferWish): Result<Signed<Offer>, PublishFailure> => {
      if (ground === null)
        return fail('provider-stopped', 'Provider mode offers nothing at the moment. Resume it before you publish an offer.')
      const published = put(wish, ground)
      if (published.ok) wishes = [...wishes, wish]
      return published
    },
    withdraw: (offerId: Bytes32): Result<void, Failure<'not-my-offer'>> => {
      const offer = own().find(({ id }) => equalBytes(id, offerId))
      const on = ground
      if (offer !== undefined && on !== null) wishes = wishes.filter((wish) => !isOf(wish, offer, on))
      return orders.withdrawOffer(offerId)
    },
    /** Puts up what is not up. The sentence of an offer that could not be; null when all of them are. */
    open: (next: OfferGround): string | null => {
      ground ??= next
      const on = ground
      const missing = wishes.filter((wish) => !own().some((offer) => isOf(wish, offer, on)))
      const failed = missing.map((wish) => put(wish, on)).find((published) => !published.ok)
      return failed === undefined || failed.ok ? null : failed.error.message
    },
    rest: (): void => {
      if (ground === null) return
      ground = null
      takeDown()
    },
    end: (): void => {
      ground = null
      wishes = []
      takeDown()
    },
  }
}

const samePricing = (a: Pricing, b: Pricing): boolean =>
  a.perTaskMicro === b.perTaskMicro &&
  a.perThousandInputTokensMicro === b.perThousandInputTokensMicro &&
  a.perThousandOutputTokensMicro === b.perThousandOutputTokensMicro &&
  a.minimumMicro === b.minimumMicro
