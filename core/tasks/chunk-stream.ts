import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto'
import { assert } from '../platform/assert.ts'
import { concatBytes, fromUtf8, sha256, utf8 } from '../platform/bytes.ts'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'
import type { Bytes32 } from '../settlement/objects.ts'
import { pad, unpad } from './padding.ts'

/**
 * The result as a chain of encrypted chunks, pure: every step takes the stream's state and gives the next one, so that either
 * side can write the state down and go on after a restart. AES-256-GCM under a key of this one run; the counter is the nonce;
 * counter and final flag are authenticated; so a chunk cannot be changed, moved, repeated or left out, nor the end be cut off.
 */
const gcm = 'aes-256-gcm'
const tagBytes = 16

/** With its length prefix one chunk of this size fills the 16 KiB bucket exactly. */
export const maxChunkBytes = 16 * 1024 - 4
export const maxChunkCipherBytes = 16 * 1024 + tagBytes
/** 1 MiB is about 260,000 tokens, above the output limit of any model served today. */
export const maxResultBytes = 1024 * 1024
/** One chunk per 16 bytes of the longest result; a provider that streams finer has to gather. */
export const maxChunks = maxResultBytes / 16

export type Chunk = { readonly counter: number; readonly final: boolean; readonly ciphertext: Uint8Array }

export type ChunkStream = {
  readonly key: Bytes32
  readonly nextCounter: number
  /** Running; both sides hold the same after the same chunks. */
  readonly transcriptHash: Bytes32
  readonly resultBytes: number
  readonly finished: boolean
}

/**
 * `streamId` is 16 fresh random bytes of the provider, told in its `accepted`: a task that is run a second time never uses a key
 * and nonce again.
 */
export const beginStream = (resultKey: Bytes32, escrowId: Bytes32, streamId: Uint8Array): ChunkStream => ({
  key: new Uint8Array(hkdfSync('sha256', resultKey, streamId, concatBytes(utf8('RUV1/CHUNKS'), escrowId), 32)),
  nextCounter: 0,
  transcriptHash: firstTranscript(escrowId, streamId),
  resultBytes: 0,
  finished: false,
})

/** The provider's side. The final chunk may be empty; the caller keeps to the limits. */
export const sealChunk = (
  stream: ChunkStream,
  text: Uint8Array,
  final: boolean,
): { readonly stream: ChunkStream; readonly chunk: Chunk } => {
  assert(!stream.finished, 'a finished stream takes no more chunks')
  assert(text.length <= maxChunkBytes && fits(stream, text.length, final), 'chunk over the limits of the stream')
  const header = headerOf(stream.nextCounter, final)
  const cipher = createCipheriv(gcm, stream.key, nonceOf(stream.nextCounter)).setAAD(header)
  const body = concatBytes(cipher.update(pad(text)), cipher.final())
  const chunk = { counter: stream.nextCounter, final, ciphertext: concatBytes(body, cipher.getAuthTag()) }
  return { stream: advance(stream, chunk, text.length), chunk }
}

export type ChunkFailure = Failure<'duplicate' | 'out-of-order' | 'after-the-end' | 'damaged' | 'too-long' | 'not-text'>

/** The client's side; a failure leaves the state as it was. */
export const openChunk = (
  stream: ChunkStream,
  chunk: Chunk,
): Result<{ readonly stream: ChunkStream; readonly text: string }, ChunkFailure> => {
  if (chunk.counter < stream.nextCounter) return fail('duplicate', 'A part of the answer that is already here came again.')
  if (stream.finished) return fail('after-the-end', 'More came after the end of the answer.')
  if (chunk.counter > stream.nextCounter) return fail('out-of-order', 'A part of the answer is missing before the one that came.')
  const padded = decrypt(stream, chunk)
  const bytes = padded === null ? null : unpad(padded)
  if (bytes === null) return fail('damaged', 'A part of the answer was changed on the way or encrypted with another key.')
  if (bytes.length > maxChunkBytes || !fits(stream, bytes.length, chunk.final)) return fail('too-long', 'The answer is longer than agreed.')
  const text = textOf(bytes)
  if (text === null) return fail('not-text', 'A part of the answer is not text.')
  return ok({ stream: advance(stream, chunk, bytes.length), text })
}

/** The hash that the provider's receipt must name; only a stream with its final chunk has one. */
export const transcriptOf = (stream: ChunkStream): Result<Bytes32, Failure<'truncated'>> =>
  stream.finished ? ok(stream.transcriptHash) : fail('truncated', 'The answer ended before its last part.')

/** The transcript of a whole answer from its ciphertext alone, for those who have no key; null when it is no whole answer. */
export const transcriptOfChunks = (escrowId: Bytes32, streamId: Uint8Array, chunks: readonly Chunk[]): Bytes32 | null => {
  const isWhole = chunks.every(({ counter, final }, at) => counter === at && final === (at === chunks.length - 1))
  if (!isWhole || chunks.length === 0) return null
  return chunks.reduce(
    (hash, chunk) => sha256(hash, headerOf(chunk.counter, chunk.final), chunk.ciphertext),
    firstTranscript(escrowId, streamId),
  )
}
const firstTranscript = (escrowId: Bytes32, streamId: Uint8Array): Bytes32 => sha256(utf8('RUV1/TRANSCRIPT'), escrowId, streamId)

/** Cuts text into chunks that are each whole characters; lone surrogates become U+FFFD. */
export const chunksOfText = (text: string): readonly Uint8Array[] => {
  const bytes = utf8(text)
  const pieces: Uint8Array[] = []
  for (let start = 0; start < bytes.length;) {
    let end = Math.min(start + maxChunkBytes, bytes.length)
    while (end < bytes.length && isContinuation(bytes[end])) end--
    pieces.push(bytes.subarray(start, end))
    start = end
  }
  return pieces
}

const isContinuation = (byte: number | undefined): boolean => byte !== undefined && (byte & 0xc0) === 0x80

/** One place in the count is kept for the final chunk. */
const fits = (stream: ChunkStream, textBytes: number, final: boolean): boolean =>
  stream.resultBytes + textBytes <= maxResultBytes && stream.nextCounter < (final ? maxChunks : maxChunks - 1)

const advance = (stream: ChunkStream, chunk: Chunk, textBytes: number): ChunkStream => ({
  key: stream.key,
  nextCounter: stream.nextCounter + 1,
  transcriptHash: sha256(stream.transcriptHash, headerOf(chunk.counter, chunk.final), chunk.ciphertext),
  resultBytes: stream.resultBytes + textBytes,
  finished: chunk.final,
})

const decrypt = (stream: ChunkStream, chunk: Chunk): Uint8Array | null => {
  if (chunk.ciphertext.length <= tagBytes || chunk.ciphertext.length > maxChunkCipherBytes) return null
  const end = chunk.ciphertext.length - tagBytes
  const decipher = createDecipheriv(gcm, stream.key, nonceOf(chunk.counter), { authTagLength: tagBytes })
  decipher.setAAD(headerOf(chunk.counter, chunk.final)).setAuthTag(chunk.ciphertext.subarray(end))
  try {
    return concatBytes(decipher.update(chunk.ciphertext.subarray(0, end)), decipher.final())
  } catch {
    return null
  }
}

const textOf = (bytes: Uint8Array): string | null => {
  try {
    return fromUtf8(bytes)
  } catch {
    return null
  }
}

/** counter (8 bytes, big-endian) ‖ final (1 byte). */
const headerOf = (counter: number, final: boolean): Uint8Array => {
  const header = new Uint8Array(9)
  new DataView(header.buffer).setBigUint64(0, BigInt(counter))
  header[8] = final ? 1 : 0
  return header
}

/** 12 bytes: the counter, zero-extended; unique because the key belongs to one run. */
const nonceOf = (counter: number): Uint8Array => concatBytes(new Uint8Array(4), headerOf(counter, false).subarray(0, 8))
