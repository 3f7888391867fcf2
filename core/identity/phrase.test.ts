import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromHex, toHex } from '../platform/bytes.ts'
import { createSeededRandom } from '../platform/random.ts'
import { createKeyTree, deviceIndexOf } from './keys.ts'
import { generateEntropy, parsePhrase, phraseOfEntropy, seedOfEntropy } from './phrase.ts'

/** BIP-39's reference vectors for 24 words; the seed there is stretched with a passphrase, so only words and entropy are compared. */
const vectors = [
  ['00'.repeat(32), `${'abandon '.repeat(23)}art`],
  [
    '7f'.repeat(32),
    'legal winner thank year wave sausage worth useful legal winner thank year wave sausage worth useful legal winner thank year wave sausage worth title',
  ],
  ['ff'.repeat(32), `${'zoo '.repeat(23)}vote`],
] as const

const entropies = fc.uint8Array({ minLength: 32, maxLength: 32 })
/** Every UTF-16 unit, lone surrogates too. */
const anyText = fc.uint8Array({ maxLength: 2_400, size: 'max' }).map((bytes) => Buffer.from(bytes).toString('utf16le'))
const refusalOf = (text: string) => {
  const parsed = parsePhrase(text)
  return parsed.ok ? null : parsed.error
}

describe('the recovery phrase', () => {
  it.each(vectors)('stands for the entropy %s as BIP-39 says', (hex, words) => {
    expect(phraseOfEntropy(fromHex(hex)).join(' ')).toBe(words)
    expect(parsePhrase(words)).toEqual({ ok: true, value: fromHex(hex) })
  })

  it('comes back from whatever way a person writes it down', () => {
    fc.assert(
      fc.property(entropies, (entropy) => {
        const words = phraseOfEntropy(entropy)
        const ways = [
          words.join(' '),
          words.join('\n'),
          words.map((w, i) => `${i + 1}. ${w.toUpperCase()}`).join('\r\n'),
          ` ${words.join(', ')}  `,
        ]
        for (const text of ways) expect(parsePhrase(text)).toEqual({ ok: true, value: entropy })
      }),
      { numRuns: 30 },
    )
  })

  it('says how many words there are when it is not 24', () => {
    const counted = (text: string) => [refusalOf(text)?.code, refusalOf(text)?.message.split('. ')[0]]
    expect(counted('')).toEqual(['word-count', 'This has 0 words'])
    expect(counted('abandon')).toEqual(['word-count', 'This has 1 word'])
    expect(counted(`${'abandon '.repeat(11)}about`)).toEqual(['word-count', 'This has 12 words'])
    expect(counted('abandon '.repeat(25))).toEqual(['word-count', 'This has 25 words'])
    expect(counted('a'.repeat(2000))).toEqual(['word-count', 'This is too long for a recovery phrase'])
  })

  it.each([
    ['abandno', 'abandon'],
    ['abandn', 'abandon'],
    ['zooo', 'zoo'],
    ['wintr', 'winter'],
    ['qqqqqqqq', null],
    ['12x34', null],
  ])('names an unknown word, %s, its place and the nearest one', (typed, suggestion) => {
    const refusal = refusalOf(phraseOfEntropy(new Uint8Array(32)).with(4, typed).join(' '))
    expect(refusal).toMatchObject({ code: 'unknown-word', position: 5, suggestion })
    expect(refusal?.message).toContain('Word 5')
  })

  it('refuses 24 known words whose checksum does not hold', () => {
    const words = phraseOfEntropy(fromHex('7f'.repeat(32)))
    expect(refusalOf(words.with(0, 'zoo').join(' '))?.code).toBe('checksum')
  })

  it('never throws, whatever is pasted', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(parsePhrase(text).ok).toBe(false)
      }),
    )
  })

  it('never echoes characters that could mislead', () => {
    expect(refusalOf('\u202Eevil')?.message).not.toContain('\u202E')
  })
})

describe('the keys of a phrase', () => {
  it('are stretched as BIP-39 says', () => {
    // Computed apart with Python's hashlib.pbkdf2_hmac.
    expect(toHex(seedOfEntropy(new Uint8Array(32)))).toBe(
      '408b285c123836004f4b8842c89324c1f01382450c0d439af345ba7fc49acf705489c6fc77dbd4e3dc1dd8cc6bc9f043db8ada1e243c4a0eafb290d399480840',
    )
  })

  it('are the same every time and all different from each other', () => {
    const entropy = generateEntropy(createSeededRandom('keys'))
    const keysOf = () => {
      const tree = createKeyTree(entropy)
      return [tree.accountKey(0), tree.accountKey(1), tree.deviceKey(0), tree.deviceKey(1)].map((key) => toHex(key.publicKey))
    }
    expect(keysOf()).toEqual(keysOf())
    expect(new Set(keysOf()).size).toBe(4)
  })

  it('have not moved: restoring an old phrase finds the same account', () => {
    expect(toHex(createKeyTree(new Uint8Array(32)).accountKey(0).publicKey)).toMatchInlineSnapshot(
      `"32138cccf02606f5f7be98a2811ec8246c4e01f984a52d93c829600e48b9849f"`,
    )
  })

  it('have device indexes within 31 bits', () => {
    expect(deviceIndexOf(new Uint8Array([0xff, 0xff, 0xff, 0xff]))).toBe(0x7fff_ffff)
    expect(deviceIndexOf(new Uint8Array([0, 0, 1, 2]))).toBe(258)
  })
})
