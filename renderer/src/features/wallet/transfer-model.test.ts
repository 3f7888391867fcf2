import { expect, test } from 'vitest'
import { readTransfer, type TransferDraft } from './transfer-model.ts'

const account = 'a1'.repeat(32)
const draft: TransferDraft = { to: account, amount: '2.50', memo: ' thanks ' }
const known = { ownAccountId: 'b2'.repeat(32), availableMicro: 3_000_000n }
const wrongFields = (changed: Partial<TransferDraft>) => {
  const read = readTransfer({ ...draft, ...changed }, known)
  return 'errors' in read ? Object.keys(read.errors) : []
}

test('a whole draft becomes a transfer', () =>
  expect(readTransfer(draft, known)).toEqual({ transfer: { to: account, amountMicro: 2_500_000n, memo: 'thanks' } }))

test('a key pasted in groups, on two lines or in capitals is the same key', () => {
  const grouped = account.toUpperCase().replaceAll(/(.{4})/g, '$1 ')
  expect(readTransfer({ ...draft, to: `${grouped}\n` }, known)).toMatchObject({ transfer: { to: account } })
})

test('each field that is wrong is named', () => {
  expect(wrongFields({ to: account.slice(1) })).toEqual(['to'])
  expect(wrongFields({ to: known.ownAccountId })).toEqual(['to'])
  for (const amount of ['', '0', '-1', '3.000001', '1,5']) expect(wrongFields({ amount })).toEqual(['amount'])
  expect(wrongFields({ memo: 'seen\u202Eness' })).toEqual(['memo'])
  expect(wrongFields({ to: '', amount: '', memo: 'x'.repeat(141) })).toEqual(['to', 'amount', 'memo'])
})
