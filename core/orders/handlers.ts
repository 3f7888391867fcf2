import type { MarketContract } from '../contract/contract.ts'
import type { Handlers } from '../contract/dispatcher.ts'
import { equalBytes, fromHex, toHex } from '../platform/bytes.ts'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'
import type { Bytes32, Pricing } from '../settlement/objects.ts'
import type { Task } from '../tasks/model.ts'
import { taskBucketBytes } from '../tasks/padding.ts'
import { describeFit } from './fit.ts'
import type { BackendKind, Offer, Signed, TaskRequest } from './model.ts'
import type { Orders } from './service.ts'
import type { Brief, Order } from './price-index.ts'
import type { Side } from './side.ts'

/** The short names of the contract. */
export const contractBackend = {
  practice: 'practice',
  'local-model': 'local',
  'anthropic-api': 'anthropic',
  'claude-cli': 'claude-cli',
} as const satisfies Record<BackendKind, string>

export type OfferWish = {
  readonly classKey: string
  readonly pricing: Pricing
  readonly firstTokenMs: number
  readonly totalMs: number
  readonly concurrent: number
  readonly leftToday: number
  readonly validForMs: number
}

export type OwnSituation = {
  /** Null while nothing is served. */
  readonly taken: () => { readonly running: number; readonly promised: number; readonly slots: number; readonly leftToday: number } | null
  readonly resting: () => { readonly offers: readonly OfferWish[]; readonly reason: string | null }
  readonly requests: () => readonly { readonly task: Task; readonly bids: number; readonly untilMs: number }[]
}

export type OrdersHandlersDeps = {
  readonly orders: Orders
  readonly accountId: Bytes32
  readonly ownKey: Bytes32
  /** What provider mode offers, and what is taken of it. */
  readonly own: OwnSituation
  readonly withdraw: (offerId: Bytes32) => Result<void, Failure<'not-my-offer'>>
  /** Publishes under a backend that is being served; null: the only one. Refused while nothing is. */
  readonly publish: (
    wish: OfferWish,
    backendId: number | null,
  ) => Result<Signed<Offer>, Failure<'provider-stopped' | 'no-backend' | 'class-taken' | 'policy-refused' | 'too-many-offers'>>
}

export const ordersHandlers = ({
  orders,
  accountId,
  ownKey,
  own,
  publish,
  withdraw,
}: OrdersHandlersDeps): Handlers<MarketContract>['orders'] => ({
  book: ({ classKey, limit, offersCursor, requestsCursor }) =>
    ok({
      revision: orders.revision(),
      offers: page(orders.book.offers, classKey, offersCursor, limit, (offer) => offerRow(offer, accountId)),
      requests: page(orders.book.requests, classKey, requestsCursor, limit, (request) => requestRow(request, accountId)),
    }),
  quote: ({ classKey, promptBytes, maxOutputTokens, maxPriceMicro, firstTokenMs }) => {
    const inputBucketBytes = taskBucketBytes(promptBytes)
    const fit = orders.fit({ classKey, inputBucketBytes, maxOutputTokens, maxPriceMicro, firstTokenMs })
    return ok({ revision: orders.revision(), ...fit, reason: describeFit(fit) })
  },
  mine: () => {
    const { offers: resting, reason } = own.resting()
    return ok({
      revision: orders.revision(),
      taken: own.taken(),
      restsBecause: resting.length === 0 ? null : reason,
      offers: [...orders.book.offers.ofMember(ownKey).map(openRow), ...resting.map(restingRow)].slice(0, maxShown),
      requests: own.requests().slice(0, maxShown).map(ownRequestRow),
    })
  },
  offer: ({ offerId }) => {
    const offer = orders.book.offers.get(fromHex(offerId))
    return offer === null
      ? fail('not-found', 'This offer is not open any more.')
      : ok({ revision: orders.revision(), offer: offerRow(offer, accountId) })
  },
  publishOffer: ({ backendId = null, classKey, pricing, promise, concurrent, tasksPerDay, validForMs }) => {
    const wish = { classKey, pricing, ...promise, concurrent, leftToday: tasksPerDay ?? 1_000_000, validForMs }
    const published = publish(wish, backendId)
    return published.ok ? ok({ offerId: toHex(published.value.id) }) : published
  },
  withdrawOffer: ({ offerId }) => {
    const withdrawn = withdraw(fromHex(offerId))
    return withdrawn.ok ? ok({}) : fail('not-found', withdrawn.error.message)
  },
})

/** Cursors are offsets: the book changes under a reader anyway, and a page is only ever a view. */
const page = <T extends Order, B extends Brief, R>(
  side: Side<T, B>,
  classKey: string | null,
  cursor: string | null,
  limit: number,
  rowOf: (order: Signed<T>) => R,
) => {
  const total = side.count(classKey)
  const offset = cursor === null ? 0 : /^\d{1,9}$/.test(cursor) ? Number(cursor) : total
  const rows = side.page(classKey, offset, limit).map(rowOf)
  return { rows, nextCursor: offset + limit < total ? String(offset + limit) : null, total }
}

const offerRow = ({ id, value }: Signed<Offer>, me: Bytes32) => ({
  id: toHex(id),
  provider: toHex(value.provider),
  classKey: value.classKey,
  backend: contractBackend[value.backend],
  model: value.modelLabel,
  pricing: value.pricing,
  promise: { firstTokenMs: value.firstTokenMs, totalMs: value.totalMs },
  concurrent: value.concurrent,
  leftToday: value.leftToday,
  validUntilMs: value.validUntilMs,
  own: equalBytes(value.provider, me),
})

/** More than a member can have open (book.ts). */
const maxShown = 64
const openRow = ({ id, value }: Signed<Offer>) => ({
  offerId: toHex(id),
  state: 'open' as const,
  classKey: value.classKey,
  pricing: value.pricing,
  promise: { firstTokenMs: value.firstTokenMs, totalMs: value.totalMs },
  concurrent: value.concurrent,
  validUntilMs: value.validUntilMs,
})
const restingRow = ({ classKey, pricing, firstTokenMs, totalMs, concurrent }: OfferWish) => ({
  offerId: null,
  state: 'resting' as const,
  classKey,
  pricing,
  promise: { firstTokenMs, totalMs },
  concurrent,
  validUntilMs: null,
})
const ownRequestRow = ({ task, bids, untilMs }: ReturnType<OwnSituation['requests']>[number]) => ({
  taskId: toHex(task.id),
  classKey: task.classKey,
  maxPriceMicro: task.maxPriceMicro,
  bids,
  toOne: task.onlyProviderKey !== null,
  stands: task.standing !== null,
  untilMs,
})

const requestRow = ({ id, value }: Signed<TaskRequest>, me: Bytes32) => ({
  id: toHex(id),
  client: toHex(value.client),
  classKey: value.classKey,
  inputBucketBytes: value.inputBucketBytes,
  maxOutputTokens: value.maxOutputTokens,
  maxPriceMicro: value.maxPriceMicro,
  mode: value.mode,
  validUntilMs: value.validUntilMs,
  own: equalBytes(value.client, me),
})
