import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ppm } from '../platform/fixed-point.ts'
import { agreementOf, agreesFromPpm } from './agreement.ts'

const agreeing = (...answers: readonly string[]): readonly boolean[] => agreementOf(answers).map((one) => (one ?? 0) >= agreesFromPpm)

test('the same words agree, whatever their case, order and punctuation', () => {
  expect(agreementOf(['The answer is 42.', 'is the ANSWER, 42'])).toEqual([ppm, ppm])
})
test('of three answers the one that differs stands alone', () => {
  expect(agreeing('Paris is the capital.', 'The capital is Paris!', 'I do not know that')).toEqual([true, true, false])
})
test('two that differ agree with nobody, and one alone has nothing to agree with', () => {
  expect([agreeing('yes', 'no'), agreementOf(['yes']), agreementOf([])]).toEqual([[false, false], [null], []])
})
test('agreement is a share, the same for each answer in whatever order they came when none is tied, and an equal pair is never split', () => {
  const answers = fc.array(fc.string({ unit: 'grapheme', maxLength: 30 }), { minLength: 2, maxLength: 5 })
  fc.assert(
    fc.property(answers, fc.string({ maxLength: 20 }), (some, twice) => {
      const found = agreementOf([...some, twice, twice])
      expect(found.every((one) => one !== null && one >= 0 && one <= ppm)).toBe(true)
      expect(found.at(-1)).toBe(found.at(-2))
    }),
  )
})
