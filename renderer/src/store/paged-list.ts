/** A long list of the market, fetched page by page as somebody scrolls, and fetched again as far as it was read when it changes. */
import { createStore } from 'zustand/vanilla'
import { createFollower, type Fetched } from './follower.ts'
import { loading, ready, withProblem, type Loaded } from './loaded.ts'
import { createRetention, type Followed, type Source } from './resource.ts'

export type Page<Row> = { readonly rows: readonly Row[]; readonly nextCursor: string | null; readonly total: number }
export type Keyed<Row> = { readonly key: string; readonly row: Row }
export type Rows<Row> = {
  readonly rows: readonly Keyed<Row>[]
  readonly nextCursor: string | null
  readonly total: number
  readonly isLoadingMore: boolean
}

export type PagedList<Row> = Followed<Rows<Row>> & {
  /** Fetches the next page, if there is one and none is on its way. */
  readonly loadMore: () => void
}

export type PagedListOptions<Row> = {
  readonly fetchPage: (cursor: string | null) => Promise<Fetched<Page<Row>>>
  readonly keyOf: (row: Row) => string
  /** Two rows may have the same key and both count; otherwise a row that comes twice has moved between two pages. */
  readonly mayRepeat?: boolean
  readonly listen: (hear: (revision: number) => void) => () => void
}

/** A page is about a screen; of the time, at most a fifth is spent on fetching what was read before. */
const REST_PER_FETCH = 4
const MIN_REST_MS = 100
const MAX_REST_MS = 10_000

type Walked<Row> = Page<Row> & { readonly asOf: number }

export const createPagedList = <Row>(
  source: Source & { readonly nowMs: () => number },
  { fetchPage, keyOf, mayRepeat = false, listen }: PagedListOptions<Row>,
): PagedList<Row> => {
  const store = createStore<Loaded<Rows<Row>>>()(() => loading)
  let renew = (): void => undefined
  let generation = 0

  const shown = (): Rows<Row> | null => {
    const state = store.getState()
    return state.status === 'ready' ? state.value : null
  }

  /** From the top, at least as far as it was read before. */
  const walk = async (asOf: number): Promise<Fetched<Walked<Row>>> => {
    const wanted = shown()?.rows.length ?? 0
    const rows: Row[] = []
    let cursor: string | null = null
    for (;;) {
      const page = await fetchPage(cursor)
      if (!page.ok) return page
      rows.push(...page.value.rows)
      cursor = page.value.nextCursor
      if (cursor === null || rows.length >= wanted || page.value.rows.length === 0)
        return { ok: true, value: { rows, nextCursor: cursor, total: page.value.total, asOf } }
    }
  }

  const settle = ({ rows, nextCursor, total }: Page<Row>): void => {
    generation += 1
    store.setState(ready({ rows: keepKnown(shown()?.rows ?? [], rows, keyOf, mayRepeat), nextCursor, total, isLoadingMore: false }), true)
  }

  const start = (): (() => void) => {
    let heard = 0
    let tookMs = 0
    const own = createFollower<Walked<Row>>({
      fetch: async () => {
        const startedAtMs = source.nowMs()
        const walked = await walk(heard)
        tookMs = source.nowMs() - startedAtMs
        return walked
      },
      revisionOf: ({ asOf }) => asOf,
      onValue: settle,
      onProblem: (message) => store.setState(withProblem(store.getState(), message), true),
      rest: () => new Promise((resolve) => source.after(Math.min(MAX_REST_MS, Math.max(MIN_REST_MS, tookMs * REST_PER_FETCH)), resolve)),
    })
    const hear = (revision: number): void => {
      heard = Math.max(heard, revision)
      own.hear(revision)
    }
    // After a gap the market may have begun to count anew.
    const refresh = (): void => {
      heard = 0
      own.refresh()
    }
    renew = refresh
    const ends = [listen(hear), source.onGap(refresh)]
    refresh()
    return () => {
      ends.forEach((end) => end())
      own.stop()
      renew = () => undefined
    }
  }

  const loadMore = async (): Promise<void> => {
    const before = shown()
    if (before === null || before.nextCursor === null || before.isLoadingMore) return
    const asOf = generation
    store.setState(ready({ ...before, isLoadingMore: true }), true)
    const page = await fetchPage(before.nextCursor)
    // The list was fetched anew meanwhile, and with it the mark of its next page.
    if (generation !== asOf) return
    if (!page.ok) return store.setState(withProblem(ready({ ...before, isLoadingMore: false }), page.error.message), true)
    const rows = keepKnown(before.rows, [...before.rows.map(({ row }) => row), ...page.value.rows], keyOf, mayRepeat)
    store.setState(ready({ ...page.value, rows, isLoadingMore: false }), true)
  }

  return {
    store,
    retain: createRetention(start, source.after),
    refresh: () => renew(),
    loadMore: () => void loadMore(),
  }
}

/** What did not change stays the very object it was, so that it is not drawn again. */
const keepKnown = <Row>(
  known: readonly Keyed<Row>[],
  rows: readonly Row[],
  keyOf: (row: Row) => string,
  mayRepeat: boolean,
): readonly Keyed<Row>[] => {
  const before = new Map(known.map((keyed) => [keyed.key, keyed]))
  const kept = new Map<string, Keyed<Row>>()
  for (const row of rows) {
    const key = mayRepeat ? numbered(keyOf(row), kept) : keyOf(row)
    if (kept.has(key)) continue
    const old = before.get(key)
    kept.set(key, old !== undefined && isSamePlain(old.row, row) ? old : { key, row })
  }
  return [...kept.values()]
}

const numbered = (key: string, taken: ReadonlyMap<string, unknown>): string => {
  for (let count = 0; ; count++) if (!taken.has(`${key} ${count}`)) return `${key} ${count}`
}

/** Equality of what the contract carries: plain data. */
export const isSamePlain = (one: unknown, other: unknown): boolean => {
  if (Object.is(one, other)) return true
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false
  if (Array.isArray(one) !== Array.isArray(other)) return false
  const [left, right] = [Object.entries(one), other as Readonly<Record<string, unknown>>]
  return left.length === Object.keys(right).length && left.every(([key, value]) => key in right && isSamePlain(value, right[key]))
}
