/** Amounts are bigint micro-RUV everywhere; only what a person reads or types is in RUV. */
const MICRO_PER_RUV = 1_000_000n

/** `1234500000n` → `1,234.50`: at least two decimals, at most the six there are. */
export const formatRuv = (amountMicro: bigint): string => {
  const magnitude = amountMicro < 0n ? -amountMicro : amountMicro
  const whole = (magnitude / MICRO_PER_RUV).toString().replaceAll(/\B(?=(?:\d{3})+$)/g, ',')
  const fraction = (magnitude % MICRO_PER_RUV)
    .toString()
    .padStart(6, '0')
    .replace(/0{1,4}$/, '')
  return `${amountMicro < 0n ? '−' : ''}${whole}.${fraction}`
}

/** What a person typed, in micro-RUV; null when it is no amount with up to six decimals. */
export const parseRuv = (typed: string): bigint | null => {
  const match = /^(\d{1,9})(?:\.(\d{1,6}))?$/.exec(typed.trim().replaceAll(',', ''))
  if (match === null) return null
  return BigInt(match[1] ?? '0') * MICRO_PER_RUV + BigInt((match[2] ?? '').padEnd(6, '0'))
}
