import type { Locator, Page } from '@playwright/test'

/** Each witness has `data-reachable`. */
export type NetworkPage = { readonly witnesses: Locator; readonly peers: Locator }

export const networkPage = (page: Page): NetworkPage => ({ witnesses: page.getByTestId('witness'), peers: page.getByTestId('peer') })
