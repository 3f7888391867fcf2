import { expect, test } from 'vitest'
import { plainText } from './plain-text.ts'

test('no control or format character passes but tabs, line ends and the joiners that scripts and emoji need', () => {
  const kept = ['\t', '\n', '\r', '\u200c', '\u200d']
  const all = Array.from({ length: 0x3000 }, (_, code) => String.fromCharCode(code))
  const gone = all.filter((character) => plainText(character) === '')
  expect(gone.every((character) => /[\p{Cc}\p{Cf}\p{Cn}]/u.test(character))).toBe(true)
  expect(kept.filter((character) => plainText(character) === '')).toEqual([])
  expect(all.filter((character) => /\p{Cc}/u.test(character) && plainText(character) !== '')).toEqual(['\t', '\n', '\r'])
})
