/** The app on the fake market: `gallery.html?scene=busy&theme=dark#/wallet`. Not a part of what is shipped. */
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { createMarketClient } from '../api/client.ts'
import { App } from '../app/app.tsx'
import { chooseLanguage } from '../messages/translate.ts'
import { MarketContext } from '../store/context.tsx'
import { createMarket } from '../store/market.ts'
import { Catalogue } from './catalogue.tsx'
import { createFakeMarket } from './fake-market.ts'
import { scenes, type SceneName } from './scenes.ts'
import '../styles/font.css'
import '../styles/tokens.css'
import '../styles/base.css'

const asked = new URLSearchParams(window.location.search).get('scene')
const isScene = (name: string | null): name is SceneName => name !== null && name in scenes
const fake = createFakeMarket(scenes[isScene(asked) ? asked : 'busy'])

const after = (delayMs: number, callback: () => void): (() => void) => {
  const timer = setTimeout(callback, delayMs)
  return () => clearTimeout(timer)
}

chooseLanguage('en', 'en-GB')
const client = createMarketClient(fake.connection.transport)
const market = createMarket({ client, connection: fake.connection, nowMs: Date.now, after })
const root = document.querySelector('#root')
if (root !== null)
  createRoot(root).render(
    <StrictMode>
      <MarketContext value={market}>{asked === 'catalogue' ? <Catalogue /> : <App />}</MarketContext>
    </StrictMode>,
  )
