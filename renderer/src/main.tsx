import { StrictMode, type ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import { createMarketClient } from './api/client.ts'
import { connectBridge, connectSocket, takeToken, type Connection } from './api/connect.ts'
import { App } from './app.tsx'
import { MarketContext } from './store/context.tsx'
import { createMarketStore } from './store/market-store.ts'
import { startSync } from './store/sync.ts'
import { FullPageNotice } from './ui/notice.tsx'
import './styles/tokens.css'
import './styles/base.css'
import './styles/layout.css'

const connect = (): Connection | null => {
  if (window.market !== undefined) return connectBridge(window.market)
  const token = takeToken(window)
  return token === null ? null : connectSocket(window.location, token)
}

const page = (): ReactNode => {
  const connection = connect()
  if (connection === null) {
    return (
      <FullPageNotice title='This address has no key'>
        Open the whole address that the market printed when it started: the part after # is the key to it.
      </FullPageNotice>
    )
  }
  const client = createMarketClient(connection.transport)
  const store = createMarketStore()
  const market = { client, store, sync: startSync(client, connection, store) }
  return (
    <MarketContext value={market}>
      <App />
    </MarketContext>
  )
}

const root = document.querySelector('#root')
if (root !== null) createRoot(root).render(<StrictMode>{page()}</StrictMode>)
