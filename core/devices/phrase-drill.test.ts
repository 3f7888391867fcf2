import { expect, test } from 'vitest'
import { createKeyTree } from '../identity/keys.ts'
import { generateEntropy, phraseOfEntropy } from '../identity/phrase.ts'
import { createSeededRandom } from '../platform/random.ts'
import { accountIdOf, birthOf } from '../settlement/account-id.ts'
import { bringsBack } from './phrase-drill.ts'

const random = createSeededRandom('drill')
const federationId = random.bytes(32)
const entropy = generateEntropy(random)
const words = phraseOfEntropy(entropy)
const account = { federationId, accountId: accountIdOf(birthOf(federationId), createKeyTree(entropy).accountKey(0).publicKey) }

test('the words of this account bring it back, however they are written', () => {
  const numbered = words.map((word, index) => `${index + 1}. ${word.toUpperCase()}`).join('\n')
  expect([words.join(' '), numbered].map((phrase) => bringsBack(phrase, account))).toEqual([
    { ok: true, value: true },
    { ok: true, value: true },
  ])
})

test('the words of another account, or of this one in another federation, do not', () => {
  const others = phraseOfEntropy(generateEntropy(random)).join(' ')
  expect(bringsBack(others, account)).toEqual({ ok: true, value: false })
  expect(bringsBack(words.join(' '), { ...account, federationId: random.bytes(32) })).toEqual({ ok: true, value: false })
})

test.each([
  ['a word is missing', words.slice(1).join(' '), 'This has 23 words.'],
  ['a word is misspelt', words.with(3, 'zebar').join(' '), 'Word 4 ("zebar")'],
  ['nothing was typed', ' ', 'This has 0 words.'],
])('where %s it is said what is wrong with what was typed, and nothing of the right words', (_how, phrase, sentence) => {
  const tried = bringsBack(phrase, account)
  expect(tried.ok ? '' : tried.error.message).toContain(sentence)
})
