import { rich, t } from '../../messages/translate.ts'
import { useFollowed, useMarket } from '../../store/context.tsx'
import { links } from '../../ui/links.ts'
import { LoadedView } from '../../ui/page.tsx'
import { WordMark } from '../../ui/opinion.tsx'
import { Peer } from '../../ui/peer.tsx'
import { Composer } from './composer.tsx'

/** The composer with the provider of one standing offer, who alone is asked. */
export const TakeOffer = ({ offerId }: { readonly offerId: string }) => {
  const resource = useMarket().offer(offerId)
  return (
    <>
      <LoadedView of={useFollowed(resource)} lines={4} onRetry={resource.refresh}>
        {({ offer }) => (
          <>
            <p className='soft' data-testid='taken-offer'>
              {rich('ask.one', { provider: <Peer id={offer.provider} own={offer.own} />, class: <span>{offer.classKey}</span> })}{' '}
              <WordMark provider={offer.provider} />
            </p>
            <Composer offer={offer} />
          </>
        )}
      </LoadedView>
      <p>
        <a href={links.ask}>{t('ask.everybody')}</a>
      </p>
    </>
  )
}
