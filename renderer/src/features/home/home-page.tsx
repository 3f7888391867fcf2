import { t } from '../../messages/translate.ts'
import { useFollowed, useMarket } from '../../store/context.tsx'
import { ButtonLink } from '../../ui/button.tsx'
import { Facts } from '../../ui/facts.tsx'
import { links } from '../../ui/links.ts'
import { LoadedView, Page } from '../../ui/page.tsx'
import { Ruv } from '../../ui/ruv.tsx'

export const HomePage = () => {
  const { wallet } = useMarket()
  return (
    <Page
      title={t('nav.home')}
      actions={
        <ButtonLink href={links.ask} look='primary'>
          {t('ask.send')}
        </ButtonLink>
      }
    >
      <LoadedView of={useFollowed(wallet)} onRetry={wallet.refresh}>
        {({ availableMicro, lockedMicro, onTheWayMicro }) => (
          <Facts
            facts={[
              { name: t('wallet.available'), value: <Ruv micro={availableMicro} /> },
              { name: t('wallet.locked'), value: <Ruv micro={lockedMicro} /> },
              { name: t('wallet.onTheWay'), value: <Ruv micro={onTheWayMicro} /> },
            ]}
          />
        )}
      </LoadedView>
    </Page>
  )
}
