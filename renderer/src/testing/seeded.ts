/** The same made-up members, ids and figures every time. */
export type Seeded = {
  readonly below: (limit: number) => number
  readonly id: () => string
  readonly pick: <const T extends readonly [unknown, ...(readonly unknown[])]>(items: T) => T[number]
}

/** mulberry32: small, and good enough for what only has to look right. */
export const createSeeded = (seed: number): Seeded => {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const below = (limit: number): number => Math.floor(next() * limit)
  return {
    below,
    id: () => Array.from({ length: 64 }, () => below(16).toString(16)).join(''),
    pick: (items) => items[below(items.length)] ?? items[0],
  }
}
