import { t } from '../../messages/translate.ts'
import { Page } from '../../ui/page.tsx'
import { Offers } from './offers.tsx'
import { Requests } from './requests.tsx'

export const MarketPage = () => (
  <Page title={t('market.title')} width='wide'>
    <Offers />
    <Requests />
  </Page>
)
