import type { Locator, Page } from '@playwright/test'

export type LogView = {
  readonly lines: Locator
  readonly find: (words: string) => Promise<void>
  readonly show: (name: string) => Promise<void>
  readonly openFolder: () => Promise<void>
}

export type SettingsPage = {
  readonly openLog: () => Promise<LogView>
  readonly chooseTheme: (name: 'As the system' | 'Light' | 'Dark') => Promise<void>
  readonly chooseLanguage: (name: 'English' | 'Deutsch') => Promise<void>
  readonly chooseOnClose: (name: 'Ask the first time' | 'Keep running in the tray' | 'Quit') => Promise<void>
  readonly toggle: (name: 'Start at login' | 'Start hidden in the tray') => Promise<void>
  /** Each has `data-status`. */
  readonly consents: Locator
  readonly withdraw: (consent: Locator) => Promise<void>
  /** What was said of others. */
  readonly opinions: Locator
  readonly exportDecisions: Locator
  readonly saveBackup: Locator
  readonly fact: (name: string) => Locator
}

export const settingsPage = (page: Page): SettingsPage => ({
  openLog: async () => {
    await page.getByRole('button', { name: 'Show the log…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Log' })
    return {
      lines: dialog.getByTestId('log-line'),
      find: (words) => dialog.getByLabel('With these words').fill(words),
      show: async (name) => {
        await dialog.getByRole('button', { name: /Show/ }).click()
        await page.getByRole('option', { name, exact: true }).click()
      },
      openFolder: () => dialog.getByRole('button', { name: 'Open its folder' }).click(),
    }
  },
  chooseTheme: (name) => page.getByText(name, { exact: true }).click(),
  chooseLanguage: async (name) => {
    await page.getByRole('button', { name: /Language/ }).click()
    await page.getByRole('option', { name, exact: true }).click()
  },
  chooseOnClose: async (name) => {
    await page.getByRole('button', { name: /Closing the window/ }).click()
    await page.getByRole('option', { name, exact: true }).click()
  },
  toggle: (name) => page.getByText(name, { exact: true }).click(),
  consents: page.getByTestId('consent'),
  withdraw: async (consent) => {
    await consent.getByRole('button', { name: 'Withdraw' }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Withdraw' }).click()
  },
  opinions: page.getByTestId('opinion'),
  exportDecisions: page.getByRole('region', { name: 'What was decided' }).getByRole('button', { name: 'Export…' }),
  saveBackup: page.getByRole('button', { name: 'Save a backup file…' }),
  fact: (name) => page.locator('dt', { hasText: new RegExp(`^${name}$`) }).locator('xpath=following-sibling::dd[1]'),
})
