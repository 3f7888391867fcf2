import type { Locator, Page } from '@playwright/test'
import { askPage, type AskPage } from './ask-page.ts'
import { escrowsPage, type EscrowsPage } from './escrows-page.ts'
import { incomingPage, type IncomingPage } from './incoming-page.ts'
import { setupPage, type SetupPage } from './setup-page.ts'
import { networkPage, type NetworkPage } from './network-page.ts'
import { providePage, type ProvidePage } from './provide-page.ts'
import { settingsPage, type SettingsPage } from './settings-page.ts'
import { marketPage, type MarketPage } from './market-page.ts'
import { walletPage, type WalletPage } from './wallet-page.ts'

/** Every screen, by what a person sees on it; going to one is what a person does too. */
export type Pages = {
  readonly setup: SetupPage
  readonly incoming: IncomingPage
  /** What concerns every screen, above each of them. */
  readonly notice: Locator
  /** What comes by the way, over whatever is shown. */
  readonly remark: Locator
  readonly home: () => Promise<void>
  readonly ask: () => Promise<AskPage>
  readonly market: () => Promise<MarketPage>
  readonly wallet: () => Promise<WalletPage>
  readonly escrows: () => Promise<EscrowsPage>
  readonly provide: () => Promise<ProvidePage>
  readonly reputation: () => Promise<void>
  readonly network: () => Promise<NetworkPage>
  readonly settings: () => Promise<SettingsPage>
}

export const pagesOf = (page: Page): Pages => {
  const goTo = async (name: string): Promise<void> => {
    await page.getByRole('navigation', { name: 'Areas' }).getByRole('link', { name }).click()
    await page.getByRole('heading', { level: 1, name }).waitFor()
  }
  const at = async <T>(name: string, screen: (page: Page) => T): Promise<T> => {
    await goTo(name)
    return screen(page)
  }
  return {
    setup: setupPage(page),
    incoming: incomingPage(page),
    notice: page.locator('.content-notice'),
    remark: page.locator('.remark'),
    home: () => goTo('Home'),
    ask: () => at('Ask', askPage),
    market: () => at('Market', marketPage),
    wallet: () => at('Wallet', walletPage),
    escrows: () => at('Escrows', escrowsPage),
    provide: () => at('Provide', providePage),
    reputation: () => goTo('Reputation'),
    network: () => at('Network', networkPage),
    settings: () => at('Settings', settingsPage),
  }
}
