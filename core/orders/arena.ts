/**
 * Room for many small byte strings outside of the garbage collector's heap: slabs that are filled one after another. What is
 * freed is only counted; when more than half is waste, the owner moves what is left into a fresh arena. So an open order costs
 * the collector two small objects instead of its bytes.
 */
export type Arena = {
  /** Gives the place of a copy. */
  readonly put: (bytes: Uint8Array) => number
  /** A copy. */
  readonly get: (place: number) => Uint8Array
  readonly free: (place: number) => void
  readonly isWasteful: () => boolean
}

/** Some thousand orders; a small book wastes no more than this. */
const slabBytes = 512 * 1_024
/** An order has less than 64 KiB by far. */
const headBytes = 2

export const createArena = (): Arena => {
  const slabs: Buffer[] = []
  let used = slabBytes
  let live = 0
  const slabOf = (place: number): Buffer => slabs[Math.floor(place / slabBytes)] ?? Buffer.alloc(0)

  return {
    put: (bytes) => {
      const needed = headBytes + bytes.length
      if (used + needed > slabBytes) {
        slabs.push(Buffer.allocUnsafeSlow(slabBytes))
        used = 0
      }
      const place = (slabs.length - 1) * slabBytes + used
      const slab = slabOf(place)
      slab.writeUInt16BE(bytes.length, used)
      slab.set(bytes, used + headBytes)
      used += needed
      live += needed
      return place
    },
    get: (place) => {
      const [slab, at] = [slabOf(place), place % slabBytes]
      return new Uint8Array(slab.subarray(at + headBytes, at + headBytes + slab.readUInt16BE(at)))
    },
    free: (place) => {
      live -= headBytes + slabOf(place).readUInt16BE(place % slabBytes)
    },
    isWasteful: () => slabs.length > 1 && slabs.length * slabBytes > 2 * live + slabBytes,
  }
}
