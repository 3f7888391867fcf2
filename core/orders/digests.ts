/**
 * What two books tell each other to find out where they differ: their ids in 256 buckets, by an id's first byte, and of each
 * bucket how many there are and the exclusive or of their first 64 bits. Kept up to date at the cost of three array writes an order.
 * Somebody who makes up ids so that different sets look the same only hides orders of their own.
 */
export type Digests = {
  readonly add: (shortId: string) => void
  readonly remove: (shortId: string) => void
  /** All buckets, 12 bytes each. */
  readonly encoded: () => Uint8Array
}

export const bucketCount = 256
const bucketBytes = 12
export const digestBytes = bucketCount * bucketBytes

export const bucketOf = (shortId: string): number => shortId.charCodeAt(0)
const wordAt = (id: string, at: number): number =>
  (id.charCodeAt(at) << 24) | (id.charCodeAt(at + 1) << 16) | (id.charCodeAt(at + 2) << 8) | id.charCodeAt(at + 3)

export const createDigests = (): Digests => {
  const words = new DataView(new ArrayBuffer(digestBytes))
  const change = (shortId: string, by: 1 | -1): void => {
    const at = bucketOf(shortId) * bucketBytes
    words.setInt32(at, words.getInt32(at) + by)
    words.setInt32(at + 4, words.getInt32(at + 4) ^ wordAt(shortId, 0))
    words.setInt32(at + 8, words.getInt32(at + 8) ^ wordAt(shortId, 4))
  }
  return {
    add: (shortId) => change(shortId, 1),
    remove: (shortId) => change(shortId, -1),
    encoded: () => new Uint8Array(words.buffer.slice(0)),
  }
}

/** The buckets in which two books differ; both arguments have `digestBytes`. */
export const differingBuckets = (a: Uint8Array, b: Uint8Array): ReadonlySet<number> => {
  const found = new Set<number>()
  for (let bucket = 0; bucket < bucketCount; bucket++) {
    const [from, to] = [bucket * bucketBytes, (bucket + 1) * bucketBytes]
    if (Buffer.compare(a.subarray(from, to), b.subarray(from, to)) !== 0) found.add(bucket)
  }
  return found
}
