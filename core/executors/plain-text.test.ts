import { expect, test } from 'vitest'
import { plainText } from './plain-text.ts'
import { createTextGate } from './text-gate.ts'

const characters = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, index) => String.fromCodePoint(first + index))
const all = [...characters(0, 0xd7ff), ...characters(0xe000, 0x1ffff), ...characters(0xe0000, 0xe0fff)]

test('no control character passes but tabs and line ends', () => {
  expect(all.filter((character) => /\p{Cc}/u.test(character) && plainText(character) !== '')).toEqual(['\t', '\n', '\r'])
})

test('nothing passes that a screen draws as nothing, but the joiners that scripts and emoji need and the looks of symbols', () => {
  const kept = ['\u200c', '\u200d', '\ufe0e', '\ufe0f']
  expect(all.filter((character) => /\p{Default_Ignorable_Code_Point}/u.test(character) && plainText(character) !== '')).toEqual(kept)
})

test.each([0xe0020, 0xe007f, 0xe0100, 0x00ad, 0x034f, 0x061c, 0x115f, 0x180e, 0x2028, 0x202e, 0x2800, 0x3164, 0xfeff, 0xffa0])(
  'U+%s is taken out of what it stands in',
  (code) => expect(plainText(`a${String.fromCodePoint(code)}b`)).toBe('ab'),
)

test('nothing that can be seen is taken out', () => {
  const visible = /[\p{L}\p{N}\p{P}\p{S}]/u
  const gone = all.filter((character) => visible.test(character) && plainText(character) === '')
  // Hangul fillers and the blank of Braille are letters and symbols by name only.
  expect(gone).toEqual(['\u115f', '\u1160', '\u2800', '\u3164', '\uffa0'])
  for (const text of ['👩‍👩‍👧 ❤️', 'می‌خواهم', 'Ärger, naïve, 漢字, \u0600١']) expect(plainText(text)).toBe(text)
})

test('a hidden character that comes in two pieces does not pass either', () => {
  const gate = createTextGate(100)
  expect(['a\udb40', '\udc41b'].map(gate.push).join('') + gate.end()).toBe('ab')
})
