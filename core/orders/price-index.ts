import { createSortedList, type SortedList } from './sorted-list.ts'

/**
 * The one index of a book: a list for each class, sorted by price, then time, then id. A class's best order is the first of its
 * list, a page is a slice, a price level a run.
 */
export type Order = { readonly classKey: string; readonly createdAtMs: number; readonly validUntilMs: number }
/** The lower the rank, the better. A price in µRUV fits: it is below 2⁵³ (platform/amount.ts). */
export type Brief = { readonly rank: number }

/** An order of the book as it is walked over: cheap to look at. */
export type Entry<B extends Brief> = Order & {
  readonly shortId: string
  readonly brief: B
  readonly member: { readonly key: string; readonly entries: Entry<B>[] }
}

/** `skip` goes on behind everything that is priced alike. */
export type Stride = 'next' | 'skip' | 'stop'
export type PriceLevel = { readonly rank: number; readonly count: number }

export type PriceRules<B extends Brief> = {
  /** Among briefs of one rank: zero only for those that are priced alike. */
  readonly comparePrices: (a: B, b: B) => number
  /** What kinds of briefs a class has is counted, for whoever has to know without looking at each. */
  readonly kindOf: (brief: B) => number
}

export type PriceIndex<B extends Brief> = {
  readonly insert: (entry: Entry<B>) => void
  readonly remove: (entry: Entry<B>) => void
  /** The class's own string, so that all of its orders can share it. */
  readonly nameOf: (classKey: string) => string
  /** In price-time order; all classes one after another for null. */
  readonly walk: (classKey: string | null, visit: (entry: Entry<B>) => Stride) => void
  readonly slice: (classKey: string | null, offset: number, limit: number) => readonly Entry<B>[]
  readonly count: (classKey: string) => number
  /** The best prices of a class with how many orders each has. */
  readonly depth: (classKey: string, limit: number) => readonly PriceLevel[]
  readonly classes: () => readonly string[]
  /** The kinds of briefs that a class has at the moment. */
  readonly kinds: (classKey: string) => Iterable<number>
}

type OfClass<B extends Brief> = { readonly name: string; readonly list: SortedList<Entry<B>>; readonly kinds: Map<number, number> }

/** By code units, the same on every machine; a locale's order is not. */
const compareText = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1)

export const createPriceIndex = <B extends Brief>({ comparePrices, kindOf }: PriceRules<B>): PriceIndex<B> => {
  const classes = new Map<string, OfClass<B>>()
  const compareTies = (a: Entry<B>, b: Entry<B>): number =>
    comparePrices(a.brief, b.brief) || a.createdAtMs - b.createdAtMs || compareText(a.shortId, b.shortId)
  const sortedClasses = (): readonly string[] => [...classes.keys()].toSorted(compareText)
  const listsOf = (classKey: string | null): readonly SortedList<Entry<B>>[] =>
    (classKey === null ? sortedClasses() : [classKey]).flatMap((key) => classes.get(key)?.list ?? [])

  const classOf = (name: string): OfClass<B> => {
    const known = classes.get(name)
    if (known !== undefined) return known
    const created = { name, list: createSortedList<Entry<B>>(({ brief }) => brief.rank, compareTies), kinds: new Map<number, number>() }
    classes.set(name, created)
    return created
  }
  const countKind = ({ kinds }: OfClass<B>, brief: B, by: 1 | -1): void => {
    const kind = kindOf(brief)
    const count = (kinds.get(kind) ?? 0) + by
    if (count === 0) kinds.delete(kind)
    else kinds.set(kind, count)
  }

  /** False when `visit` said stop. */
  const walkList = (list: SortedList<Entry<B>>, visit: (entry: Entry<B>) => Stride): boolean => {
    let last: Entry<B> | null = null
    let stride: Stride = 'next'
    const look = (entry: Entry<B>): boolean => {
      stride = visit(entry)
      last = entry
      return stride === 'next'
    }
    list.walk(Number.NEGATIVE_INFINITY, () => true, look)
    for (;;) {
      // The compiler does not see that `look` sets these.
      const skipped = (stride as Stride) === 'skip' ? (last as Entry<B> | null) : null
      if (skipped === null) return (stride as Stride) !== 'stop'
      stride = 'next'
      list.walk(skipped.brief.rank, ({ brief }) => comparePrices(brief, skipped.brief) > 0, look)
    }
  }

  return {
    insert: (entry) => {
      const ofClass = classOf(entry.classKey)
      ofClass.list.insert(entry)
      countKind(ofClass, entry.brief, 1)
    },
    remove: (entry) => {
      const ofClass = classOf(entry.classKey)
      ofClass.list.remove(entry)
      countKind(ofClass, entry.brief, -1)
      if (ofClass.list.length() === 0) classes.delete(entry.classKey)
    },
    nameOf: (classKey) => classes.get(classKey)?.name ?? classKey,
    walk: (classKey, visit) => {
      for (const list of listsOf(classKey)) if (!walkList(list, visit)) return
    },
    slice: (classKey, offset, limit) => {
      const found: Entry<B>[] = []
      let before = offset
      for (const list of listsOf(classKey)) {
        if (before < list.length()) found.push(...list.slice(before, before + limit - found.length))
        before = Math.max(0, before - list.length())
        if (found.length >= limit) break
      }
      return found
    },
    count: (classKey) => classes.get(classKey)?.list.length() ?? 0,
    depth: (classKey, limit) => {
      const levels: PriceLevel[] = []
      const list = classes.get(classKey)?.list
      for (let from = 0; list !== undefined && levels.length < limit;) {
        const [first] = list.slice(from, from + 1)
        if (first === undefined) break
        const { rank } = first.brief
        const to = list.search(rank, () => false)
        levels.push({ rank, count: to - from })
        from = to
      }
      return levels
    },
    classes: sortedClasses,
    kinds: (classKey) => classes.get(classKey)?.kinds.keys() ?? [],
  }
}
