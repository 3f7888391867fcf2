import { expect, test } from 'vitest'
import { leavingFrom, trackList, without, type Track } from './columns.ts'

type Named = Track & { readonly name: string }
const COLUMNS: readonly Named[] = [
  { name: 'who', width: 6, grows: 1 },
  { name: 'take', width: 4, leaves: 'second' },
  { name: 'slots', width: 4, leaves: 'first' },
  { name: 'until', width: 4, leaves: 'first' },
  { name: 'price', width: 5 },
]
const shownIn = (roomRem: number): string =>
  without(COLUMNS, leavingFrom(COLUMNS, roomRem))
    .map(({ name }) => name)
    .join(' ')

test('no more columns leave than there is no room for, the first before the second, and the last of the row before the others', () =>
  expect([100, 27, 26.9, 22.25, 22.2, 17.5, 17.4].map(shownIn)).toEqual([
    'who take slots until price',
    'who take slots until price',
    'who take slots price',
    'who take slots price',
    'who take price',
    'who take price',
    'who price',
  ]))

test('what a row is about stays where there is no room at all', () => expect(shownIn(0)).toBe('who price'))

test('a column is as wide as it needs to be, and takes its share of the rest', () =>
  expect(trackList(COLUMNS.slice(0, 2))).toBe('minmax(6rem, 1fr) 4rem'))
