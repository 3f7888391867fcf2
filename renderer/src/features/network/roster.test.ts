import { expect, test } from 'vitest'
import { cardOf, rosterChanges, type ArbiterRow } from './roster.ts'

const arbiter = (digit: string, name: string, operator = ''): ArbiterRow => ({
  publicKey: digit.repeat(64),
  accountId: digit.repeat(64),
  name,
  operator,
  isOwn: false,
})
const ada = arbiter('a', 'Ada')
const bo = arbiter('b', 'Bo', 'Their company')
const list = [ada, bo].map(cardOf).join('\n')

test('a list that says what is so changes nothing, however it is spaced', () => {
  expect(rosterChanges([ada, bo], `\n ${list.replaceAll(', ', ',')}\n\n`)).toEqual([])
})

test('a line that is new names somebody, one that is gone dismisses somebody', () => {
  const card = `${'c'.repeat(64)}, Cy`
  expect(rosterChanges([ada, bo], `${cardOf(bo)}\n${card}`)).toEqual([
    { kind: 'remove-arbiter', publicKey: ada.publicKey },
    { kind: 'add-arbiter', card },
  ])
})

test('who is named otherwise goes and comes again', () => {
  const card = `${ada.publicKey}, Ada, A company`
  expect(rosterChanges([ada], card)).toEqual([
    { kind: 'remove-arbiter', publicKey: ada.publicKey },
    { kind: 'add-arbiter', card },
  ])
})
