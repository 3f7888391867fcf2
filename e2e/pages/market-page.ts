import type { Locator, Page } from '@playwright/test'

export type MarketPage = {
  /** One class out of the table of prices. */
  readonly chooseClass: (classKey: string) => Promise<void>
  /** What the chart shows, as a sentence. */
  readonly summary: Locator
  readonly chart: Locator
  /** The same as the chart, as rows. */
  readonly candles: Locator
  readonly showTable: () => Promise<void>
  readonly rungs: Locator
  readonly trades: Locator
  readonly offers: Locator
  readonly requests: Locator
  readonly mine: Locator
  readonly take: (at: number) => Promise<void>
}

export const marketPage = (page: Page): MarketPage => ({
  chooseClass: (classKey) => page.getByTestId('price-class').getByRole('button', { name: classKey }).click(),
  summary: page.getByTestId('price-summary'),
  chart: page.getByRole('img', { name: /^Prices of/ }),
  candles: page.getByTestId('candle'),
  showTable: () => page.getByText('Show it as a table').click(),
  rungs: page.getByTestId('rung'),
  trades: page.getByTestId('trade'),
  offers: page.getByTestId('offer'),
  requests: page.getByTestId('request'),
  mine: page.getByTestId('own-request').or(page.getByTestId('own-offer')),
  take: (at) => page.getByRole('link', { name: 'Take', exact: true }).nth(at).click(),
})
