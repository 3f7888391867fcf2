import type { Locator, Page } from '@playwright/test'

/** In micro-RUV. */
export type Amounts = { readonly availableMicro: bigint; readonly lockedMicro: bigint; readonly onTheWayMicro: bigint }

export type WalletPage = {
  readonly conservation: Locator
  readonly movements: Locator
  readonly amounts: () => Promise<Amounts>
}

const microOf = async (locator: Locator): Promise<bigint> => {
  const text = (await locator.innerText()).replaceAll(/[^0-9.]/g, '')
  const [whole = '0', fraction = ''] = text.split('.')
  return BigInt(whole) * 1_000_000n + BigInt(fraction.padEnd(6, '0'))
}

export const walletPage = (page: Page): WalletPage => ({
  conservation: page.getByTestId('conservation'),
  movements: page.getByTestId('movement'),
  amounts: async () => ({
    availableMicro: await microOf(page.getByTestId('available')),
    lockedMicro: await microOf(page.getByTestId('locked')),
    onTheWayMicro: await microOf(page.getByTestId('on-the-way')),
  }),
})
