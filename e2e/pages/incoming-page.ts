import type { Locator, Page } from '@playwright/test'

/** What was opened outside of the app, above whatever is shown. */
export type IncomingPage = { readonly dialog: Locator; readonly press: (name: string) => Promise<void> }

export const incomingPage = (page: Page): IncomingPage => {
  const dialog = page.getByRole('dialog')
  return { dialog, press: (name) => dialog.getByRole('button', { name, exact: true }).last().click() }
}
