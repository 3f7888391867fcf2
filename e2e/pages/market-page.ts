import type { Locator, Page } from '@playwright/test'

export type MarketPage = { readonly offers: Locator; readonly requests: Locator }

export const marketPage = (page: Page): MarketPage => ({ offers: page.getByTestId('offer'), requests: page.getByTestId('request') })
