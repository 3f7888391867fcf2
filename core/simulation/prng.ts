/** Everything random in a run comes from one of these, so that a seed is a whole run. */
export type Prng = {
  /** A whole number from 0 to 2³² − 1. */
  readonly next: () => number
  /** From 0 up to but not 1. */
  readonly share: () => number
  readonly chance: (probability: number) => boolean
  /** A whole number, both ends included. */
  readonly between: (least: number, most: number) => number
  readonly pick: <T>(items: readonly T[]) => T
  /** Each item with this probability, in order. */
  readonly some: <T>(items: readonly T[], probability: number) => readonly T[]
  readonly shuffled: <T>(items: readonly T[]) => readonly T[]
  readonly bytes: (length: number) => Uint8Array
  /** An independent generator; what one draws does not move the other. */
  readonly fork: (label: string) => Prng
}

/** xoshiro128** 1.1 (Blackman and Vigna, prng.di.unimi.it), its four words filled from the seed by splitmix32. */
export const createPrng = (seed: number): Prng => {
  const fill = createSplitmix(seed)
  let [a, b, c, d] = [fill(), fill(), fill(), fill()]
  const next = (): number => {
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0
    const shifted = b << 9
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= shifted
    d = rotate(d, 11)
    return result
  }
  const share = (): number => next() / 2 ** 32
  const between = (least: number, most: number): number => least + Math.floor(share() * (most - least + 1))
  const pick = <T>(items: readonly T[]): T => items[between(0, items.length - 1)] as T
  return {
    next,
    share,
    between,
    pick,
    chance: (probability) => share() < probability,
    some: (items, probability) => items.filter(() => share() < probability),
    shuffled: (items) => {
      const rest = [...items]
      return items.map(() => rest.splice(between(0, rest.length - 1), 1)[0] as (typeof items)[number])
    },
    bytes: (length) => Uint8Array.from({ length }, () => next() & 0xff),
    fork: (label) => createPrng(mix(seed, label)),
  }
}

const rotate = (word: number, by: number): number => (word << by) | (word >>> (32 - by))

const createSplitmix = (seed: number) => {
  let state = seed | 0
  return (): number => {
    state = (state + 0x9e3779b9) | 0
    let word = state ^ (state >>> 16)
    word = Math.imul(word, 0x21f0aaad)
    word ^= word >>> 15
    word = Math.imul(word, 0x735a2d97)
    return word ^ (word >>> 15)
  }
}

/** FNV-1a over the label, so that forks of one seed differ. */
const mix = (seed: number, label: string): number => {
  let hash = seed ^ 0x811c9dc5
  for (let at = 0; at < label.length; at++) hash = Math.imul(hash ^ label.charCodeAt(at), 0x01000193)
  return hash >>> 0
}
