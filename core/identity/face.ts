import { wordlist } from '@scure/bip39/wordlists/english.js'
import { faceWords as wordCount } from '../contract/identity.ts'
import { sha256, utf8 } from '../platform/bytes.ts'

/**
 * What people compare of a key, by voice or at a glance, instead of 64 digits. It is taken from SHA-256 over this tag and the key. Eight
 * words of the BIP-39 list are 88 bits: whoever wants a key with the same words has to try some 2^88 keys. The picture draws the next 64
 * bits, fewer of which an eye tells apart, so it only ever shows that two keys differ.
 */
export type Face = { readonly words: readonly string[]; readonly picture: Uint8Array }

const tag = utf8('claude-market/face/1')
const wordBits = 11
const wordsBytes = (wordCount * wordBits) / 8
const pictureBytes = 8

export const faceOf = (key: Uint8Array): Face => {
  const digest = sha256(tag, key)
  const bits = digest.slice(0, wordsBytes).reduce((all, byte) => (all << 8n) | BigInt(byte), 0n)
  const words = Array.from({ length: wordCount }, (_, index) => {
    const place = Number((bits >> BigInt((wordCount - 1 - index) * wordBits)) & BigInt(2 ** wordBits - 1))
    return wordlist[place] ?? ''
  })
  return { words, picture: digest.slice(wordsBytes, wordsBytes + pictureBytes) }
}
