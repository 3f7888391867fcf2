import type { Locator, Page } from '@playwright/test'

export type DisputeWish = { readonly reason: string; readonly details?: string; readonly shows?: readonly string[] }

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
  /** Goes through the wizard: why, what the panel may see, and yes. */
  readonly dispute: (wish: DisputeWish) => Promise<void>
  /** The same where the wizard is open already. */
  readonly goThroughWizard: (wish: DisputeWish) => Promise<void>
  readonly openWizard: () => Promise<void>
  readonly goOn: () => Promise<void>
  /** Has `data-seated`. */
  readonly disputeState: Locator
  readonly seats: Locator
  readonly statement: Locator
  readonly respond: (statement: string) => Promise<void>
  /** The arbiter's desk: each case has `data-state`. */
  readonly openDesk: () => Promise<void>
  readonly cases: Locator
  readonly exhibit: (role: 'client' | 'provider') => Locator
  readonly rule: (outcome: 'The price to the provider' | 'Half of the price' | 'Everything back to the client') => Promise<void>
}

export const escrowsPage = (page: Page): EscrowsPage => {
  const press = (name: string | RegExp): Promise<void> =>
    page.getByRole('button', typeof name === 'string' ? { name, exact: true } : { name }).click()
  const openWizard = (): Promise<void> => press('Dispute it…')
  const goOn = (): Promise<void> => press('Continue')
  const goThroughWizard = async ({ reason, details = '', shows = [] }: DisputeWish): Promise<void> => {
    // The label is pressed, as by a person: the radio button itself is not drawn.
    await page.getByText(reason, { exact: true }).click()
    await page.getByLabel('Tell the arbiters what they should look at').fill(details)
    await goOn()
    for (const shown of shows) await page.getByText(shown, { exact: true }).click()
    await goOn()
    await press('Open the dispute')
  }
  return {
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
    openWizard,
    goOn,
    dispute: async (wish) => {
      await openWizard()
      await goThroughWizard(wish)
    },
    goThroughWizard,
    disputeState: page.getByTestId('dispute'),
    seats: page.getByTestId('seat'),
    statement: page.getByTestId('dispute-statement'),
    respond: async (statement) => {
      await press('Answer the dispute…')
      await page.getByLabel('Your words').fill(statement)
      await press('Show it to the panel')
    },
    openDesk: () => page.getByRole('link', { name: /desk|for your ruling/ }).click(),
    cases: page.getByTestId('case'),
    exhibit: (role) => page.getByTestId(`exhibit-${role}`),
    rule: async (outcome) => {
      await press(outcome)
      await page.getByRole('alertdialog').getByRole('button', { name: 'Sign this ruling' }).click()
    },
  }
}
