import { expect, test } from 'vitest'
import { readWhole } from './export-file.ts'

test('a file is all of its pages in their order', async () => {
  const pages = new Map<string | null, { readonly part: string; readonly nextCursor: string | null }>([
    [null, { part: 'one ', nextCursor: 'a' }],
    ['a', { part: 'two ', nextCursor: 'b' }],
    ['b', { part: 'three', nextCursor: null }],
  ])
  const whole = await readWhole((cursor) => Promise.resolve({ ok: true, value: pages.get(cursor)! }))
  expect(whole).toEqual({ ok: true, parts: ['one ', 'two ', 'three'] })
})

test('a page that is refused leaves no file behind', async () => {
  const read = (cursor: string | null) =>
    Promise.resolve(
      cursor === null
        ? ({ ok: true, value: { part: 'one', nextCursor: 'a' } } as const)
        : ({ ok: false, error: { message: 'Step 3 is not stored here.' } } as const),
    )
  expect(await readWhole(read)).toEqual({ ok: false, message: 'Step 3 is not stored here.' })
})
