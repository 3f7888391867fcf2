import type { Locator, Page } from '@playwright/test'

export type EscrowsPage = {
  /** Each has `data-phase`. */
  readonly rows: Locator
  /** Opens one of the list. */
  readonly open: (row: Locator) => Promise<void>
  /** The one that is open; has `data-phase`. */
  readonly detail: Locator
  readonly certificates: Locator
  /** A move that the other side cannot take back: asked for, and said yes to. */
  readonly move: (name: 'Accept and pay' | 'Give it back') => Promise<void>
  readonly offerSplit: (toProvider: string) => Promise<void>
}

export const escrowsPage = (page: Page): EscrowsPage => ({
  rows: page.getByTestId('escrow'),
  open: (row) => row.getByRole('link').first().click(),
  detail: page.getByTestId('escrow-detail'),
  certificates: page.getByTestId('certificate'),
  move: async (name) => {
    await page.getByRole('button', { name, exact: true }).click()
    await page.getByRole('alertdialog').getByRole('button', { name, exact: true }).click()
  },
  offerSplit: async (toProvider) => {
    await page.getByRole('button', { name: 'Split it…' }).click()
    await page.getByLabel('To the provider').fill(toProvider)
    await page.getByRole('button', { name: 'Sign and offer' }).click()
  },
})
