import { StrictMode, type ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import { createMarketClient } from './api/client.ts'
import { connectBridge, connectSocket, takeToken, type Connection } from './api/connect.ts'
import { App } from './app/app.tsx'
import { speak, t, tongueOf } from './messages/translate.ts'
import type { Settings } from './store/types.ts'
import { MarketContext } from './store/context.tsx'
import { createMarket } from './store/market.ts'
import { FullPage } from './ui/notice.tsx'
import './styles/font.css'
import './styles/tokens.css'
import './styles/base.css'
import './styles/print.css'

const connect = (): Connection | null => {
  if (window.market !== undefined) return connectBridge(window.market)
  const token = takeToken(window)
  return token === null ? null : connectSocket(window.location, token)
}

const after = (delayMs: number, callback: () => void): (() => void) => {
  const timer = setTimeout(callback, delayMs)
  return () => clearTimeout(timer)
}

const tongueFor = (choice: Settings['language']) => tongueOf(choice, navigator.languages)

const page = (): ReactNode => {
  const connection = connect()
  if (connection === null) {
    return (
      <FullPage isAlert title={t('app.noKey.title')}>
        {t('app.noKey.body')}
      </FullPage>
    )
  }
  const market = createMarket({ client: createMarketClient(connection.transport), connection, nowMs: Date.now, after })
  return (
    <MarketContext value={market}>
      <App tongueFor={tongueFor} />
    </MarketContext>
  )
}

speak(tongueFor('system'))
const root = document.querySelector('#root')
if (root !== null) createRoot(root).render(<StrictMode>{page()}</StrictMode>)
