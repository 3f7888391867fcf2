import { t } from '../../messages/translate.ts'
import { Page } from '../../ui/page.tsx'
import { Asked } from './asked.tsx'
import { Composer } from './composer.tsx'
import { TakeOffer } from './take-offer.tsx'
import { TaskPage } from './task-page.tsx'

/** Without an item the composer and what was asked before; with one that question, or the offer that is to be taken. */
export const AskPage = ({ item }: { readonly item: string | null }) => {
  const offerId = item?.startsWith(OFFER) === true ? item.slice(OFFER.length) : null
  return item === null || offerId !== null ? (
    <Page title={t('ask.title')}>
      {offerId === null ? <Composer offer={null} /> : <TakeOffer key={offerId} offerId={offerId} />}
      <Asked />
    </Page>
  ) : (
    <TaskPage key={item} taskId={item} />
  )
}
/** How the address of one standing offer begins (links.askOffer). */
const OFFER = 'offer-'
