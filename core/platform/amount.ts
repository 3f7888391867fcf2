import { fail, ok, type Failure, type Result } from './result.ts'

/** Micro-RUV; 1 RUV = 10⁶ µRUV. */
export type AmountMicro = bigint

export const microPerRuv = 1_000_000n
/** Cap of the whole supply, so that every amount fits a safe integer and an SQLite INTEGER (settlement.md §2). */
export const maxSupplyMicro = 9_000_000_000_000_000n

export const isAmount = (value: bigint): boolean => value >= 0n && value <= maxSupplyMicro

/** Reads an amount out of decoded CBOR (integers only); null when it is none. */
export const asAmount = (value: unknown): AmountMicro | null => {
  if (typeof value !== 'bigint' && !(typeof value === 'number' && Number.isSafeInteger(value))) return null
  const amount = BigInt(value)
  return isAmount(amount) ? amount : null
}

/** Parses what a person types ("12", "0.5", "1.000001") into µRUV. */
export const parseRuv = (text: string): Result<AmountMicro, Failure<'invalid-amount'>> => {
  const match = /^(\d{1,10})(?:\.(\d{1,6}))?$/.exec(text.trim())
  if (match === null) return fail('invalid-amount', 'Write an amount of RUV with digits and at most six decimals, such as 2.5.')
  const amount = BigInt(match[1] ?? '0') * microPerRuv + BigInt((match[2] ?? '').padEnd(6, '0'))
  return isAmount(amount) ? ok(amount) : fail('invalid-amount', 'That amount is larger than the supply can ever be.')
}

/** Shows µRUV as RUV with no needless zeros: 2500000n → "2.5". */
export const formatRuv = (amount: AmountMicro): string => {
  const sign = amount < 0n ? '-' : ''
  const magnitude = amount < 0n ? -amount : amount
  const fraction = (magnitude % microPerRuv).toString().padStart(6, '0').replace(/0+$/, '')
  return `${sign}${magnitude / microPerRuv}${fraction === '' ? '' : `.${fraction}`}`
}
