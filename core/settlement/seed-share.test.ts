import { describe, expect, it } from 'vitest'
import { concatBytes, equalBytes, sha256, utf8 } from '../platform/bytes.ts'
import { isSeedKey, isSeedKeyProven, seedKeyOf, verifyShare } from './seed-share.ts'
import { hash, signerOf } from './testing/world.ts'

const witnessKey = signerOf('witness 0').publicKey
const key = seedKeyOf(hash('seed'), witnessKey)
const other = seedKeyOf(hash('another seed'), signerOf('witness 1').publicKey)
const dispute = { federationId: hash('federation'), escrowId: hash('escrow'), disputeHash: hash('dispute') }

describe('a share', () => {
  const share = key.share(dispute)

  it('is the same every time, and another one for another dispute', () => {
    expect(key.share(dispute)).toEqual(share)
    for (const changed of [{ federationId: hash('x') }, { escrowId: hash('x') }, { disputeHash: hash('x') }])
      expect(equalBytes(key.share({ ...dispute, ...changed }), share)).toBe(false)
  })

  it('holds for its key and its dispute alone', () => {
    expect(verifyShare(dispute, key.publicKey, share)).toBe(true)
    expect(verifyShare(dispute, other.publicKey, share)).toBe(false)
    for (const changed of [{ federationId: hash('x') }, { escrowId: hash('x') }, { disputeHash: hash('x') }])
      expect(verifyShare({ ...dispute, ...changed }, key.publicKey, share)).toBe(false)
  })

  it('is refused in any other form: cut, longer, flipped, infinite, or a proof of possession', () => {
    const infinity = new Uint8Array(96).with(0, 0xc0)
    const forms = [share.subarray(1), concatBytes(share, new Uint8Array(1)), share.with(95, (share[95] ?? 0) ^ 1), infinity, key.proof()]
    expect(forms.map((form) => verifyShare(dispute, key.publicKey, form))).toEqual(forms.map(() => false))
    expect(verifyShare(dispute, new Uint8Array(48).with(0, 0xc0), infinity)).toBe(false)
  })
})

describe('a seed key', () => {
  it('is proven for the voting key it was made with, and no other', () => {
    expect(isSeedKeyProven(key.publicKey, key.proof(), witnessKey)).toBe(true)
    expect(isSeedKeyProven(key.publicKey, key.proof(), signerOf('witness 1').publicKey)).toBe(false)
    expect(isSeedKeyProven(key.publicKey, other.proof(), witnessKey)).toBe(false)
    expect(isSeedKeyProven(other.publicKey, key.proof(), witnessKey)).toBe(false)
  })

  it('is a point of the right group in its one encoding, and not infinity', () => {
    const notInGroup = new Uint8Array(48).with(0, 0x80).with(47, 4)
    const uncompressed = concatBytes(sha256(utf8('x')), sha256(utf8('y')).subarray(16))
    const forms = [new Uint8Array(48), new Uint8Array(48).with(0, 0xc0), notInGroup, uncompressed, key.publicKey.subarray(1)]
    expect(forms.map(isSeedKey)).toEqual(forms.map(() => false))
    expect(isSeedKey(key.publicKey)).toBe(true)
  })
})
