import { verifyAsync } from '@noble/ed25519'
import { describe, expect, it } from 'vitest'
import { fromHex, toHex } from '../platform/bytes.ts'
import { ed25519HardCases, judgeHardCases } from './ed25519-hard-cases.ts'
import { isAdmissiblePublicKey, keyFromSeed, verifyStrict } from './ed25519.ts'

describe('the strict Ed25519 verdict', () => {
  it('is the expected one on every hard case', () => {
    const verdicts = judgeHardCases()
    expect(verdicts.filter((verdict) => verdict.got !== verdict.expected)).toEqual([])
    expect(verdicts.length).toBeGreaterThan(60)
  })

  it('is tried with all eight points of small order', () => {
    const keys = ed25519HardCases().filter((hard) => hard.name.startsWith('A of small order'))
    expect(new Set(keys.map((hard) => toHex(hard.publicKey))).size).toBe(8)
  })

  it('is tried on real traps: a lax verifier accepts those that claim it', async () => {
    const judged = await Promise.all(
      ed25519HardCases().map(async (hard) => ({
        name: hard.name,
        accepts: await verifyAsync(hard.signature, hard.message, hard.publicKey, { zip215: true }).catch(() => false),
        claimed: hard.laxAccepts,
      })),
    )
    expect(judged.filter((row) => row.accepts !== row.claimed)).toEqual([])
  })

  it('does not change when a case is judged again from the cache', () => {
    expect(judgeHardCases()).toEqual(judgeHardCases())
  })

  it('of a signature that held says nothing of another signature, message or key, nor of its bytes once they have changed', () => {
    const key = keyFromSeed(new Uint8Array(32).fill(5))
    const other = keyFromSeed(new Uint8Array(32).fill(6)).publicKey
    const message = new Uint8Array(32).fill(7)
    const signature = key.signRaw(message)
    const changed = (bytes: Uint8Array) => bytes.with(9, 200)
    expect([1, 2].map(() => verifyStrict(signature, message, key.publicKey))).toEqual([true, true])
    const refused = [
      verifyStrict(changed(signature), message, key.publicKey),
      verifyStrict(signature, changed(message), key.publicKey),
      verifyStrict(signature, message, other),
      verifyStrict(signature, message.subarray(1), key.publicKey),
    ]
    message[0] = 8
    expect([...refused, verifyStrict(signature, message, key.publicKey)]).toEqual([false, false, false, false, false])
  })
})

describe('keys', () => {
  // RFC 8032 §7.1, test 2.
  const seed = fromHex('4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb')
  const publicKey = fromHex('3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c')

  it('sign as RFC 8032 says', () => {
    const key = keyFromSeed(seed)
    expect(toHex(key.publicKey)).toBe(toHex(publicKey))
    expect(toHex(key.signRaw(new Uint8Array([0x72])))).toBe(
      '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
    )
  })

  it('leave the seed they were made from as it was', () => {
    const given = seed.slice()
    keyFromSeed(given)
    expect(given).toEqual(seed)
  })

  it('are not made from a seed of another length', () => {
    expect(() => keyFromSeed(seed.subarray(1))).toThrow('32 bytes')
  })

  it('are admitted only as 32 canonical bytes', () => {
    expect(isAdmissiblePublicKey(publicKey)).toBe(true)
    expect(isAdmissiblePublicKey(publicKey.subarray(0, 31))).toBe(false)
    expect(isAdmissiblePublicKey(new Uint8Array(32))).toBe(false)
  })
})
