import { createHash, randomBytes } from 'node:crypto'

/** Randomness as a port; `bytes(n)` returns n fresh bytes. */
export type Random = { readonly bytes: (length: number) => Uint8Array }

export const systemRandom: Random = { bytes: (length) => new Uint8Array(randomBytes(length)) }

/** One of them by chance; undefined where there is none. */
export const chooseFrom = <T>(items: readonly T[], random: Random): T | undefined => {
  const { buffer, byteOffset } = random.bytes(4)
  return items[new DataView(buffer, byteOffset, 4).getUint32(0) % Math.max(1, items.length)]
}

/** The same bytes for the same seed on every machine: SHA-256 in counter mode. For tests and the simulation only. */
export const createSeededRandom = (seed: string): Random => {
  let counter = 0
  return {
    bytes: (length) => {
      const out = new Uint8Array(length)
      for (let at = 0; at < length; at += 32) {
        const block = createHash('sha256').update(`${seed}/${counter++}`).digest()
        out.set(block.subarray(0, Math.min(32, length - at)), at)
      }
      return out
    },
  }
}
