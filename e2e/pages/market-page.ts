import type { Locator, Page } from '@playwright/test'

export type MarketPage = {
  readonly offers: Locator
  readonly requests: Locator
  readonly mine: Locator
  readonly take: (at: number) => Promise<void>
}

export const marketPage = (page: Page): MarketPage => ({
  offers: page.getByTestId('offer'),
  requests: page.getByTestId('request'),
  mine: page.getByTestId('own-request').or(page.getByTestId('own-offer')),
  take: (at) => page.getByRole('link', { name: 'Ask this one' }).nth(at).click(),
})
