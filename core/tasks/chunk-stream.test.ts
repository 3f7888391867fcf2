import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fromUtf8, utf8 } from '../platform/bytes.ts'
import {
  beginStream,
  chunksOfText,
  maxChunkBytes,
  maxChunks,
  maxResultBytes,
  openChunk,
  sealChunk,
  transcriptOf,
  type Chunk,
  type ChunkStream,
} from './chunk-stream.ts'

const filled = (byte: number, length = 32) => new Uint8Array(length).fill(byte)
const begin = (): ChunkStream => beginStream(filled(1), filled(2), filled(3, 16))

const sealAll = (texts: readonly string[]): { readonly stream: ChunkStream; readonly chunks: readonly Chunk[] } => {
  let stream = begin()
  const chunks = texts.map((text, index) => {
    const sealed = sealChunk(stream, utf8(text), index === texts.length - 1)
    stream = sealed.stream
    return sealed.chunk
  })
  return { stream, chunks }
}

/** Opens until the first failure; gives the text, the state and the failure's code. */
const openAll = (chunks: readonly Chunk[], from: ChunkStream = begin()) => {
  let stream = from
  let text = ''
  for (const chunk of chunks) {
    const opened = openChunk(stream, chunk)
    if (!opened.ok) return { stream, text, code: opened.error.code }
    stream = opened.value.stream
    text += opened.value.text
  }
  return { stream, text, code: null }
}

const texts = ['Once ', 'upon ', 'a time', '.']
const chunkAt = (chunks: readonly Chunk[], index: number): Chunk => chunks[index] ?? { counter: -1, final: false, ciphertext: filled(0) }

test('what is sealed in order opens in order, and both sides hold the same transcript', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 300 }), { minLength: 1, maxLength: 12 }), (pieces) => {
      const sent = sealAll(pieces)
      const received = openAll(sent.chunks)
      expect(received).toMatchObject({ text: pieces.join(''), code: null })
      expect(transcriptOf(received.stream)).toEqual(transcriptOf(sent.stream))
      expect(transcriptOf(received.stream)).toMatchObject({ ok: true })
    }),
  )
})

test('a stream goes on from a state that was written down', () => {
  const { chunks, stream } = sealAll(texts)
  const half = openAll(chunks.slice(0, 2))
  const resumed = openAll(chunks.slice(2), { ...half.stream })
  expect(half.text + resumed.text).toBe(texts.join(''))
  expect(transcriptOf(resumed.stream)).toEqual(transcriptOf(stream))
})

test('an answer without its end has no transcript to pay for', () => {
  const { chunks } = sealAll(texts)
  expect(transcriptOf(openAll(chunks.slice(0, 3)).stream)).toMatchObject({ ok: false, error: { code: 'truncated' } })
})

test('left out, repeated, swapped and added chunks are refused', () => {
  const { chunks } = sealAll(texts)
  const [a, b, c, d] = [0, 1, 2, 3].map((index) => chunkAt(chunks, index)) as [Chunk, Chunk, Chunk, Chunk]
  expect(openAll([a, c]).code).toBe('out-of-order')
  expect(openAll([b]).code).toBe('out-of-order')
  expect(openAll([a, b, a]).code).toBe('duplicate')
  expect(openAll([a, b, c, d, { ...d, counter: 4 }]).code).toBe('after-the-end')
  expect(openAll([a, { ...c, counter: 1 }]).code).toBe('damaged')
})

test('the end can be neither moved forward nor taken away', () => {
  const { chunks } = sealAll(texts)
  expect(openAll([{ ...chunkAt(chunks, 0), final: true }]).code).toBe('damaged')
  expect(openAll([...chunks.slice(0, 3), { ...chunkAt(chunks, 3), final: false }]).code).toBe('damaged')
})

test('no changed bit passes, and a refusal leaves the state as it was', () => {
  const { chunks } = sealAll(texts)
  const first = chunkAt(chunks, 0)
  fc.assert(
    fc.property(fc.nat(first.ciphertext.length - 1), fc.nat(7), (at, bit) => {
      const ciphertext = first.ciphertext.with(at, (first.ciphertext[at] ?? 0) ^ (1 << bit))
      expect(openAll([{ ...first, ciphertext }])).toMatchObject({ code: 'damaged', stream: begin() })
    }),
  )
  for (const length of [0, 1, 16, 17, 40_000]) expect(openAll([{ ...first, ciphertext: new Uint8Array(length) }]).code).toBe('damaged')
})

test('the key belongs to one result key, one escrow and one run', () => {
  const { chunks } = sealAll(texts)
  for (const other of [
    beginStream(filled(9), filled(2), filled(3, 16)),
    beginStream(filled(1), filled(9), filled(3, 16)),
    beginStream(filled(1), filled(2), filled(9, 16)),
  ])
    expect(openAll(chunks, other).code).toBe('damaged')
})

test('chunks of similar texts have the same length', () => {
  const { chunks } = sealAll(['a', 'antidisestablishmentarianism', ''])
  expect(new Set(chunks.map(({ ciphertext }) => ciphertext.length)).size).toBe(1)
})

test('bytes that are no text are refused', () => {
  const { chunk } = sealChunk(begin(), new Uint8Array([0xff, 0xfe]), true)
  expect(openAll([chunk]).code).toBe('not-text')
})

test('a provider cannot send more than the longest result, nor more chunks than there is room for', () => {
  const nearlyFull: ChunkStream = { ...begin(), resultBytes: maxResultBytes - 1 }
  expect(openAll([sealChunk(begin(), utf8('ab'), false).chunk], nearlyFull).code).toBe('too-long')
  expect(openAll([sealChunk(begin(), utf8('a'), false).chunk], nearlyFull).code).toBeNull()
  const lastPlace: ChunkStream = { ...begin(), nextCounter: maxChunks - 1 }
  expect(() => sealChunk(lastPlace, utf8('a'), false)).toThrow('limits')
  expect(sealChunk(lastPlace, utf8('a'), true).chunk.final).toBe(true)
})

test('long text is cut into chunks that are whole characters', () => {
  const text = `${'x'.repeat(maxChunkBytes - 1)}🐟${'ü'.repeat(maxChunkBytes)}`
  const pieces = chunksOfText(text)
  expect(pieces.map((piece) => fromUtf8(piece)).join('')).toBe(text)
  expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThanOrEqual(maxChunkBytes)
  expect(chunksOfText('')).toEqual([])
})
