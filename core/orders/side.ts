import { assert } from '../platform/assert.ts'
import { concatBytes } from '../platform/bytes.ts'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'
import { createArena } from './arena.ts'
import { createDigests, type Digests } from './digests.ts'
import type { Signed } from './model.ts'
import { createPriceIndex, type Brief, type Entry, type Order, type PriceIndex, type PriceRules } from './price-index.ts'

/**
 * One side of a book, in memory: the price index, and maps to find an order by its id and by its member.
 *
 * An order is kept as a brief, which holds all that is compared and filtered, and as its signed bytes in an arena: some 700 bytes
 * an order together, where a decoded one takes 2 kB. It is decoded when somebody wants to see it.
 */
type Held<B extends Brief> = Entry<B> & { place: number; readonly member: Member<B> }
type Member<B extends Brief> = { readonly key: string; readonly entries: Held<B>[]; endedBeforeMs: number }

export type BookRefusal = 'already-known' | 'ended' | 'member-limit' | 'book-full'
export type IsWanted<B extends Brief> = (entry: Entry<B>) => boolean

export type Side<T, B extends Brief = Brief> = Pick<PriceIndex<B>, 'walk' | 'depth' | 'classes' | 'kinds'> & {
  /** `envelope`: the order's signed bytes, if they are at hand. The ids of its maker's orders that are over by what it says. */
  readonly insert: (order: Signed<T>, envelope?: Uint8Array) => Result<readonly Uint8Array[], Failure<BookRefusal>>
  /** The ids of what is over by what this order says, whether it is here or not. */
  readonly endEarlier: (order: Signed<T>) => readonly Uint8Array[]
  /** Whether it was there. */
  readonly remove: (id: Uint8Array) => boolean
  readonly has: (id: Uint8Array) => boolean
  readonly holds: (shortId: string) => boolean
  readonly get: (id: Uint8Array) => Signed<T> | null
  /** Removes what is no longer valid, at most so many at a time, and returns the ids. */
  readonly expire: (nowMs: number, limit: number) => readonly Uint8Array[]
  /** In price-time order; all classes one after another when none is named. */
  readonly page: (classKey: string | null, offset: number, limit: number, isWanted?: IsWanted<B>) => readonly Signed<T>[]
  readonly count: (classKey?: string | null, isWanted?: IsWanted<B>) => number
  readonly open: (entry: Entry<B>) => Signed<T>
  /** In the order of their coming. */
  readonly ofMember: (key: Uint8Array) => readonly Signed<T>[]
  /** For comparing two books without sending them (snapshot.ts). */
  readonly digests: Pick<Digests, 'encoded'>
  readonly entries: () => Iterable<Entry<B>>
  readonly envelopeOf: (shortId: string) => Uint8Array | null
}

export type SideRules<T, B extends Brief> = PriceRules<B> & {
  readonly memberOf: (order: T) => Uint8Array
  readonly briefOf: (order: T) => B
  /** What its maker made earlier than this is over. */
  readonly oldestOpenMs: (order: T) => number
  readonly maxPerMember: number
  readonly maxOrders: number
  /** This member's orders find room even in a full book, so that a flood cannot keep its own node from trading. */
  readonly ownKey: Uint8Array | null
  readonly encode: (order: Signed<T>) => Uint8Array
  /** Of what `encode` gave or the wire brought and was checked. */
  readonly decode: (envelope: Uint8Array, id: Uint8Array) => Signed<T>
}

/** Nobody finds a hash or a key that begins with the same 64 bits as another's, so those name an order and a member. */
export const shortIdLength = 8
const idBytes = 32
export const shortIdOf = (id: Uint8Array): string =>
  String.fromCharCode(id[0] ?? 0, id[1] ?? 0, id[2] ?? 0, id[3] ?? 0, id[4] ?? 0, id[5] ?? 0, id[6] ?? 0, id[7] ?? 0)

const earlierThan = <B extends Brief>(beforeMs: number, { entries }: Member<B>): readonly Held<B>[] =>
  entries.filter(({ createdAtMs }) => createdAtMs < beforeMs)

const countOf = <B extends Brief>({ walk }: Pick<PriceIndex<B>, 'walk'>, classKey: string | null, isWanted: IsWanted<B>): number => {
  let count = 0
  walk(classKey, (entry) => {
    if (isWanted(entry)) count++
    return 'next'
  })
  return count
}

export const createSide = <T extends Order, B extends Brief>(rules: SideRules<T, B>): Side<T, B> => {
  const byShortId = new Map<string, Held<B>>()
  let arena = createArena()
  const members = new Map<string, Member<B>>()
  const index = createPriceIndex<B>(rules)
  const digests = createDigests()
  const ownMember = rules.ownKey === null ? null : shortIdOf(rules.ownKey)

  const insert = (order: Signed<T>, envelope: Uint8Array = rules.encode(order)): Result<readonly Uint8Array[], Failure<BookRefusal>> => {
    const shortId = shortIdOf(order.id)
    if (byShortId.has(shortId)) return fail('already-known', 'The book holds this order already.')
    const memberKey = shortIdOf(rules.memberOf(order.value))
    const member = members.get(memberKey) ?? { key: memberKey, entries: [], endedBeforeMs: 0 }
    if (order.value.createdAtMs < member.endedBeforeMs) return fail('ended', 'Its maker has ended this order.')
    const beforeMs = oldestOpenMs(order)
    const over = earlierThan(beforeMs, member).length
    if (byShortId.size - over >= rules.maxOrders && memberKey !== ownMember)
      return fail('book-full', `The book holds its ${rules.maxOrders} orders; it takes new ones as old ones expire.`)
    if (member.entries.length - over >= rules.maxPerMember)
      return fail('member-limit', `A member can have ${rules.maxPerMember} open orders of this kind.`)
    const ended = dropEarlier(member, beforeMs)
    add(order, shortId, member, envelope)
    return ok(ended)
  }
  const oldestOpenMs = ({ value }: Signed<T>): number => Math.min(rules.oldestOpenMs(value), value.createdAtMs)
  const dropEarlier = (member: Member<B>, beforeMs: number): readonly Uint8Array[] => {
    member.endedBeforeMs = Math.max(member.endedBeforeMs, beforeMs)
    return dropAll(earlierThan(beforeMs, member))
  }
  const dropAll = (entries: readonly Held<B>[]): readonly Uint8Array[] => {
    const ids = entries.map(idOf)
    for (const entry of entries) drop(entry)
    return ids
  }
  const add = (order: Signed<T>, shortId: string, member: Member<B>, envelope: Uint8Array): void => {
    const { createdAtMs, validUntilMs } = order.value
    const entry: Held<B> = {
      shortId,
      place: arena.put(concatBytes(order.id, envelope)),
      classKey: index.nameOf(order.value.classKey),
      brief: rules.briefOf(order.value),
      createdAtMs,
      validUntilMs,
      member,
    }
    index.insert(entry)
    byShortId.set(shortId, entry)
    if (member.entries.push(entry) === 1) members.set(member.key, member)
    digests.add(shortId)
  }

  const find = (id: Uint8Array): Held<B> | null => byShortId.get(shortIdOf(id)) ?? null
  const drop = (entry: Held<B>): void => {
    const { shortId, member } = entry
    index.remove(entry)
    byShortId.delete(shortId)
    member.entries.splice(member.entries.indexOf(entry), 1)
    if (member.entries.length === 0) members.delete(member.key)
    digests.remove(shortId)
    arena.free(entry.place)
    if (arena.isWasteful()) tidy()
  }
  const tidy = (): void => {
    const fresh = createArena()
    for (const entry of byShortId.values()) entry.place = fresh.put(arena.get(entry.place))
    arena = fresh
  }
  const idOf = ({ place }: Held<B>): Uint8Array => arena.get(place).slice(0, idBytes)
  const openHeld = ({ place }: Held<B>): Signed<T> => {
    const bytes = arena.get(place)
    return rules.decode(bytes.subarray(idBytes), bytes.slice(0, idBytes))
  }
  const open = ({ shortId }: Entry<B>): Signed<T> => {
    const held = byShortId.get(shortId)
    assert(held !== undefined, 'an entry that is shown is in the book')
    return openHeld(held)
  }

  const wantedPage = (classKey: string | null, offset: number, limit: number, isWanted: IsWanted<B>): readonly Signed<T>[] => {
    const found: Signed<T>[] = []
    let passed = 0
    index.walk(classKey, (entry) => {
      if (found.length >= limit) return 'stop'
      if (isWanted(entry) && passed++ >= offset) found.push(open(entry))
      return 'next'
    })
    return found
  }

  return {
    insert,
    endEarlier: (order) => {
      const member = members.get(shortIdOf(rules.memberOf(order.value)))
      return member === undefined ? [] : dropEarlier(member, oldestOpenMs(order))
    },
    remove: (id) => {
      const entry = find(id)
      if (entry !== null) drop(entry)
      return entry !== null
    },
    has: (id) => find(id) !== null,
    holds: (shortId) => byShortId.has(shortId),
    get: (id) => {
      const entry = find(id)
      return entry === null ? null : openHeld(entry)
    },
    expire: (nowMs, limit) => {
      // A second index by time would cost every insertion what this costs once a sweep: 1 ms for 100,000 orders.
      const dead: Held<B>[] = []
      for (const entry of byShortId.values()) {
        if (entry.validUntilMs <= nowMs) dead.push(entry)
        if (dead.length >= limit) break
      }
      return dropAll(dead)
    },
    page: (classKey, offset, limit, isWanted) =>
      isWanted === undefined ? index.slice(classKey, offset, limit).map(open) : wantedPage(classKey, offset, limit, isWanted),
    count: (classKey = null, isWanted) => {
      if (isWanted !== undefined) return countOf(index, classKey, isWanted)
      return classKey === null ? byShortId.size : index.count(classKey)
    },
    open,
    ofMember: (key) => (members.get(shortIdOf(key))?.entries ?? []).map(open),
    digests,
    entries: () => byShortId.values(),
    envelopeOf: (shortId) => {
      const entry = byShortId.get(shortId)
      return entry === undefined ? null : arena.get(entry.place).subarray(idBytes)
    },
    walk: index.walk,
    depth: index.depth,
    classes: index.classes,
    kinds: index.kinds,
  }
}
