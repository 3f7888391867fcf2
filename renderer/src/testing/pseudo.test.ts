import { IntlMessageFormat } from 'intl-messageformat'
import { expect, test } from 'vitest'
import { pseudo, pseudoTongue } from './pseudo.ts'

const say = (message: string, values?: Record<string, number>): string => String(new IntlMessageFormat(message, 'en').format(values))

test('every letter of a text is changed or stands beside one that is, between brackets, and 40 % longer', () => {
  expect(pseudo('Home')).toBe('⟦Hõõméé⟧')
  expect(pseudo('Rhythm')).toBe('⟦Rħýţħm~~~⟧')
})

test('names, plurals and their numbers are left alone', () => {
  const message = pseudo('{count, plural, one {# task} other {# tasks}} for {who}')
  expect([say(message, { count: 1, who: 7 }), say(message, { count: 2, who: 7 })]).toEqual([
    expect.stringMatching(/^⟦1 ţààšķ fõõŕ 7~*⟧$/),
    expect.stringMatching(/^⟦2 ţààšķš fõõŕ 7~*⟧$/),
  ])
})

test('every text of the app has such a form that can be formatted', () => {
  const broken = Object.entries(pseudoTongue.messages).filter(([, text]) => {
    try {
      return new IntlMessageFormat(text, 'en', undefined, { ignoreTag: true }).getAst().length === 0
    } catch {
      return true
    }
  })
  expect(broken).toEqual([])
})
