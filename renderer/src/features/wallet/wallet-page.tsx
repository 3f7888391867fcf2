import { t } from '../../messages/translate.ts'
import { useFollowed, useMarket } from '../../store/context.tsx'
import { LoadedView, Page, Section } from '../../ui/page.tsx'
import { AddsUp, Balance } from './balance.tsx'
import { History } from './history.tsx'

export const WalletPage = () => {
  const { wallet, history } = useMarket()
  const summary = useFollowed(wallet)
  const movements = useFollowed(history)
  const all = movements.status === 'ready' && movements.value.nextCursor === null ? movements.value.rows : null
  return (
    <Page title={t('wallet.title')}>
      <Section title={t('wallet.balance')} isTitleUnseen>
        <LoadedView of={summary} onRetry={wallet.refresh}>
          {(value) => (
            <Balance summary={value}>
              {all !== null && all.length > 0 && <AddsUp summary={value} history={all.map(({ row }) => row)} />}
            </Balance>
          )}
        </LoadedView>
      </Section>
      <History />
    </Page>
  )
}
