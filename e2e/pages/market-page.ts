import type { Locator, Page } from '@playwright/test'

/** The one screen, by what a person sees on it. */
export type MarketPage = {
  readonly ask: (prompt: string, options?: { readonly cap?: string; readonly mode?: 'first bid' | 'best bid' }) => Promise<void>
  readonly task: Locator
  readonly answer: Locator
  readonly bids: Locator
  readonly escrows: Locator
  readonly offers: Locator
  readonly conservation: Locator
  readonly alert: Locator
  readonly prompt: Locator
  readonly step: (name: string) => Locator
  readonly amounts: () => Promise<Amounts>
}

/** In micro-RUV. */
export type Amounts = { readonly availableMicro: bigint; readonly lockedMicro: bigint; readonly onTheWayMicro: bigint }

const microOf = async (locator: Locator): Promise<bigint> => {
  const text = (await locator.innerText()).replaceAll(/[^0-9.]/g, '')
  const [whole = '0', fraction = ''] = text.split('.')
  return BigInt(whole) * 1_000_000n + BigInt(fraction.padEnd(6, '0'))
}

export const marketPage = (page: Page): MarketPage => {
  const prompt = page.getByLabel('Your question')
  return {
    ask: async (text, { cap, mode } = {}) => {
      await prompt.fill(text)
      if (cap !== undefined) await page.getByLabel('At most, in RUV').fill(cap)
      if (mode !== undefined) await page.getByRole('radio', { name: mode }).check()
      await page.getByRole('button', { name: 'Ask', exact: true }).click()
    },
    task: page.getByTestId('task'),
    answer: page.getByTestId('answer'),
    bids: page.getByTestId('bid'),
    escrows: page.getByTestId('escrow'),
    offers: page.getByTestId('offer'),
    conservation: page.getByTestId('conservation'),
    alert: page.getByRole('alert'),
    prompt,
    step: (name) => page.getByTestId(`step-${name}`),
    amounts: async () => ({
      availableMicro: await microOf(page.getByTestId('available')),
      lockedMicro: await microOf(page.getByTestId('locked')),
      onTheWayMicro: await microOf(page.getByTestId('on-the-way')),
    }),
  }
}
