import { expect, test } from 'vitest'
import { fromHex } from '../platform/bytes.ts'
import { parseArbiterCard } from './arbiter-card.ts'

const key = 'ab'.repeat(32)

test('an arbiter is named by its account key, its name and its operator, if it has one', () => {
  const arbiter = { publicKey: fromHex(key), name: 'Ada', operator: '', weight: 1 }
  expect(parseArbiterCard(`${key},Ada`)).toEqual({ ok: true, value: arbiter })
  expect(parseArbiterCard(` ${key} , Ada , Their company `)).toEqual({ ok: true, value: { ...arbiter, operator: 'Their company' } })
})

test.each([
  ['no name', key, 'An arbiter is its account key'],
  ['half a key', `${key.slice(1)},Ada`, 'An arbiter is its account key'],
  ['four parts', `${key},Ada,Company,More`, 'An arbiter is its account key'],
  ['a name too long', `${key},${'x'.repeat(65)}`, 'at most 64 characters'],
  ['an operator too long', `${key},Ada,${'x'.repeat(33)}`, 'at most 64 characters and its operator 32'],
])('%s names none', (_what, text, sentence) => {
  const parsed = parseArbiterCard(text)
  expect(parsed.ok ? '' : parsed.error.message).toContain(sentence)
})
