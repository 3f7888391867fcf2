import { lazy, Suspense, useEffect, type ComponentType } from 'react'
import { HomePage } from '../features/home/home-page.tsx'
import { t } from '../messages/translate.ts'
import { useFollowed, useMarket } from '../store/context.tsx'
import { Button } from '../ui/button.tsx'
import { FullPage } from '../ui/notice.tsx'
import { Skeleton } from '../ui/page.tsx'
import { Boundary } from './boundary.tsx'
import { useRoute, type Area } from './route.ts'
import { Shell } from './shell.tsx'

type AreaPage = ComponentType<{ readonly item: string | null }>

/** Home is there at once; the other screens come when they are first opened. */
const PAGES: Readonly<Record<Area, AreaPage>> = {
  home: HomePage,
  ask: lazy(() => import('../features/ask/ask-page.tsx').then(({ AskPage }) => ({ default: AskPage }))),
  market: lazy(() => import('../features/market/market-page.tsx').then(({ MarketPage }) => ({ default: MarketPage }))),
  wallet: lazy(() => import('../features/wallet/wallet-page.tsx').then(({ WalletPage }) => ({ default: WalletPage }))),
  escrows: lazy(() => import('../features/escrows/escrows-page.tsx').then(({ EscrowsPage }) => ({ default: EscrowsPage }))),
  network: lazy(() => import('../features/network/network-page.tsx').then(({ NetworkPage }) => ({ default: NetworkPage }))),
}

export const App = () => {
  const { info } = useMarket()
  const loaded = useFollowed(info)
  const { area, item } = useRoute()
  useEffect(() => {
    document.title = `${t(`nav.${area}`)} – ${t('app.name')}`
  }, [area])
  if (loaded.status === 'failed') {
    return (
      <FullPage isAlert title={t('app.failed.title')} action={<Button onPress={info.refresh}>{t('common.tryAgain')}</Button>}>
        {loaded.message}
      </FullPage>
    )
  }
  const AreaPage = PAGES[area]
  return (
    <Shell area={area}>
      <Boundary key={area}>
        <Suspense fallback={<PageOutline />}>
          <AreaPage item={item} />
        </Suspense>
      </Boundary>
    </Shell>
  )
}

const PageOutline = () => (
  <div className='page'>
    <Skeleton lines={6} />
  </div>
)
