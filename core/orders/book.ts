import { maxSupplyMicro } from '../platform/amount.ts'
import { compareBytes, toHex } from '../platform/bytes.ts'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'
import { priceOf } from './metering.ts'
import type { Offer, Signed, TaskRequest } from './model.ts'
import { createSortedList } from './sorted-list.ts'

/**
 * One node's order book, in memory. A side is one list sorted by class, then price, then time, then id, so a class is a range,
 * its best offer is the first and a page is a slice; a second list is sorted by the end of validity. The same code runs in
 * every node and in the simulation; SQLite only keeps what is inserted here.
 */
export const maxOffersPerMember = 32
export const maxRequestsPerMember = 64
/** Sized for the goal of anchors.md: 100,000 open orders. */
export const maxOrders = 100_000

export type Order = { readonly classKey: string; readonly createdAtMs: number; readonly validUntilMs: number }
/** What is compared lies flat beside the order: an insertion looks at some thirty others. */
type Entry<T> = Order & { readonly order: Signed<T>; readonly rank: number; readonly member: string }

export type BookRefusal = 'already-known' | 'member-limit' | 'book-full'

export type Side<T> = {
  readonly insert: (order: Signed<T>) => Result<void, Failure<BookRefusal>>
  /** The removed order, or null when it was not there. */
  readonly remove: (id: Uint8Array) => Signed<T> | null
  readonly get: (id: Uint8Array) => Signed<T> | null
  /** Removes what is no longer valid, at most so many at a time, and returns it. */
  readonly expire: (nowMs: number, limit: number) => readonly Signed<T>[]
  /** In price-time order; all classes one after another when none is named. */
  readonly page: (classKey: string | null, offset: number, limit: number) => readonly Signed<T>[]
  readonly count: (classKey?: string | null) => number
  /** In the order of their coming. */
  readonly ofMember: (key: Uint8Array) => readonly Signed<T>[]
}

export type SideRules<T> = {
  readonly memberOf: (order: T) => Uint8Array
  /** The lower, the better. A price in µRUV fits: it is below 2⁵³ (platform/amount.ts). */
  readonly rankOf: (order: T) => number
  readonly maxPerMember: number
  /** This member's orders find room even in a full book, so that a flood cannot keep its own node from trading. */
  readonly ownKey: Uint8Array | null
}

export const createSide = <T extends Order>(rules: SideRules<T>): Side<T> => {
  const byId = new Map<string, Entry<T>>()
  const byMember = new Map<string, Set<string>>()
  const byPrice = createSortedList<Entry<T>>(
    (a, b) =>
      compareText(a.classKey, b.classKey) || a.rank - b.rank || a.createdAtMs - b.createdAtMs || compareBytes(a.order.id, b.order.id),
  )
  const byEnd = createSortedList<Entry<T>>((a, b) => a.validUntilMs - b.validUntilMs || compareBytes(a.order.id, b.order.id))
  const ownMember = rules.ownKey === null ? null : toHex(rules.ownKey)

  const insert = (order: Signed<T>): Result<void, Failure<BookRefusal>> => {
    const id = toHex(order.id)
    if (byId.has(id)) return fail('already-known', 'The book holds this order already.')
    const member = toHex(rules.memberOf(order.value))
    if (byId.size >= maxOrders && member !== ownMember)
      return fail('book-full', `The book holds its ${maxOrders} orders; it takes new ones as old ones expire.`)
    const own = byMember.get(member) ?? new Set<string>()
    if (own.size >= rules.maxPerMember) return fail('member-limit', `A member can have ${rules.maxPerMember} open orders of this kind.`)
    const { classKey, createdAtMs, validUntilMs } = order.value
    const entry: Entry<T> = { order, classKey, createdAtMs, validUntilMs, rank: rules.rankOf(order.value), member }
    byPrice.insert(entry)
    byEnd.insert(entry)
    byId.set(id, entry)
    byMember.set(member, own.add(id))
    return ok(undefined)
  }

  const remove = (idBytes: Uint8Array): Signed<T> | null => {
    const id = toHex(idBytes)
    const entry = byId.get(id)
    if (entry === undefined) return null
    byPrice.remove(entry)
    byEnd.remove(entry)
    byId.delete(id)
    const own = byMember.get(entry.member)
    own?.delete(id)
    if (own?.size === 0) byMember.delete(entry.member)
    return entry.order
  }

  const rangeOf = (classKey: string | null): readonly [number, number] =>
    classKey === null
      ? [0, byPrice.length()]
      : [byPrice.search((entry) => entry.classKey >= classKey), byPrice.search((entry) => entry.classKey > classKey)]

  return {
    insert,
    remove,
    get: (id) => byId.get(toHex(id))?.order ?? null,
    expire: (nowMs, limit) => {
      const end = byEnd.search(({ validUntilMs }) => validUntilMs > nowMs)
      const dead = byEnd.slice(0, Math.min(end, limit)).map(({ order }) => order)
      for (const { id } of dead) remove(id)
      return dead
    },
    page: (classKey, offset, limit) => {
      const [from, to] = rangeOf(classKey)
      return byPrice.slice(from + offset, Math.min(from + offset + limit, to)).map(({ order }) => order)
    },
    count: (classKey = null) => {
      const [from, to] = rangeOf(classKey)
      return to - from
    },
    ofMember: (key) => [...(byMember.get(toHex(key)) ?? [])].flatMap((id) => byId.get(id)?.order ?? []),
  }
}

/** Offers of different shapes are compared by what a task of 1,000 tokens in and 1,000 out would cost. */
export const referencePrice = (offer: Offer): bigint => priceOf(offer.pricing, { inputTokens: 1_000, outputTokens: 1_000 }, maxSupplyMicro)

/** By code units, the same on every machine; a locale's order is not. */
const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

export type Book = { readonly offers: Side<Offer>; readonly requests: Side<TaskRequest> }

export const createBook = (ownKey: Uint8Array | null = null): Book => ({
  offers: createSide<Offer>({
    memberOf: (offer) => offer.providerKey,
    rankOf: (offer) => Number(referencePrice(offer)),
    maxPerMember: maxOffersPerMember,
    ownKey,
  }),
  requests: createSide<TaskRequest>({
    memberOf: (request) => request.clientKey,
    rankOf: (request) => -Number(request.maxPriceMicro),
    maxPerMember: maxRequestsPerMember,
    ownKey,
  }),
})
