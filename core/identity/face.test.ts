import { entropyToMnemonic } from '@scure/bip39'
import { wordlist } from '@scure/bip39/wordlists/english.js'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sha256, toHex, utf8 } from '../platform/bytes.ts'
import { faceOf } from './face.ts'

test('a key always has the same words and the same picture', () => {
  const { words, picture } = faceOf(new Uint8Array(32).fill(7))
  expect([words.join(' '), toHex(picture)]).toEqual(['clever foot truck pizza park grant hold bullet', 'b708cba5c71a71cf'])
})

test('the words are the first 88 bits of the hash as BIP-39 writes them', () =>
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (key) => {
      const digest = sha256(utf8('claude-market/face/1'), key)
      // The library writes 16 bytes and a checksum as twelve words; the first eight stand for the first eleven bytes.
      expect(faceOf(key).words).toEqual(entropyToMnemonic(digest.slice(0, 16), wordlist).split(' ').slice(0, 8))
    }),
  ))

test('keys that differ in one bit have other words and another picture', () => {
  const key = new Uint8Array(32)
  const one = faceOf(key)
  for (let bit = 0; bit < 256; bit++) {
    const other = faceOf(key.map((byte, index) => (index === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte)))
    expect(other.words.join(' ')).not.toBe(one.words.join(' '))
    expect(toHex(other.picture)).not.toBe(toHex(one.picture))
  }
})
