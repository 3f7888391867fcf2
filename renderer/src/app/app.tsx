import { lazy, Suspense, useEffect, useState, type ComponentType, type ReactNode } from 'react'
import { HomePage } from '../features/home/home-page.tsx'
import { speak, t, type Tongue } from '../messages/translate.ts'
import { MarketContext, useFollowed, useMarket } from '../store/context.tsx'
import { valueOf } from '../store/loaded.ts'
import type { Settings } from '../store/types.ts'
import { Button } from '../ui/button.tsx'
import { FocusMemory } from '../ui/focus.tsx'
import { LocaleProvider } from '../ui/locale-provider.tsx'
import { FullPage } from '../ui/notice.tsx'
import { Skeleton } from '../ui/page.tsx'
import { Boundary } from './boundary.tsx'
import { RemarkNotice } from './remark-notice.tsx'
import { useRoute, type Area } from './route.ts'
import { Shell } from './shell.tsx'

type AreaPage = ComponentType<{ readonly item: string | null }>

/** Home is there at once; the other screens come when they are first opened. */
const PAGES: Readonly<Record<Area, AreaPage>> = {
  home: HomePage,
  ask: lazy(() => import('../features/ask/ask-page.tsx').then(({ AskPage }) => ({ default: AskPage }))),
  market: lazy(() => import('../features/market/market-page.tsx').then(({ MarketPage }) => ({ default: MarketPage }))),
  provide: lazy(() => import('../features/provide/provide-page.tsx').then(({ ProvidePage }) => ({ default: ProvidePage }))),
  wallet: lazy(() => import('../features/wallet/wallet-page.tsx').then(({ WalletPage }) => ({ default: WalletPage }))),
  escrows: lazy(() => import('../features/escrows/escrows-page.tsx').then(({ EscrowsPage }) => ({ default: EscrowsPage }))),
  reputation: lazy(() => import('../features/reputation/reputation-page.tsx').then(({ ReputationPage }) => ({ default: ReputationPage }))),
  settings: lazy(() => import('../features/settings/settings-page.tsx').then(({ SettingsPage }) => ({ default: SettingsPage }))),
  network: lazy(() => import('../features/network/network-page.tsx').then(({ NetworkPage }) => ({ default: NetworkPage }))),
}

const IncomingWhileRunning = lazy(() =>
  import('../features/setup/incoming.tsx').then((module) => ({ default: module.IncomingWhileRunning })),
)
const SetupPage = lazy(() => import('../features/setup/setup-page.tsx').then((module) => ({ default: module.SetupPage })))

/** Until a market runs the first start, the lock, or why it failed; then the screens. */
export const App = ({ tongueFor }: { readonly tongueFor: (choice: Settings['language']) => Tongue }) => {
  useTheme()
  const settings = useFollowed(useMarket().settings)
  if (settings.status === 'loading') return null
  const tongue = tongueFor(valueOf(settings)?.language ?? 'system')
  return (
    <Spoken key={tongue.tag} tongue={tongue}>
      <FocusMemory>
        <Phases />
      </FocusMemory>
      <RemarkNotice />
    </Spoken>
  )
}

/** Whatever stands in it is drawn anew for another language. */
const Spoken = ({ tongue, children }: { readonly tongue: Tongue; readonly children: ReactNode }) => {
  useState(() => speak(tongue))
  useEffect(() => {
    document.documentElement.lang = tongue.tag
  }, [tongue])
  return <LocaleProvider tag={tongue.tag}>{children}</LocaleProvider>
}

const Phases = () => {
  const setup = useFollowed(useMarket().setup)
  if (setup.status === 'loading') return null
  // Without an answer the screens say what is wrong.
  if (setup.status === 'failed' || setup.value.phase === 'running') return <Session />
  return (
    <Boundary>
      <Suspense>
        <SetupPage status={setup.value} />
      </Suspense>
    </Boundary>
  )
}

/** The theme that was chosen; without a choice the style sheets follow the system. */
const useTheme = (): void => {
  const theme = valueOf(useFollowed(useMarket().settings))?.theme ?? 'system'
  useEffect(() => {
    if (theme === 'system') delete document.documentElement.dataset['theme']
    else document.documentElement.dataset['theme'] = theme
  }, [theme])
}

/** Of the market that runs now; another one later gets screens of its own. */
const Session = () => {
  const [market] = useState(useMarket().renewed)
  return (
    <MarketContext value={market}>
      <Screens />
    </MarketContext>
  )
}

const Screens = () => {
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
    <>
      <Shell area={area} view={`${area}/${item ?? ''}`}>
        <Boundary>
          <Suspense fallback={<PageOutline />}>
            <AreaPage item={item} />
          </Suspense>
        </Boundary>
      </Shell>
      <Suspense>
        <IncomingWhileRunning />
      </Suspense>
    </>
  )
}

const PageOutline = () => (
  <div className='page'>
    <Skeleton lines={6} />
  </div>
)
