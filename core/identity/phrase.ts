import { pbkdf2Sync } from 'node:crypto'
import { entropyToMnemonic, mnemonicToEntropy } from '@scure/bip39'
import { wordlist } from '@scure/bip39/wordlists/english.js'
import { assert } from '../platform/assert.ts'
import type { Random } from '../platform/random.ts'
import { err, ok, type Failure, type Result } from '../platform/result.ts'

/**
 * The recovery phrase: 32 bytes of entropy as 24 English words (BIP-39). Only 24: shorter phrases exist elsewhere, but the market
 * never makes them, so a shorter one is a copying mistake.
 */
export const phraseWordCount = 24
const entropyBytes = 32
/** 24 words of at most 8 letters, with numbering, commas and line breaks to spare. */
const maxPhraseCharacters = 1_000

export type PhraseFailure =
  | Failure<'word-count' | 'checksum'>
  | (Failure<'unknown-word'> & {
      /** From 1, as people count. */
      readonly position: number
      readonly suggestion: string | null
    })

export const generateEntropy = (random: Random): Uint8Array => random.bytes(entropyBytes)

export const phraseOfEntropy = (entropy: Uint8Array): readonly string[] => {
  assert(entropy.length === entropyBytes, 'a recovery phrase stands for 32 bytes')
  return entropyToMnemonic(entropy, wordlist).split(' ')
}

/** The 64-byte BIP-39 seed, without a passphrase; stretched by node:crypto, because JavaScript would hold up the start by 0.1 s. */
export const seedOfEntropy = (entropy: Uint8Array): Uint8Array =>
  new Uint8Array(pbkdf2Sync(phraseOfEntropy(entropy).join(' '), 'mnemonic', 2048, 64, 'sha512'))

/** Reads what a person typed or pasted, numbered or not, in any case; gives the 32 bytes of entropy. */
export const parsePhrase = (text: string): Result<Uint8Array, PhraseFailure> => {
  if (text.length > maxPhraseCharacters) return wrongCount('This is too long for a recovery phrase.')
  const words = wordsOf(text)
  const known = new Set(wordlist)
  const wrong = words.findIndex((word) => !known.has(word))
  if (wrong >= 0) return unknownWord(words[wrong] ?? '', wrong + 1)
  if (words.length !== phraseWordCount) return wrongCount(`This has ${words.length} word${words.length === 1 ? '' : 's'}.`)
  try {
    return ok(mnemonicToEntropy(words.join(' '), wordlist))
  } catch {
    return err({
      code: 'checksum',
      message:
        'All 24 words are in the list, but together they are no recovery phrase: one is a different word of the list or two changed places. Compare them with what you wrote down.',
    })
  }
}

/** Splits at spaces, commas and line breaks, and drops numbering such as "7." or "7)". */
const wordsOf = (text: string): readonly string[] =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .split(/[\s,;]+/)
    .map((word) => word.replace(/^\d+[.):]*/, ''))
    .filter((word) => word !== '')

const wrongCount = (found: string) =>
  err({
    code: 'word-count',
    message: `${found} A recovery phrase has ${phraseWordCount} words; check that none is missing or twice.`,
  } as const)

const unknownWord = (word: string, position: number) => {
  const suggestion = nearestWord(word)
  const shown = /^\p{L}{1,20}$/u.test(word) ? ` ("${word}")` : ''
  const advice = suggestion === null ? 'Check how you wrote it down.' : `Did you mean "${suggestion}"?`
  return err({
    code: 'unknown-word',
    message: `Word ${position}${shown} is not one of the 2,048 words of recovery phrases. ${advice}`,
    position,
    suggestion,
  } as const)
}

/** At most two slips away, else a suggestion would be a guess; among equals the one that shares the longest beginning. */
const nearestWord = (typed: string): string | null => {
  const ranked = wordlist
    .filter((word) => Math.abs(word.length - typed.length) <= 2)
    .map((word) => ({ word, distance: editDistance(word, typed), shared: sharedPrefix(word, typed) }))
    .filter(({ word, distance }) => distance <= (word.length <= 4 ? 1 : 2))
    .toSorted((a, b) => a.distance - b.distance || b.shared - a.shared)
  return ranked[0]?.word ?? null
}

const sharedPrefix = (a: string, b: string): number => {
  let length = 0
  while (length < a.length && a[length] === b[length]) length++
  return length
}

/** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment). */
const editDistance = (a: string, b: string): number => {
  let beforeLast: readonly number[] = []
  let last: readonly number[] = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row++) {
    const current = [row]
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1]
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]
      const steps = [at(current, column - 1) + 1, at(last, column) + 1, at(last, column - 1) + (same ? 0 : 1)]
      if (swapped) steps.push(at(beforeLast, column - 2) + 1)
      current.push(Math.min(...steps))
    }
    beforeLast = last
    last = current
  }
  return at(last, b.length)
}
const at = (row: readonly number[], column: number): number => row[column] ?? Number.POSITIVE_INFINITY
