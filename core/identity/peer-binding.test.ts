import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeBytes, encodeBytes } from '../platform/codec.ts'
import { keyFromSeed } from './ed25519.ts'
import { peerBinding } from './peer-binding.ts'
import { isPeerId, peerIdOfSeed } from './peer-id.ts'
import { createSigner } from './signing.ts'

const nowMs = 1_750_000_000_000
const dayMs = 24 * 60 * 60 * 1000
const federationId = new Uint8Array(32).fill(1)
const signer = createSigner(keyFromSeed(new Uint8Array(32).fill(2)))
const subject = peerIdOfSeed(new Uint8Array(32))
const parts = { accountId: new Uint8Array(32).fill(3), subject, issuedAtMs: nowMs, expiresAtMs: nowMs + dayMs }
const signed = peerBinding.sign(signer, federationId, parts)
const expected = { federationId, subject, nowMs }
const refusal = (binding: typeof signed, asked = expected) => {
  const verified = peerBinding.verify(binding, asked)
  return verified.ok ? null : verified.error.code
}

describe('a peer id', () => {
  it('is the one libp2p gives the same key', () => {
    expect(subject).toBe('12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXTN')
  })

  it('always has the same length and beginning', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (seed) => {
        expect(isPeerId(peerIdOfSeed(seed))).toBe(true)
      }),
      { numRuns: 50 },
    )
    expect(isPeerId(`${subject}1`)).toBe(false)
    expect(isPeerId(subject.replace('J', '0'))).toBe(false)
  })
})

describe('a peer binding', () => {
  it('names the account and its key to whoever asks about that peer', () => {
    expect(peerBinding.verify(signed, expected)).toEqual({ ok: true, value: { version: 1, signingKey: signer.publicKey, ...parts } })
  })

  it('holds for its peer, federation and time only', () => {
    expect(refusal(signed, { ...expected, subject: peerIdOfSeed(new Uint8Array(32).fill(9)) })).toBe('other-subject')
    expect(refusal(signed, { ...expected, federationId: new Uint8Array(32) })).toBe('bad-signature')
    expect(refusal(signed, { ...expected, nowMs: nowMs + dayMs })).toBe('expired')
    expect(refusal(signed, { ...expected, nowMs: nowMs + dayMs - 1 })).toBe(null)
    expect(refusal(signed, { ...expected, nowMs: nowMs - 120_000 })).toBe(null)
    expect(refusal(signed, { ...expected, nowMs: nowMs - 120_001 })).toBe('not-yet-valid')
  })

  it('may not be valid for longer than a month', () => {
    expect(refusal(peerBinding.sign(signer, federationId, { ...parts, expiresAtMs: nowMs + 31 * dayMs }))).toBe(null)
    expect(refusal(peerBinding.sign(signer, federationId, { ...parts, expiresAtMs: nowMs + 31 * dayMs + 1 }))).toBe('lives-too-long')
  })

  it('survives encoding, and no changed byte of it is accepted', () => {
    const bytes = encodeBytes(peerBinding.codec, signed)
    const read = (from: Uint8Array) => decodeBytes(peerBinding.codec, from, 512, 'peer binding')
    expect(read(bytes)).toEqual({ ok: true, value: signed })
    for (let at = 0; at < bytes.length; at++) {
      const decoded = read(bytes.with(at, (bytes[at] ?? 0) ^ 0x01))
      expect(decoded.ok && refusal(decoded.value) === null).toBe(false)
    }
  })
})
