/**
 * The sentences of the core in the language of the screens. The core speaks English: what it says stands in logs and in the answers
 * that programs read. So its English sentence is the key of its translation, as a pattern with a name in braces for each value.
 */
import type { Language } from '../format/locale.ts'
import { german } from './de/sentences.ts'

/** An English pattern and what is said in its place, such as `Card {number}: {problem}` and `Karte {number}: {problem}`. */
export type SentencePair = readonly [english: string, own: string]
/** What stands between the members of a list, in English and in the other language. */
export type ListWords = readonly (readonly [english: string, own: string])[]
export type Phrases = { readonly pairs: readonly SentencePair[]; readonly lists: ListWords }

export type Match = { readonly pair: SentencePair; readonly values: Readonly<Record<string, string>> }
export type Phrasebook = {
  /** What is not known stays as it is; a value may be a sentence, or the part of one, itself. */
  readonly say: (sentence: string) => string
  /** The pattern of one sentence as a whole, with its values. */
  readonly match: (sentence: string) => Match | null
}

type Pattern = { readonly pair: SentencePair; readonly literals: readonly string[]; readonly names: readonly string[] }

const PLACEHOLDER = /\{([A-Za-z]+)\}/
const PLACEHOLDERS = new RegExp(PLACEHOLDER, 'g')
/** How deep a value is looked into before its sentence is taken for that of a pattern: a peer may have written it. */
const MAX_DEPTH = 3
/** What may stand for a value of this name; patterns that begin with one would otherwise take in anything before them. */
const SHAPES: Readonly<Record<string, RegExp>> = { count: /^\d+$/, field: /^\S+$/, class: /^\S+$/ }
/** Where a sentence ends and another begins. */
const BOUNDARY = /(?<=[.!?]) (?=["“\p{Lu}])/u

const compile = (pair: SentencePair): Pattern => {
  const parts = pair[0].split(PLACEHOLDER)
  return {
    pair,
    literals: parts.filter((_part, index) => index % 2 === 0),
    names: parts.filter((_part, index) => index % 2 === 1),
  }
}

/** The shortest values from the left: if any values fit, these do, and nothing is tried twice, whatever a peer has written. */
const valuesIn = ({ literals, names }: Pattern, sentence: string): Readonly<Record<string, string>> | null => {
  const [first = '', ...others] = literals
  const last = others.at(-1) ?? ''
  const end = sentence.length - last.length
  if (!sentence.startsWith(first) || !sentence.endsWith(last) || end < first.length) return null
  const values: Record<string, string> = {}
  let at = first.length
  for (const [index, name] of names.entries()) {
    const literal = others[index] ?? ''
    const found = index === names.length - 1 ? end : sentence.indexOf(literal, at)
    if (found < at || found > end) return null
    const value = sentence.slice(at, found)
    if (SHAPES[name]?.test(value) === false) return null
    values[name] = value
    at = found + literal.length
  }
  return values
}

const letters = ({ literals }: Pattern): number => literals.join('').length
const sentencesIn = (text: string): number => text.split(BOUNDARY).length

export const createPhrasebook = ({ pairs, lists }: Phrases): Phrasebook => {
  const plain = new Map(pairs.filter(([english]) => !PLACEHOLDER.test(english)).map((pair) => [pair[0], pair]))
  const patterns = pairs
    .filter(([english]) => PLACEHOLDER.test(english))
    .map(compile)
    .toSorted((one, other) => letters(other) - letters(one))
  // A value that ends in a full stop is one sentence more than the pattern has.
  const longest = Math.max(1, ...pairs.map(([english]) => sentencesIn(english))) + 2

  const matchWhere = (sentence: string, mayTake: (value: string) => boolean): Match | null => {
    const pair = plain.get(sentence)
    if (pair !== undefined) return { pair, values: {} }
    for (const pattern of patterns) {
      const values = valuesIn(pattern, sentence)
      if (values !== null && Object.values(values).every(mayTake)) return { pair: pattern.pair, values }
    }
    return null
  }
  /** A value does not go on beyond its sentence, unless what it says is known as a whole. */
  const matchAt = (sentence: string, depth: number): Match | null =>
    matchWhere(sentence, (value) => !BOUNDARY.test(value) || (depth < MAX_DEPTH && matchAt(value, depth + 1) !== null))
  const match = (sentence: string): Match | null => matchAt(sentence, 0)
  const write = ({ pair, values }: Match): string => pair[1].replaceAll(PLACEHOLDERS, (_whole, name: string) => say(values[name] ?? ''))

  /** Several parts with a word between them, all of which are known. */
  const listed = (text: string): string | null => {
    for (const [english, own] of lists) {
      const found = text.includes(english) ? text.split(english).map(match) : [null]
      if (found.every((one) => one !== null)) return found.map(write).join(own)
    }
    return null
  }
  const knownPart = (text: string): string | null => {
    const found = match(text)
    return found === null ? listed(text) : write(found)
  }
  /** A sentence may be made of parts that end without a full stop. */
  const known = (text: string): string | null => {
    const own = knownPart(text) ?? (text.endsWith('.') ? knownPart(text.slice(0, -1)) : null)
    return own === null || !text.endsWith('.') || own.endsWith('.') ? own : `${own}.`
  }
  const say = (text: string): string => {
    const whole = known(text)
    if (whole !== null) return whole
    const pieces = text.split(BOUNDARY)
    const said: string[] = []
    for (let from = 0; from < pieces.length;) {
      let to = Math.min(pieces.length, from + longest)
      let own: string | null = null
      for (; own === null && to > from; to -= 1) own = known(pieces.slice(from, to).join(' '))
      said.push(own ?? pieces[from] ?? '')
      from = own === null ? from + 1 : to + 1
    }
    // Nothing in it is known on its own: a value may have sentences of its own, such as the name of a folder.
    const unchanged = said.join(' ')
    const loose = unchanged === text && pieces.length > 1 ? matchWhere(text, () => true) : null
    return loose === null ? unchanged : write(loose)
  }
  return { say, match }
}

const books: Readonly<Record<Language, Phrasebook | null>> = { en: null, de: createPhrasebook(german) }

/** How a language says a sentence of the core. */
export const sayIn =
  (language: Language) =>
  (sentence: string): string =>
    books[language]?.say(sentence) ?? sentence
