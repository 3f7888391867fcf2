import type { OfferWish } from '../orders/handlers.ts'
import type { BackendKind, Offer, Signed } from '../orders/model.ts'
import type { Orders } from '../orders/service.ts'
import { equalBytes } from '../platform/bytes.ts'
import { fail, type Failure, type Result } from '../platform/result.ts'
import type { Bytes32, Pricing } from '../settlement/objects.ts'

/** What every offer of a backend has in common; no two backends have the same kind, model and consent. */
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
 * The offers of one backend: taken down while it rests and put up again as they were, also when the book has let them expire because
 * this computer slept. They are known by what they say, so those from before a restart, and renewed ones, are its own as well.
 */
export const createOffering = (orders: Orders, ownKey: Bytes32, first: readonly OfferWish[]) => {
  let ground: OfferGround | null = null
  let wishes = first

  const has = ({ value: offer }: Signed<Offer>): boolean =>
    ground !== null &&
    offer.backend === ground.backend &&
    offer.modelLabel === ground.modelLabel &&
    equalBytes(offer.consentTag, ground.consentTag)
  const own = (): readonly Signed<Offer>[] => (ground === null ? [] : orders.book.offers.ofMember(ownKey).filter(has))
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
  /** What is to be offered and is not up. */
  const resting = (): readonly OfferWish[] => {
    const on = ground
    return on === null ? wishes : wishes.filter((wish) => !own().some((offer) => isOf(wish, offer, on)))
  }

  return {
    has,
    own,
    resting,
    /** What is to be offered, whether it is up or not. */
    wishes: (): readonly OfferWish[] => wishes,
    isOpen: (): boolean => ground !== null,
    publish: (wish: OfferWish): Result<Signed<Offer>, PublishFailure> => {
      if (ground === null)
        return fail('provider-stopped', 'This backend offers nothing at the moment. Resume it before you publish an offer.')
      const published = put(wish, ground)
      if (published.ok) wishes = [...wishes, wish]
      return published
    },
    withdraw: (offer: Signed<Offer>): Result<void, Failure<'not-my-offer'>> => {
      const on = ground
      if (on !== null) wishes = wishes.filter((wish) => !isOf(wish, offer, on))
      return orders.withdrawOffer(offer.id)
    },
    /** Puts up what is not up. The sentence of an offer that could not be; null when all of them are. */
    open: (next: OfferGround): string | null => {
      ground ??= next
      const on = ground
      const failed = resting()
        .map((wish) => put(wish, on))
        .find((published) => !published.ok)
      return failed === undefined || failed.ok ? null : failed.error.message
    },
    rest: (): void => {
      for (const offer of own()) orders.withdrawOffer(offer.id)
      ground = null
    },
  }
}

const samePricing = (a: Pricing, b: Pricing): boolean =>
  a.perTaskMicro === b.perTaskMicro &&
  a.perThousandInputTokensMicro === b.perThousandInputTokensMicro &&
  a.perThousandOutputTokensMicro === b.perThousandOutputTokensMicro &&
  a.minimumMicro === b.minimumMicro
