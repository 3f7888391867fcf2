import type { Random } from '../../core/platform/random.ts'

/** Choices from one stream of bytes, so that a seed gives the same plan again. */
export type Dice = {
  /** A whole number from `min` to `max`. */
  readonly between: (min: number, max: number) => number
  readonly pick: <T>(items: readonly T[]) => T | undefined
}

export const createDice = (random: Random): Dice => {
  const between = (min: number, max: number): number => {
    const bytes = random.bytes(4)
    return min + (new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0) % (max - min + 1))
  }
  return { between, pick: (items) => items[between(0, Math.max(0, items.length - 1))] }
}
