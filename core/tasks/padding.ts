import { concatBytes } from '../platform/bytes.ts'

/**
 * Lengths betray content: token-by-token chunk sizes are enough to guess an answer ("What Was Your Prompt?", USENIX Security
 * 2024). So whatever is encrypted is first padded to a bucket: powers of two up to 64 KiB, then steps of 64 KiB.
 */
const smallestBucketBytes = 256
const stepBytes = 64 * 1024
const lengthBytes = 4

/** The largest padded plaintext: four steps. It holds the longest task (sealing.ts) and fits one frame with its open decree. */
export const maxPaddedBytes = 4 * stepBytes
export const maxUnpaddedBytes = maxPaddedBytes - lengthBytes

/** The bucket that `contentBytes` bytes of content fall into; at most `maxPaddedBytes` for content up to `maxUnpaddedBytes`. */
export const paddedLength = (contentBytes: number): number => {
  const neededBytes = contentBytes + lengthBytes
  if (neededBytes > stepBytes) return Math.ceil(neededBytes / stepBytes) * stepBytes
  return Math.max(smallestBucketBytes, 2 ** Math.ceil(Math.log2(neededBytes)))
}

/** What is sealed with a task's text. */
export const saltBytes = 32
/** The size class of a task, all that anybody but its provider learns of its text. */
export const taskBucketBytes = (textBytes: number): number => paddedLength(textBytes + saltBytes)

/** length (4 bytes, big-endian) ‖ content ‖ zeros. */
export const pad = (content: Uint8Array): Uint8Array => {
  const padded = new Uint8Array(paddedLength(content.length))
  padded.set(concatBytes(lengthPrefix(content.length), content))
  return padded
}

/** The content, or null for anything `pad` cannot have made: hidden bytes behind the content are refused. */
export const unpad = (padded: Uint8Array): Uint8Array | null => {
  if (padded.length < smallestBucketBytes || padded.length > maxPaddedBytes) return null
  const contentBytes = new DataView(padded.buffer, padded.byteOffset, lengthBytes).getUint32(0)
  if (contentBytes > maxUnpaddedBytes || paddedLength(contentBytes) !== padded.length) return null
  const end = lengthBytes + contentBytes
  return padded.subarray(end).every((byte) => byte === 0) ? padded.slice(lengthBytes, end) : null
}

const lengthPrefix = (length: number): Uint8Array => {
  const prefix = new Uint8Array(lengthBytes)
  new DataView(prefix.buffer).setUint32(0, length)
  return prefix
}
