import { expect, test } from 'vitest'
import { contractExamples } from '../../../../core/contract/testing/contract-examples.ts'
import type { HistoryRow } from '../../store/types.ts'
import { monthsOf, statementOf } from './statement.ts'

const [example] = contractExamples.wallet.history.output.rows
if (example === undefined) throw new Error('the examples have one')
const movement = (amountMicro: bigint, at: string | null, state: 'final' | 'pending' = 'final'): HistoryRow => ({
  ...example,
  amountMicro,
  state,
  atMs: at === null ? null : Date.parse(at),
})
const monthOf = (atMs: number): string => new Date(atMs).toISOString().slice(0, 7)
const first = movement(100n, '2026-01-05T12:00:00Z')
const forgotten = movement(-10n, null)
const second = movement(-30n, '2026-02-01T00:00:00Z')
const behind = movement(-5n, '2026-01-31T23:59:59Z')
const third = movement(7n, '2026-03-09T12:00:00Z')
const waiting = movement(99n, '2026-03-09T13:00:00Z', 'pending')
const newestFirst = [waiting, third, behind, second, forgotten, first]
const of = (month: string | null) => statementOf(newestFirst, month, monthOf)

test('everything begins with nothing, ends with what is there, and leaves out what is not final', () => {
  expect(of(null)).toEqual({ openingMicro: 0n, rows: [first, forgotten, second, behind, third], closingMicro: 62n })
})

test('a month begins with what the month before ended with', () => {
  expect(of('2026-01')).toEqual({ openingMicro: 0n, rows: [first, forgotten], closingMicro: 90n })
  expect(of('2026-02')).toEqual({ openingMicro: 90n, rows: [second, behind], closingMicro: 55n })
  expect(of('2026-03')).toEqual({ openingMicro: 55n, rows: [third], closingMicro: 62n })
})

test('a month without movements holds what there was', () => {
  expect(of('2026-04')).toEqual({ openingMicro: 62n, rows: [], closingMicro: 62n })
})

test('the months are those in which something final happened', () => {
  expect(monthsOf(newestFirst, monthOf)).toEqual(['2026-03', '2026-02', '2026-01'])
})
