import fc from 'fast-check'
import { expect, test } from 'vitest'
import { keyFromSeed } from '../identity/ed25519.ts'
import { createSigner } from '../identity/signing.ts'
import { maxPayloadBytes } from '../network/limits.ts'
import { encodeCbor } from '../platform/cbor.ts'
import { maxDecreeBytes } from '../settlement/encoding.ts'
import { maxChunkCipherBytes, maxChunks } from './chunk-stream.ts'
import { maxSealedBytes } from './sealing.ts'
import {
  decodeClientFrame,
  decodeProviderFrame,
  encodeClientFrame,
  encodeProviderFrame,
  isResumeBy,
  maxClientFrameBytes,
  maxProviderFrameBytes,
  resumeFrame,
  type ClientFrame,
  type ProviderFrame,
} from './wire.ts'

const bytes = (length: number, byte = 7) => new Uint8Array(length).fill(byte)
const receipt = {
  escrowId: bytes(32),
  priceMicro: 12n,
  inputTokens: 3,
  outputTokens: 4,
  transcriptHash: bytes(32),
  startedAtMs: 1,
  firstTokenAtMs: 2,
  finishedAtMs: 3,
}
const largestStart: ClientFrame = {
  kind: 'start',
  openDecree: bytes(maxDecreeBytes),
  sealed: { enc: bytes(32), ciphertext: bytes(maxSealedBytes), signature: bytes(64) },
}
const clientFrames: readonly ClientFrame[] = [
  largestStart,
  { kind: 'resume', escrowId: bytes(32), fromCounter: maxChunks, signature: bytes(64) },
  { kind: 'acknowledge', nextCounter: 0, settledDecree: null },
  { kind: 'acknowledge', nextCounter: 9, settledDecree: bytes(maxDecreeBytes) },
  { kind: 'cancel' },
]
const providerFrames: readonly ProviderFrame[] = [
  { kind: 'accepted', escrowId: bytes(32), streamId: bytes(16) },
  { kind: 'refused', code: 'too-late', sentence: 'The deadline has passed.' },
  { kind: 'chunk', counter: 3, final: true, ciphertext: bytes(maxChunkCipherBytes) },
  { kind: 'done', signed: { receipt, providerSignature: bytes(64) } },
  { kind: 'failed', fault: 'model-refusal', sentence: 'x'.repeat(280) },
]

test('every frame comes back as it was sent, also the largest', () => {
  expect(clientFrames.map((frame) => decodeClientFrame(encodeClientFrame(frame)))).toEqual(
    clientFrames.map((value) => ({ ok: true, value })),
  )
  expect(providerFrames.map((frame) => decodeProviderFrame(encodeProviderFrame(frame)))).toEqual(
    providerFrames.map((value) => ({ ok: true, value })),
  )
})

test('the largest frame fits what the network carries', () => {
  expect(encodeClientFrame(largestStart).length).toBeLessThanOrEqual(maxClientFrameBytes)
  expect(Math.max(maxClientFrameBytes, maxProviderFrameBytes)).toBeLessThanOrEqual(maxPayloadBytes.task)
})

test.each<[string, ClientFrame]>([
  ['a decree over its bound', { ...largestStart, openDecree: bytes(maxDecreeBytes + 1) }],
  ['a short id', { kind: 'resume', escrowId: bytes(31), fromCounter: 0, signature: bytes(64) }],
  ['a negative counter', { kind: 'resume', escrowId: bytes(32), fromCounter: -1, signature: bytes(64) }],
  ['a counter beyond the last chunk', { kind: 'acknowledge', nextCounter: maxChunks + 1, settledDecree: null }],
])('a client frame with %s is malformed', (_, frame) => {
  expect(decodeClientFrame(encodeClientFrame(frame))).toMatchObject({ ok: false, error: { code: 'malformed' } })
})

test.each<[string, ProviderFrame]>([
  ['a chunk over its bound', { kind: 'chunk', counter: 0, final: false, ciphertext: bytes(maxChunkCipherBytes + 1) }],
  ['a sentence over its bound', { kind: 'failed', fault: 'client', sentence: 'x'.repeat(281) }],
  ['a sentence that turns the reading direction', { kind: 'failed', fault: 'client', sentence: 'abc\u202edef' }],
])('a provider frame with %s is malformed', (_, frame) => {
  expect(decodeProviderFrame(encodeProviderFrame(frame))).toMatchObject({ ok: false, error: { code: 'malformed' } })
})

test('no bytes make the decoders throw', () => {
  const expectResult = (data: Uint8Array) => {
    for (const decode of [decodeClientFrame, decodeProviderFrame]) expect(typeof decode(data).ok).toBe('boolean')
  }
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), expectResult))
  const item = fc.oneof(fc.integer({ min: 0, max: 6 }), fc.string(), fc.uint8Array({ maxLength: 70 }), fc.boolean(), fc.constant(null))
  fc.assert(fc.property(fc.nat(6), fc.array(item, { maxLength: 4 }), (kind, fields) => expectResult(encodeCbor([kind, fields]))))
  expect(decodeClientFrame(bytes(maxClientFrameBytes + 1))).toMatchObject({ ok: false })
})

test('only the client can resume its task, at the place it signed for', () => {
  const client = createSigner(keyFromSeed(bytes(32, 1)))
  const stranger = createSigner(keyFromSeed(bytes(32, 2)))
  const [federationId, escrowId] = [bytes(32, 3), bytes(32, 4)]
  const frame = resumeFrame(client, federationId, escrowId, 5)
  expect(isResumeBy(client.publicKey, federationId, frame)).toBe(true)
  expect(isResumeBy(client.publicKey, federationId, { ...frame, fromCounter: 0 })).toBe(false)
  expect(isResumeBy(client.publicKey, federationId, { ...frame, escrowId: bytes(32, 9) })).toBe(false)
  expect(isResumeBy(client.publicKey, bytes(32, 9), frame)).toBe(false)
  expect(isResumeBy(client.publicKey, federationId, resumeFrame(stranger, federationId, escrowId, 5))).toBe(false)
})
