import type { AmountMicro } from '../platform/amount.ts'
import type { Pricing } from '../settlement/objects.ts'

export type Usage = { readonly inputTokens: number; readonly outputTokens: number }

/**
 * The metered price of a usage, in µRUV: per task + per started thousandth of each thousand tokens, at least the minimum, never
 * above the cap. Fractions of a µRUV are rounded up, once, so that splitting a task never makes it cheaper.
 */
export const priceOf = (pricing: Pricing, usage: Usage, capMicro: AmountMicro): AmountMicro => {
  const metered =
    pricing.perThousandInputTokensMicro * BigInt(usage.inputTokens) + pricing.perThousandOutputTokensMicro * BigInt(usage.outputTokens)
  const price = pricing.perTaskMicro + (metered + 999n) / 1_000n
  const charged = price > pricing.minimumMicro ? price : pricing.minimumMicro
  return charged < capMicro ? charged : capMicro
}

/** English has about four bytes to a token, other languages and code fewer; three errs towards more tokens. */
const bytesPerToken = 3
/** The most tokens that text of this many bytes counts as, for quotes and caps. */
export const tokensOfBytes = (bytes: number): number => Math.ceil(bytes / bytesPerToken)
