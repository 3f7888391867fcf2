import type { Locator, Page } from '@playwright/test'

/** In micro-RUV. */
export type Amounts = { readonly availableMicro: bigint; readonly lockedMicro: bigint; readonly onTheWayMicro: bigint }

export type StatementView = { readonly rows: Locator; readonly savePdf: () => Promise<void> }

export type WalletPage = {
  readonly openStatement: () => Promise<StatementView>
  readonly conservation: Locator
  readonly movements: Locator
  readonly amounts: () => Promise<Amounts>
  /** Opens the dialog of a transfer and fills it in. */
  readonly write: (transfer: { readonly to: string; readonly amount: string }) => Promise<void>
  /** A field of the dialog that is open. */
  readonly written: (label: string) => Locator
  /** Writes a transfer, looks at it once more, sends it, and closes what says that it is sent. */
  readonly send: (to: string, amount: string) => Promise<void>
  /** The same, and waits for nothing. */
  readonly order: (to: string, amount: string) => Promise<void>
  /** The transfer is under way. */
  readonly sending: Locator
  /** @returns the link */
  readonly invite: (amount: string) => Promise<string>
  /** Those that were made here. */
  readonly invites: Locator
  /** @returns the link of an invite of the list */
  readonly linkOf: (invite: Locator) => Promise<string>
  readonly claim: (link: string) => Promise<void>
  readonly problem: Locator
}

const microOf = async (locator: Locator): Promise<bigint> => {
  const text = (await locator.innerText()).replaceAll(/[^0-9.]/g, '')
  const [whole = '0', fraction = ''] = text.split('.')
  return BigInt(whole) * 1_000_000n + BigInt(fraction.padEnd(6, '0'))
}

export const walletPage = (page: Page): WalletPage => {
  const press = (name: string | RegExp): Promise<void> =>
    page.getByRole('button', typeof name === 'string' ? { name, exact: true } : { name }).click()
  const written = (label: string): Locator => page.getByRole('dialog').getByLabel(label)
  const write: WalletPage['write'] = async ({ to, amount }) => {
    await press('Send')
    await written('To account').fill(to)
    await written('Amount').fill(amount)
  }
  const order = async (to: string, amount: string): Promise<void> => {
    await write({ to, amount })
    await press('Check it')
    await press(/^Send .* RUV$/)
  }
  const takeLink = async (): Promise<string> => {
    const link = (await page.getByTestId('invite-link').innerText()).trim()
    await press('Done')
    return link
  }
  return {
    conservation: page.getByTestId('conservation'),
    movements: page.getByTestId('movement'),
    amounts: async () => ({
      availableMicro: await microOf(page.getByTestId('available')),
      lockedMicro: await microOf(page.getByTestId('locked')),
      onTheWayMicro: await microOf(page.getByTestId('on-the-way')),
    }),
    sending: page.getByRole('button', { name: /^Send .* RUV$/ }).filter({ has: page.locator('.spinner') }),
    write,
    written,
    order,
    send: async (to, amount) => {
      await order(to, amount)
      await press('Done')
    },
    openStatement: async () => {
      await page.getByRole('link', { name: 'Statement…' }).click()
      return {
        rows: page.getByTestId('statement').getByRole('row'),
        savePdf: () => page.getByRole('button', { name: 'Save as PDF' }).click(),
      }
    },
    invite: async (amount) => {
      await press('Invite')
      await page.getByLabel('Their first RUV').fill(amount)
      await press('Make the link')
      return takeLink()
    },
    invites: page.getByTestId('own-invite'),
    linkOf: async (invite) => {
      await invite.getByRole('button', { name: 'Show link' }).click()
      return takeLink()
    },
    claim: async (link) => {
      await press('Claim an invite')
      await page.getByLabel('Invite link').fill(link)
      await press('Claim')
    },
    problem: page.getByRole('dialog').locator('[role=alert], .field-error'),
  }
}
