import { generateEntropy, phraseOfEntropy, phraseWordCount } from '../identity/phrase.ts'
import type { Random } from '../platform/random.ts'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'

/** Three of 24: nobody guesses them, and nobody is kept from starting. */
const wordsAsked = 3

export type NewPhrase = { readonly words: readonly string[]; readonly ask: readonly number[] }

/** The words of an account that does not exist yet, in memory until their owner proves to have written them down. */
export const createPendingPhrase = (random: Random) => {
  let pending: { readonly entropy: Uint8Array; readonly phrase: NewPhrase } | null = null
  return {
    /** Other words at every call; the earlier ones are forgotten. */
    renew: (): NewPhrase => {
      const entropy = generateEntropy(random)
      pending = { entropy, phrase: { words: phraseOfEntropy(entropy), ask: placesToProve(random) } }
      return pending.phrase
    },
    /** The entropy, if these are the words at the places that were asked for, in their order. */
    prove: (proof: readonly string[]): Result<Uint8Array, Failure<'wrong-proof'>> => {
      if (pending === null) return fail('wrong-proof', 'There are no words to prove yet, or the program was started again. Show new ones.')
      const { words, ask } = pending.phrase
      if (proof.length !== ask.length) return fail('wrong-proof', `Write the words number ${ask.join(', ')}, and no others.`)
      const wrong = ask.filter((place, index) => proof[index]?.trim().toLowerCase() !== words[place - 1])
      if (wrong.length === 0) return ok(pending.entropy)
      const named = wrong.length === 1 ? `Word ${wrong[0]} is` : `Words ${wrong.join(' and ')} are`
      return fail('wrong-proof', `${named} not what was shown. Look at what you wrote down, or have the words shown again.`)
    },
    forget: (): void => {
      pending?.entropy.fill(0)
      pending = null
    },
  }
}
export type PendingPhrase = ReturnType<typeof createPendingPhrase>

/** Places from 1, each once, in rising order. */
const placesToProve = (random: Random): readonly number[] => {
  const places = new Set<number>()
  while (places.size < wordsAsked) places.add(((random.bytes(1)[0] ?? 0) % phraseWordCount) + 1)
  return [...places].toSorted((a, b) => a - b)
}
