import fc from 'fast-check'
import { expect, test } from 'vitest'
import { concatBytes } from '../platform/bytes.ts'
import { createFrameReader, encodeFrame } from './frame-reader.ts'

const maxFrameBytes = 300
const frames = fc.array(fc.uint8Array({ maxLength: maxFrameBytes }), { maxLength: 8 })

const chunksOf = (bytes: Uint8Array, sizes: readonly number[]): readonly Uint8Array[] => {
  const chunks: Uint8Array[] = []
  for (let at = 0, n = 0; at < bytes.length; n++) {
    const size = sizes[n % sizes.length] ?? 1
    chunks.push(Buffer.from(bytes.subarray(at, at + size)))
    at += size
  }
  return chunks
}

test('frames come out as they went in, however the stream is cut', () => {
  fc.assert(
    fc.property(frames, fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1 }), (sent, sizes) => {
      const reader = createFrameReader(maxFrameBytes)
      const received = chunksOf(concatBytes(...sent.map(encodeFrame)), sizes).flatMap((chunk) => reader.read(chunk) ?? [])
      expect(received).toEqual(sent)
      expect(reader.isMidFrame()).toBe(false)
    }),
  )
})

test('a frame over the bound is refused as soon as it is announced, after those before it', () => {
  const reader = createFrameReader(maxFrameBytes)
  expect(reader.read(encodeFrame(new Uint8Array(maxFrameBytes)))).toHaveLength(1)
  expect(reader.read(new Uint8Array([0, 0, 1]))).toEqual([])
  expect(reader.read(new Uint8Array([45]))).toBeNull()
})

test('a frame that is not complete is not given out', () => {
  const reader = createFrameReader(maxFrameBytes)
  const bytes = encodeFrame(new Uint8Array(10))
  expect(reader.read(bytes.subarray(0, 13))).toEqual([])
  expect(reader.isMidFrame()).toBe(true)
  expect(reader.read(bytes.subarray(13))).toEqual([new Uint8Array(10)])
})

test('frames given out do not share memory with what was read', () => {
  const reader = createFrameReader(maxFrameBytes)
  const chunk = Buffer.from(encodeFrame(new Uint8Array([1, 2, 3])))
  const received = reader.read(chunk)
  chunk.fill(9)
  expect(received).toEqual([new Uint8Array([1, 2, 3])])
})
