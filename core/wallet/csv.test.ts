import { describe, expect, it } from 'vitest'
import { csvHeader, csvLine } from './csv.ts'
import type { MovementRow } from './store.ts'

const row = (changes: Partial<MovementRow>): MovementRow => ({
  id: 1,
  atMs: 1_750_000_000_000,
  kind: 'transfer',
  availableDeltaMicro: -2_500_000n,
  lockedDeltaMicro: 0n,
  amountMicro: 2_500_000n,
  counterparty: new Uint8Array(32).fill(0xab),
  escrowId: null,
  txHash: new Uint8Array(32).fill(0xcd),
  memo: '',
  ...changes,
})
const cellsOf = (changes: Partial<MovementRow>): readonly string[] => csvLine(row(changes)).trimEnd().split(',')

describe('the history as comma-separated values', () => {
  it('has a cell for every column, and amounts with a point whatever the language', () => {
    expect([csvHeader.trimEnd().split(','), cellsOf({})]).toEqual([
      ['time', 'kind', 'amount_ruv', 'locked_change_ruv', 'counterparty', 'escrow', 'transaction', 'memo'],
      ['2025-06-15T15:06:40.000Z', 'transfer', '-2.5', '0', 'ab'.repeat(32), '', 'cd'.repeat(32), ''],
    ])
  })

  it('quotes a memo that would break the line', () => {
    expect(csvLine(row({ memo: 'two, "three"\nfour' })).endsWith(',"two, ""three""\nfour"\r\n')).toBe(true)
  })

  it('lets no memo run as a formula in a spreadsheet', () => {
    const memos = ['=1+1', '+1', '-1', '@SUM(A1)', '\tx', 'fine']
    expect(memos.map((memo) => cellsOf({ memo }).at(-1))).toEqual(["'=1+1", "'+1", "'-1", "'@SUM(A1)", "'\tx", 'fine'])
  })
})
