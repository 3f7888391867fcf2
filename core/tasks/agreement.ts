import { ppm } from '../platform/fixed-point.ts'

/**
 * How far answers of different providers agree. Two models never write one and the same text, so equality of hashes would mean nothing:
 * what is compared is the set of words (letters and digits, in lower case), shared words by all words of both. That finds equal
 * verdicts, numbers, names and lists; it does not see meaning, so what differs is left to the owner and never refused.
 */
export const agreesFromPpm = ppm / 2

const wordsOf = (text: string): ReadonlySet<string> =>
  new Set(
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? [],
  )

const shared = (a: ReadonlySet<string>, b: ReadonlySet<string>): number => {
  if (a.size === 0 && b.size === 0) return ppm
  let both = 0
  for (const word of a) if (b.has(word)) both++
  return Math.floor((both * ppm) / (a.size + b.size - both))
}

/**
 * For each answer, how far it agrees with the one that is nearest to all the others; null where there is nothing to compare with. If
 * nobody agrees with that one, it agrees with nobody: one answer alone is no majority.
 */
export const agreementOf = (answers: readonly string[]): readonly (number | null)[] => {
  if (answers.length < 2) return answers.map(() => null)
  const words = answers.map(wordsOf)
  const table = words.map((a) => words.map((b) => shared(a, b)))
  const nearness = table.map((row, at) => row.reduce((sum, value, other) => sum + (other === at ? 0 : value), 0))
  const middle = nearness.indexOf(Math.max(...nearness))
  const toMiddle = table[middle] ?? []
  const best = Math.max(...toMiddle.filter((_, at) => at !== middle))
  return toMiddle.map((value, at) => (at === middle ? best : value))
}
