import { expect, test } from 'vitest'
import { parsePhrase } from '../identity/phrase.ts'
import { createSeededRandom } from '../platform/random.ts'
import { createPendingPhrase, type NewPhrase } from './pending-phrase.ts'

const proofOf = ({ words, ask }: NewPhrase): readonly string[] => ask.map((place) => words[place - 1] ?? '')
const code = (result: { readonly ok: boolean; readonly error?: { readonly code: string } }) => (result.ok ? 'ok' : result.error?.code)

test('the words at the places asked for prove the phrase, in any case and with stray spaces', () => {
  const pending = createPendingPhrase(createSeededRandom('phrase'))
  const phrase = pending.renew()
  const entropy = parsePhrase(phrase.words.join(' '))
  const typed = proofOf(phrase).map((word) => ` ${word.toUpperCase()} `)
  expect(pending.prove(typed)).toEqual(entropy)
})

test('wrong words, too few, too many, and words in another order prove nothing', () => {
  const pending = createPendingPhrase(createSeededRandom('phrase'))
  const proof = proofOf(pending.renew())
  const wrong = [['x', ...proof.slice(1)], proof.slice(1), [...proof, 'x'], proof.toReversed(), []]
  expect(wrong.map((words) => code(pending.prove(words)))).toEqual(wrong.map(() => 'wrong-proof'))
})

test('new words make the earlier ones worth nothing, and forgotten ones cannot be proven', () => {
  const pending = createPendingPhrase(createSeededRandom('phrase'))
  expect(code(pending.prove([]))).toBe('wrong-proof')
  const earlier = pending.renew()
  const later = pending.renew()
  expect([code(pending.prove(proofOf(earlier))), code(pending.prove(proofOf(later)))]).toEqual(['wrong-proof', 'ok'])
  pending.forget()
  expect(code(pending.prove(proofOf(later)))).toBe('wrong-proof')
})

test('every question asks for three different places of 24', () => {
  const pending = createPendingPhrase(createSeededRandom('places'))
  const asked = Array.from({ length: 200 }, () => pending.renew().ask)
  expect(asked.filter((ask) => new Set(ask).size !== 3 || ask.some((place) => place < 1 || place > 24))).toEqual([])
  expect(new Set(asked.flat()).size).toBe(24)
})
