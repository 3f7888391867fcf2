import { concatBytes } from '../platform/bytes.ts'

/** Four bytes, big-endian, in front of every frame: the number of bytes that follow. */
const lengthBytes = 4

export const encodeFrame = (frame: Uint8Array): Uint8Array => {
  const bytes = new Uint8Array(lengthBytes + frame.length)
  new DataView(bytes.buffer).setUint32(0, frame.length)
  bytes.set(frame, lengthBytes)
  return bytes
}

export type FrameReader = {
  /** The frames that `chunk` completes; null when a frame announces more than the bound, after which nothing may be read. */
  readonly read: (chunk: Uint8Array) => readonly Uint8Array[] | null
  /** Whether a frame has begun and not ended. */
  readonly isMidFrame: () => boolean
}

/** Cuts a byte stream into frames. Holds at most one unfinished frame and one chunk, whatever length a peer announces. */
export const createFrameReader = (maxFrameBytes: number): FrameReader => {
  let parts: Uint8Array[] = []
  let have = 0

  const joined = (): Uint8Array => {
    const [only, ...rest] = parts
    return only !== undefined && rest.length === 0 ? only : concatBytes(...parts)
  }
  const keep = (bytes: Uint8Array): void => {
    parts = bytes.length === 0 ? [] : [bytes]
    have = bytes.length
  }
  /** Joins no more than the header, so that a frame in many chunks is copied once, not once a chunk. */
  const announced = (): number | null => {
    if (have < lengthBytes) return null
    if ((parts[0]?.length ?? 0) < lengthBytes) keep(joined())
    const first = parts[0] ?? new Uint8Array(lengthBytes)
    return new DataView(first.buffer, first.byteOffset, first.byteLength).getUint32(0)
  }

  return {
    isMidFrame: () => have > 0,
    read: (chunk) => {
      const frames: Uint8Array[] = []
      parts.push(chunk)
      have += chunk.length
      for (;;) {
        const length = announced()
        if (length === null) return frames
        if (length > maxFrameBytes) return null
        const end = lengthBytes + length
        if (have < end) return frames
        const bytes = joined()
        frames.push(new Uint8Array(bytes.subarray(lengthBytes, end)))
        keep(bytes.subarray(end))
      }
    },
  }
}
