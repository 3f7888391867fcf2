import { parseRuv } from '../../format/amount.ts'
import { rich, t } from '../../messages/translate.ts'
import { useFollowed, useMarket } from '../../store/context.tsx'
import { useNeverProviders } from '../../ui/opinion.tsx'
import { Ruv } from '../../ui/ruv.tsx'
import type { OfferRow } from '../../store/types.ts'
import type { Draft } from './draft.ts'
import { sizeOf } from './attach.ts'
import { cheapestQuoteMicro, quoteMicro, type QuotedOffer } from './quote.ts'
import { taskText } from './task-text.ts'

/** What this would cost and what it can cost at most, before anything is spent. */
export const Quote = ({ draft }: { readonly draft: Draft }) => {
  const offers = useFollowed(useMarket().offers(draft.classKey === '' ? null : draft.classKey))
  return (
    <p className='composer-quote' role='status'>
      {offers.status === 'ready' ? (
        <QuoteText draft={draft} offers={offers.value.rows.map(({ row }) => row)} />
      ) : offers.status === 'loading' ? (
        t('ask.quoteWaiting')
      ) : null}
    </p>
  )
}

/** The same for the one offer that is taken. */
export const OfferQuote = ({ draft, offer }: { readonly draft: Draft; readonly offer: OfferRow }) => {
  const size = { promptBytes: sizeOf(taskText(draft)), maxOutputTokens: draft.maxOutputTokens }
  return (
    <p className='composer-quote' role='status'>
      {rich('ask.quoteOne', { price: <Ruv micro={quoteMicro(offer, size)} /> })}
    </p>
  )
}

type QuoteTextProps = { readonly draft: Draft; readonly offers: readonly QuotedOffer[] }

const QuoteText = ({ draft, offers }: QuoteTextProps) => {
  const never = useNeverProviders()
  const promptBytes = sizeOf(taskText(draft))
  const priceMicro = cheapestQuoteMicro(offers, never, { promptBytes, maxOutputTokens: draft.maxOutputTokens })
  if (priceMicro === null && draft.classKey === '') return t('ask.problem.noClass')
  if (priceMicro === null) return t(offers.some(({ own }) => !own) ? 'ask.noQuote.unwanted' : 'ask.noQuote')
  const capMicro = parseRuv(draft.cap)
  if (capMicro === null) return null
  const values = { price: <Ruv micro={priceMicro} />, cap: <Ruv micro={capMicro} /> }
  return priceMicro > capMicro ? <span className='composer-over'>{rich('ask.quoteAboveCap', values)}</span> : rich('ask.quote', values)
}
