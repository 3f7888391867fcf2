import type { Locator, Page } from '@playwright/test'

export type EscrowsPage = {
  readonly rows: Locator
  /** Opens one of the list. */
  readonly open: (row: Locator) => Promise<void>
  readonly detail: Locator
  readonly certificates: Locator
}

export const escrowsPage = (page: Page): EscrowsPage => ({
  rows: page.getByTestId('escrow'),
  open: (row) => row.getByRole('link').first().click(),
  detail: page.getByTestId('escrow-detail'),
  certificates: page.getByRole('list', { name: 'Certificates' }).getByRole('listitem'),
})
