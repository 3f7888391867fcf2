/**
 * English as no one writes it: accented, about 40 % longer (the room German and Finnish need), and in brackets. What stands on a
 * screen without accents was never a message; where the closing bracket is missing, it was cut off.
 */
import { en } from '../messages/en.ts'
import type { MessageKey, Messages, Tongue } from '../messages/translate.ts'

const GROWTH = 1.4
const [PLAIN, ACCENTED] = ['AEIOUYaeiouycdghknrstz', 'ÄËÏÖÜŸàéîõûýçðĝħķñŕšţž']
const VOWELS = new Set('aeiou')
const isLetter = (character: string): boolean => character.toLowerCase() !== character.toUpperCase()

const accent = (character: string): string => {
  const place = PLAIN.indexOf(character)
  const drawn = place < 0 ? character : (ACCENTED[place] ?? character)
  return VOWELS.has(character) ? `${drawn}${drawn}` : drawn
}

/** What stands in braces of an odd depth are names and the forms of plurals, which nobody translates. */
export const pseudo = (message: string): string => {
  let depth = 0
  let written = ''
  let added = 0
  let letters = 0
  for (const character of message) {
    if (character === '}') depth -= 1
    const isText = depth % 2 === 0 && character !== '{' && character !== '}'
    const drawn = isText ? accent(character) : character
    written += drawn
    added += drawn.length - character.length
    if (isText && isLetter(character)) letters += 1
    if (character === '{') depth += 1
  }
  const missing = Math.max(0, Math.ceil(letters * GROWTH) - letters - added)
  // A word of its own where it is long: words are what lines break at.
  return `⟦${written}${missing > 4 ? ' ' : ''}${'~'.repeat(missing)}⟧`
}

/** Its locale writes dates and units in characters of its own, so that letters from them are not taken for texts. */
export const pseudoTongue: Tongue = {
  messages: Object.fromEntries((Object.keys(en) as readonly MessageKey[]).map((key) => [key, pseudo(en[key])])) as Messages,
  say: pseudo,
  tag: 'ja-JP',
}
