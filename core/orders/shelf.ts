import { equalBytes } from '../platform/bytes.ts'
import type { Clock } from '../platform/clock.ts'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'
import type { AccountId, Bytes32 } from '../settlement/objects.ts'
import { maxEnded } from './book.ts'
import type { MemberRate } from './member-rate.ts'
import { checkLifetime, type Kind, type LifetimeRefusal, type Signed } from './model.ts'
import type { Order } from './price-index.ts'
import { shortIdOf, type BookRefusal, type Side } from './side.ts'

export type ShelfRefusal =
  | 'malformed'
  | 'bad-signature'
  | 'not-the-owner'
  | 'owner-unknown'
  | 'own-order'
  | 'rate-limited'
  | LifetimeRefusal
  | BookRefusal

/** Of an account's linked computer, about which the witnesses are asked first. */
export const ownerUnknown = fail<'owner-unknown'>(
  'owner-unknown',
  'Whether that key speaks for the account is not known here yet. Try again.',
)

/** What nobody could have sent by accident counts against the sender; what is merely late or known does not. */
const hostile: ReadonlySet<string> = new Set<ShelfRefusal>(['malformed', 'bad-signature', 'not-the-owner', 'lives-too-long'])
export const isHostile = ({ code }: Failure): boolean => hostile.has(code)

/** Takes once more what could not be judged before the witnesses had said whose key it is. */
export const onceKnown = async <T>(
  { keysAsked }: { readonly keysAsked?: () => Promise<void> },
  take: () => Result<T, Failure>,
): Promise<Result<T, Failure>> => {
  const taken = take()
  if (taken.ok || taken.error.code !== ownerUnknown.error.code || keysAsked === undefined) return taken
  await keysAsked()
  return take()
}

/** One side of the book with its door: every order passes here, wherever it comes from. */
export type Shelf<T> = {
  /** An order from the wire. `announced` ones count against their maker's rate; a snapshot brings many at once. */
  readonly take: (bytes: Uint8Array, from: 'announced' | 'snapshot') => Result<Signed<T>, Failure<ShelfRefusal>>
  /** An own order, or a stored one. */
  readonly put: (order: Signed<T>) => Result<void, Failure<ShelfRefusal>>
  /** Its maker ended it. One that has not come yet is not taken when it comes, and one that was here never comes back. */
  readonly end: (id: Bytes32, makerKey: Bytes32, ending: Uint8Array) => Result<Signed<T>, Failure<'not-here' | 'not-the-owner'>>
  /** Ends what its maker made before the oldest that it had open when it made this order, which need not be here and may be over. */
  readonly endEarlier: (order: Signed<T>, envelope: Uint8Array) => Result<void, Failure<'not-here'>>
  /**
   * The makers' signed words about orders that were here, or that are of this node itself, for peers that missed them: a withdrawal,
   * a closing, or the later order.
   */
  readonly endings: { readonly shortIds: () => Iterable<string>; readonly of: (shortId: string) => Uint8Array | null }
  readonly isEnded: (id: Bytes32, makerKey: Bytes32) => boolean
}

export type ShelfRules<T> = {
  readonly kind: Kind<T>
  readonly side: Pick<Side<T>, 'insert' | 'endEarlier' | 'remove' | 'has' | 'holds' | 'get'>
  readonly makerOf: (order: T) => { readonly account: AccountId; readonly key: Bytes32 }
  readonly maxLifeMs: number
  readonly rate: MemberRate
  readonly federationId: Bytes32
  readonly ownKey: Bytes32
  /** Null while that is being asked. */
  readonly keyBelongsTo: (accountId: AccountId, key: Bytes32) => boolean | null
  readonly isKnown: (accountId: AccountId) => boolean
  readonly maxStrangers: number
  readonly clock: Clock
  readonly added: (order: Signed<T>, envelope: Uint8Array) => void
  readonly removed: (id: Bytes32) => void
}

const strangersFull = fail<'book-full'>('book-full', 'The book has as many orders of accounts that nobody vouches for as it takes.')
const notHere = fail<'not-here'>('not-here', 'No such order is open here.')
/** How often it is looked at which of the strangers' orders are still open, while there are too many. */
const recountEveryMs = 1_000

const createStrangers = <T>({ side, clock, maxStrangers }: Pick<ShelfRules<T>, 'side' | 'clock' | 'maxStrangers'>) => {
  const shortIds = new Set<string>()
  let countedAtMs = Number.NEGATIVE_INFINITY
  const recount = (): void => {
    countedAtMs = clock.nowMs()
    for (const shortId of shortIds) if (!side.holds(shortId)) shortIds.delete(shortId)
  }
  return {
    hasRoom: (): boolean => {
      if (shortIds.size >= maxStrangers && clock.nowMs() - countedAtMs >= recountEveryMs) recount()
      return shortIds.size < maxStrangers
    },
    add: (id: Bytes32): void => void shortIds.add(shortIdOf(id)),
  }
}

export const createShelf = <T extends Order>(rules: ShelfRules<T>): Shelf<T> => {
  const { kind, side, clock } = rules
  const strangers = createStrangers(rules)
  const endings = new Map<string, Uint8Array>()
  /**
   * Of orders that have not come, by id and who says that they are over: a stranger's word must neither keep out an order that it does
   * not own nor, in great numbers, make the true endings forgotten.
   */
  const early = new Map<string, true>()
  const nameOf = (id: Bytes32, makerKey: Bytes32): string => shortIdOf(id) + shortIdOf(makerKey)
  const isEnded = (id: Bytes32, makerKey: Bytes32): boolean => endings.has(shortIdOf(id)) || early.has(nameOf(id, makerKey))
  const remember = <V>(remembered: Map<string, V>, name: string, value: V): void => {
    remembered.set(name, value)
    const oldest = remembered.keys().next().value
    if (remembered.size > maxEnded && oldest !== undefined) remembered.delete(oldest)
  }
  /** A copy, because what came in a page would keep the whole page in memory. */
  const keepEnding = (id: Bytes32, ending: Uint8Array): void => remember(endings, shortIdOf(id), ending.slice())
  const keepEarlier = (ids: readonly Bytes32[], envelope: Uint8Array): void => {
    for (const id of ids) {
      keepEnding(id, envelope)
      rules.removed(id)
    }
  }

  const check = ({ id, value }: Signed<T>): Result<void, Failure<ShelfRefusal>> => {
    const { account, key } = rules.makerOf(value)
    const belongs = rules.keyBelongsTo(account, key)
    if (belongs === null) return ownerUnknown
    if (!belongs) return fail('not-the-owner', 'Refused: the order names an account its key does not own.')
    if (isEnded(id, key)) return fail('ended', 'Its maker has ended this order.')
    return checkLifetime(value, clock.nowMs(), rules.maxLifeMs)
  }
  const insert = (order: Signed<T>, envelope: Uint8Array): Result<void, Failure<ShelfRefusal>> => {
    const { account, key } = rules.makerOf(order.value)
    const isStranger = !equalBytes(key, rules.ownKey) && !rules.isKnown(account)
    if (isStranger && !strangers.hasRoom()) return strangersFull
    const inserted = side.insert(order, envelope)
    if (inserted.ok && isStranger) strangers.add(order.id)
    if (!inserted.ok) return inserted
    keepEarlier(inserted.value, envelope)
    rules.added(order, envelope)
    return ok(undefined)
  }

  return {
    isEnded,
    put: (order) => {
      const checked = check(order)
      return checked.ok ? insert(order, kind.encode(order)) : checked
    },
    take: (bytes, from) => {
      // Before the signature is verified: in a snapshot from a second peer nearly everything is known.
      const id = kind.idOf(bytes, rules.federationId)
      if (id !== null && side.has(id)) return fail('already-known', 'The book holds this order already.')
      const decoded = kind.decode(bytes, rules.federationId)
      if (!decoded.ok) return decoded
      const order = decoded.value
      const { key } = rules.makerOf(order.value)
      if (equalBytes(key, rules.ownKey)) return fail('own-order', 'An order of this node itself.')
      // The rate comes last but one, so that replaying a member's old orders does not use up what it may send.
      const checked = check(order)
      if (!checked.ok) return checked
      if (from === 'announced' && !rules.rate.take(key, clock.nowMs()))
        return fail('rate-limited', 'This member sends more orders than the federation allows a minute.')
      const inserted = insert(order, bytes)
      return inserted.ok ? decoded : inserted
    },
    endEarlier: (order, envelope) => {
      const ended = side.endEarlier(order)
      keepEarlier(ended, envelope)
      return ended.length === 0 ? notHere : ok(undefined)
    },
    endings: { shortIds: () => endings.keys(), of: (shortId) => endings.get(shortId) ?? null },
    end: (id, makerKey, ending) => {
      const order = side.get(id)
      if (order === null) {
        if (equalBytes(makerKey, rules.ownKey)) keepEnding(id, ending)
        else if (!endings.has(shortIdOf(id))) remember(early, nameOf(id, makerKey), true)
        return notHere
      }
      if (!equalBytes(rules.makerOf(order.value).key, makerKey)) return fail('not-the-owner', 'Refused: only its maker can end an order.')
      side.remove(id)
      keepEnding(id, ending)
      rules.removed(id)
      return ok(order)
    },
  }
}
