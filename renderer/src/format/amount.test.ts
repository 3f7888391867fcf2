import { afterEach, describe, expect, test } from 'vitest'
import { formatRuv, formatSignedRuv, missingZeros, parseRuv, splitFine } from './amount.ts'
import { setLocale } from './locale.ts'

afterEach(() => setLocale('en-GB'))

describe('an amount as a person reads and types it', () => {
  test.each([
    [0n, '0.00'],
    [1n, '0.000001'],
    [500_000n, '0.50'],
    [1_234_500_000n, '1,234.50'],
    [-2_000_000n, '−2.00'],
    [9_000_000_000_000_001n, '9,000,000,000.000001'],
  ])('%s µRUV reads %s RUV', (micro, text) => expect(formatRuv(micro)).toBe(text))

  test.each(['en-GB', 'en-IN', 'de-DE', 'de-CH', 'fr-FR'])('what is shown can be typed (%s)', (tag) => {
    setLocale(tag)
    for (const micro of [1n, 10n, 999_999n, 1_000_000n, 123_456_789n, 987_654_000_000n]) expect(parseRuv(formatRuv(micro))).toBe(micro)
  })

  test('an amount copied with its unit or with spaces is understood', () => {
    expect([' 12.50 RUV ', '1 234.5', '1,234.5'].map(parseRuv)).toEqual([12_500_000n, 1_234_500_000n, 1_234_500_000n])
  })

  test('a separator that means something else here is refused rather than guessed', () => {
    expect(['1,5', '1,50', '12,34,567', '1.234.567', '1,2345', '1234,567'].map(parseRuv)).toEqual([null, null, null, null, null, null])
    setLocale('de-DE')
    expect([parseRuv('1,5'), parseRuv('1.5'), parseRuv('1.234,5')]).toEqual([1_500_000n, null, 1_234_500_000n])
  })

  test.each(['', '-1', '1e3', '1.2345678', '.5', '1.', 'one', '0x10', '1'.repeat(5_000)])('%j is no amount', (typed) =>
    expect(parseRuv(typed)).toBeNull(),
  )

  test('what comes has a plus, what goes a minus', () =>
    expect([3n, 0n, -3n].map(formatSignedRuv)).toEqual(['+0.000003', '0.00', '−0.000003']))

  test('with the zeros that were left away every amount has six decimals', () => {
    for (const micro of [0n, 1n, 10n, 500_000n, -1_234_500_000n, 999_999n])
      expect(`${formatRuv(micro)}${missingZeros(micro)}`).toMatch(/\.\d{6}$/)
  })

  test('what is finer than a cent can be set apart', () => {
    expect(splitFine(formatRuv(1_234_567_891n))).toEqual(['1,234.56', '7891'])
    setLocale('de-DE')
    expect(splitFine(formatRuv(1_234_567_891n))).toEqual(['1.234,56', '7891'])
  })
})
