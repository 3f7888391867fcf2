import fc from 'fast-check'
import { expect, test } from 'vitest'
import { placePiece } from './answer.ts'

test('pieces in order give the whole, however it is cut and however often a piece comes', () => {
  const cutText = fc.array(fc.string({ minLength: 1, maxLength: 8 }), { maxLength: 20 })
  fc.assert(
    fc.property(cutText, fc.boolean(), (texts, twice) => {
      let answer: string | null = ''
      for (const text of texts) {
        const piece = { offset: (answer ?? '').length, text }
        answer = placePiece(answer ?? '', piece)
        if (twice) answer = placePiece(answer ?? '', piece)
      }
      expect(answer).toBe(texts.join(''))
    }),
  )
})

test('a hole is noticed', () => expect(placePiece('abc', { offset: 4, text: 'e' })).toBeNull())
test('a piece that is there already changes nothing', () => expect(placePiece('abcdef', { offset: 1, text: 'bc' })).toBe('abcdef'))
test('a piece that reaches further goes on', () => expect(placePiece('abc', { offset: 1, text: 'bcde' })).toBe('abcde'))
test('a piece that says otherwise is a newer attempt', () => expect(placePiece('abcdef', { offset: 0, text: 'xy' })).toBe('xy'))
