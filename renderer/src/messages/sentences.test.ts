import { expect, test } from 'vitest'
import { readCore } from '../testing/core-sentences.ts'
import { german } from './de/sentences.ts'
import { createPhrasebook, sayIn, type Match, type SentencePair } from './sentences.ts'

const { sentences, idleExceptions } = readCore()
/** With a number for each value. */
const said = sentences.map(({ text, place }) => ({ text: text.replaceAll(/\{\w*\}/g, '7'), place }))
const { say, match } = createPhrasebook(german)
const pairs: readonly SentencePair[] = german.pairs
const namesIn = (text: string): readonly string[] => [...text.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name).toSorted()

/** What is nothing but a value: a name, a number, a path; two English words side by side are none. */
const isValue = (text: string): boolean => !/\p{L}{2} \p{L}{2}/u.test(text)
const valuesOf = (found: Match | null): readonly string[] => Object.values(found?.values ?? {})
const isKnown = (text: string): boolean => {
  const found = match(text)
  return found !== null && valuesOf(found).every((value) => isValue(value) || isKnown(value))
}
const patternsOf = (text: string): readonly string[] => {
  const found = match(text)
  return found === null ? [] : [found.pair[0], ...valuesOf(found).flatMap(patternsOf)]
}

test('the core says something', () => expect(said.length).toBeGreaterThan(500))

test('every sentence that the core says to people has its German', () => {
  const missing = said.filter(({ text }) => !isKnown(text)).map(({ text, place }) => `${place}: ${text}`)
  expect(missing).toEqual([])
})

test('no exception is that of nothing', () => expect(idleExceptions).toEqual([]))

test('every pattern is that of a sentence, and each is there once', () => {
  const used = new Set(said.flatMap(({ text }) => patternsOf(text)))
  const patterns = pairs.map(([english]) => english)
  expect(patterns.filter((english) => !used.has(english))).toEqual([])
  expect(patterns.filter((english, index) => patterns.indexOf(english) !== index)).toEqual([])
})

test('a sentence and its German have the same values', () => {
  const differing = pairs.filter(([english, own]) => JSON.stringify(namesIn(english)) !== JSON.stringify(namesIn(own)))
  expect(differing).toEqual([])
})

test('no German was forgotten in English', () => {
  expect(pairs.filter(([english, own]) => english === own)).toEqual([])
})

test('values are put where the other language wants them, and may be sentences themselves', () => {
  expect(
    say(
      'Card 2: The seed key of this witness card was not made with its public key. Ask the witness for the line that its keys command prints.',
    ),
  ).toBe(
    'Karte 2: Der Losschlüssel dieser Karte eines Zeugen wurde nicht mit seinem öffentlichen Schlüssel erzeugt. Bitten Sie den Zeugen um die Zeile, die sein Befehl keys ausgibt.',
  )
  expect(say('The amount could not be locked: The witnesses refused this. The account does not hold that much.')).toBe(
    'Der Betrag konnte nicht hinterlegt werden: Die Zeugen haben das abgelehnt. So viel ist auf dem Konto nicht.',
  )
})

test('several sentences one after the other are each said, and so are the parts of a list', () => {
  expect(
    say('No provider bid. None of the 3 known offers fits: 1 is your own, 2 have expired. All my slots are taken. This is my own request.'),
  ).toBe(
    'Kein Anbieter hat geboten. Keines der 3 bekannten Angebote passt: 1 ist Ihr eigenes, 2 sind abgelaufen. Alle meine Plätze sind belegt. Das ist meine eigene Anfrage.',
  )
  expect(say('Nothing was sent because the text holds a Claude key and a private key. Remove it and try again.')).toBe(
    'Nichts wurde gesendet, denn der Text enthält einen Claude-Schlüssel und einen privaten Schlüssel. Entfernen Sie das und versuchen Sie es noch einmal.',
  )
  expect(say('Your price is number 1 of 3 for practice-small, number 2 of 5 for llama3.1:8b.')).toBe(
    'Ihr Preis ist Nummer 1 von 3 für practice-small, Nummer 2 von 5 für llama3.1:8b.',
  )
  expect(say('"statement" must have at most 500 characters; "showTask" is missing.')).toBe(
    '„statement“ darf höchstens 500 Zeichen haben; „showTask“ fehlt.',
  )
})

test('a name of several words, even of several sentences, is a value', () => {
  expect(say('The data folder /home/J. Doe/My data could not be written: the disk is full. Free some space and try again.')).toBe(
    'Der Datenordner /home/J. Doe/My data konnte nicht geschrieben werden: Der Datenträger ist voll. Schaffen Sie Platz und versuchen Sie es noch einmal.',
  )
})

test('what is not known stays as it is, beside what is', () => {
  expect(say('My computer sleeps now.')).toBe('My computer sleeps now.')
  expect(say('The provider refused: My computer sleeps now. Ask tomorrow.')).toBe(
    'Der Anbieter hat abgelehnt: My computer sleeps now. Ask tomorrow.',
  )
  expect(say('')).toBe('')
})

test('a text that a peer has made of many beginnings comes back', () => {
  const hostile = 'The provider refused: Refused: '.repeat(30) + 'A. B. '.repeat(200)
  expect(say(hostile)).toContain('A. B.')
})

test('English stays as the core says it', () => {
  expect([sayIn('en')('You cancelled it.'), sayIn('de')('You cancelled it.')]).toEqual(['You cancelled it.', 'Sie haben abgebrochen.'])
})
