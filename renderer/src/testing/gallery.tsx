/**
 * The app on the fake market: `gallery.html?scene=busy&language=de#/wallet`. A language may also be `pseudo`, or `rtl`, which is English
 * from right to left. Not a part of what is shipped.
 */
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { createMarketClient } from '../api/client.ts'
import { App } from '../app/app.tsx'
import { speak, tongueOf, type Tongue } from '../messages/translate.ts'
import { MarketContext } from '../store/context.tsx'
import { createMarket } from '../store/market.ts'
import type { Settings } from '../store/types.ts'
import { Catalogue } from './catalogue.tsx'
import { createFakeMarket } from './fake-market.ts'
import { pseudoTongue } from './pseudo.ts'
import { scenes, type SceneName } from './scenes.ts'
import '../styles/font.css'
import '../styles/tokens.css'
import '../styles/base.css'
import '../styles/print.css'

const parameters = new URLSearchParams(window.location.search)
const asked = parameters.get('scene')
const askedLanguage = parameters.get('language') ?? 'en-GB'
const isScene = (name: string | null): name is SceneName => name !== null && name in scenes
const fake = createFakeMarket(scenes[isScene(asked) ? asked : 'busy'])

const after = (delayMs: number, callback: () => void): (() => void) => {
  const timer = setTimeout(callback, delayMs)
  return () => clearTimeout(timer)
}

if (askedLanguage === 'rtl') document.documentElement.dir = 'rtl'
const tongueFor = (choice: Settings['language']): Tongue => {
  if (askedLanguage === 'pseudo') return pseudoTongue
  if (askedLanguage === 'rtl') return { ...tongueOf('en', ['en-GB']), tag: 'he-IL' }
  return tongueOf(choice, [askedLanguage])
}
speak(tongueFor('system'))
const client = createMarketClient(fake.connection.transport)
const market = createMarket({ client, connection: fake.connection, nowMs: Date.now, after })
const root = document.querySelector('#root')
if (root !== null)
  createRoot(root).render(
    <StrictMode>
      <MarketContext value={market}>{asked === 'catalogue' ? <Catalogue /> : <App tongueFor={tongueFor} />}</MarketContext>
    </StrictMode>,
  )
