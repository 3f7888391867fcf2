import { describe, expect, test } from 'vitest'
import { formatRuv, parseRuv } from './amount.ts'

describe('an amount as a person reads and types it', () => {
  test.each([
    [0n, '0.00'],
    [1n, '0.000001'],
    [500_000n, '0.50'],
    [1_234_500_000n, '1,234.50'],
    [-2_000_000n, '−2.00'],
    [9_000_000_000_000_000n, '9,000,000,000.00'],
  ])('%s µRUV reads %s RUV', (micro, text) => expect(formatRuv(micro)).toBe(text))

  test('what is shown can be typed', () => {
    for (const micro of [1n, 10n, 999_999n, 1_000_000n, 123_456_789n]) expect(parseRuv(formatRuv(micro))).toBe(micro)
  })

  test.each(['', '-1', '1e3', '1.2345678', '.5', '1.', 'one', '0x10'])('%j is no amount', (typed) => expect(parseRuv(typed)).toBeNull())
})
