import type { OfferRow } from '../../store/types.ts'

export type QuoteRequest = { readonly promptBytes: number; readonly maxOutputTokens: number }

/** Three bytes to a token errs towards more tokens, as the providers' own estimate does. */
const BYTES_PER_TOKEN = 3

/** The most this could cost at an offer's standing prices, in micro-RUV. The bid decides; it may count the task's padding too. */
export const quoteMicro = ({ pricing }: Pick<OfferRow, 'pricing'>, { promptBytes, maxOutputTokens }: QuoteRequest): bigint => {
  const inputTokens = BigInt(Math.ceil(promptBytes / BYTES_PER_TOKEN))
  const tokensMicro = pricing.perThousandInputTokensMicro * inputTokens + pricing.perThousandOutputTokensMicro * BigInt(maxOutputTokens)
  const meteredMicro = pricing.perTaskMicro + (tokensMicro + 999n) / 1_000n
  return meteredMicro > pricing.minimumMicro ? meteredMicro : pricing.minimumMicro
}

export type QuotedOffer = Pick<OfferRow, 'pricing' | 'own' | 'provider'>

/** Nobody takes an offer of their own, or one of somebody they never want again. @returns null when nothing else is offered */
export const cheapestQuoteMicro = (offers: readonly QuotedOffer[], never: ReadonlySet<string>, request: QuoteRequest): bigint | null =>
  offers
    .filter(({ own, provider }) => !own && !never.has(provider))
    .map((offer) => quoteMicro(offer, request))
    .reduce<bigint | null>((least, quote) => (least === null || quote < least ? quote : least), null)
