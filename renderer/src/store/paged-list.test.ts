import { expect, test } from 'vitest'
import { createPagedList, isSamePlain, type Page } from './paged-list.ts'

type Row = { readonly id: string; readonly amountMicro: bigint }
const row = (id: string, amountMicro = 1n): Row => ({ id, amountMicro })
const settle = () => new Promise((resolve) => setImmediate(resolve))

/** A list of three rows a page over a table that may be changed. */
const createRig = (rows: readonly Row[], mayRepeat = false) => {
  const state = { rows, fetches: [] as (string | null)[], refusal: null as string | null, nowMs: 0 }
  let hear: (revision: number) => void = () => undefined
  let gap: () => void = () => undefined
  const list = createPagedList<Row>(
    {
      nowMs: () => state.nowMs,
      after: (_delayMs, callback) => {
        const timer = setImmediate(callback)
        return () => clearImmediate(timer)
      },
      onGap: (listener) => {
        gap = listener
        return () => undefined
      },
    },
    {
      fetchPage: async (cursor) => {
        state.fetches.push(cursor)
        if (state.refusal !== null) return { ok: false, error: { message: state.refusal } }
        const from = Number(cursor ?? 0)
        const page: Page<Row> = {
          rows: state.rows.slice(from, from + 3),
          nextCursor: from + 3 < state.rows.length ? String(from + 3) : null,
          total: state.rows.length,
        }
        return { ok: true, value: page }
      },
      keyOf: ({ id }) => id,
      mayRepeat,
      listen: (hearIt) => {
        hear = hearIt
        return () => undefined
      },
    },
  )
  list.retain()
  const shown = () => {
    const loaded = list.store.getState()
    return loaded.status === 'ready' ? loaded.value : null
  }
  return {
    state,
    list,
    shown,
    ids: () => shown()?.rows.map((keyed) => keyed.row.id),
    hear: (revision: number) => hear(revision),
    gap: () => gap(),
  }
}
const letters = (text: string): readonly Row[] => text.split('').map((letter) => row(letter))

test('the first page comes by itself, the next ones when asked for, each once', async () => {
  const { state, list, ids, shown } = createRig(letters('abcdefg'))
  await settle()
  expect([ids(), shown()?.total]).toEqual([['a', 'b', 'c'], 7])
  list.loadMore()
  list.loadMore()
  await settle()
  list.loadMore()
  await settle()
  list.loadMore()
  await settle()
  expect([ids(), state.fetches]).toEqual(['abcdefg'.split(''), [null, '3', '6']])
})

test('after a change it is fetched again as far as it was read, and no further', async () => {
  const { state, list, ids, hear } = createRig(letters('abcdefghi'))
  await settle()
  list.loadMore()
  await settle()
  state.fetches = []
  state.rows = letters('zabcdefghi')
  hear(1)
  await settle()
  await settle()
  expect([ids(), state.fetches]).toEqual(['zabcde'.split(''), [null, '3']])
})

test('what did not change stays the same object; what did is another', async () => {
  const { state, shown, hear } = createRig([row('a'), row('b', 5n)])
  await settle()
  const before = shown()?.rows
  state.rows = [row('a'), row('b', 6n)]
  hear(1)
  await settle()
  await settle()
  const after = shown()?.rows
  expect([after?.[0] === before?.[0], after?.[1] === before?.[1]]).toEqual([true, false])
})

test('a row that moved between two pages is shown once', async () => {
  const { state, list, ids } = createRig(letters('abcdef'))
  await settle()
  state.rows = letters('zabcdef')
  list.loadMore()
  await settle()
  expect(ids()).toEqual('abcde'.split(''))
})

test('where rows may be equal, both are shown', async () => {
  const { ids } = createRig([row('a'), row('a')], true)
  await settle()
  expect(ids()).toEqual(['a', 'a'])
})

test('a page that cannot be had leaves what is there, says why, and can be asked for again', async () => {
  const { state, list, ids } = createRig(letters('abcdef'))
  await settle()
  state.refusal = 'Not now.'
  list.loadMore()
  await settle()
  expect([ids(), list.store.getState()]).toMatchObject([['a', 'b', 'c'], { problem: 'Not now.', value: { isLoadingMore: false } }])
  state.refusal = null
  list.loadMore()
  await settle()
  expect(ids()).toEqual('abcdef'.split(''))
})

test('after a gap the market may count anew: its next event fetches', async () => {
  const { state, ids, hear, gap } = createRig(letters('abc'))
  await settle()
  hear(90)
  await settle()
  await settle()
  gap()
  await settle()
  await settle()
  state.rows = letters('xyz')
  hear(1)
  await settle()
  await settle()
  expect(ids()).toEqual('xyz'.split(''))
})

test('plain data is compared by what it says', () => {
  const value = { a: [1n, { b: null }], c: 'x' }
  expect(isSamePlain(value, { a: [1n, { b: null }], c: 'x' })).toBe(true)
  for (const other of [{ a: [2n, { b: null }], c: 'x' }, { a: [1n, { b: null }] }, { ...value, d: 1 }, [1n], null, 'x'])
    expect(isSamePlain(value, other)).toBe(false)
})
