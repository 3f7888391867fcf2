/** Numbers from 0 up to 1, the same for the same seed: mulberry32, which is fast and good enough for schedules and shuffles. */
export type Chance = () => number

export const createChance = (seed: number): Chance => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Normally distributed (Box and Muller). */
export const bell = (chance: Chance): number => Math.sqrt(-2 * Math.log(1 - chance())) * Math.cos(2 * Math.PI * chance())

export const shuffled = <T>(items: Iterable<T>, chance: Chance): readonly T[] => {
  const result = [...items]
  for (let at = result.length - 1; at > 0; at--) {
    const other = Math.floor(chance() * (at + 1))
    const [a, b] = [result[at], result[other]]
    if (a === undefined || b === undefined) continue
    result[at] = b
    result[other] = a
  }
  return result
}
