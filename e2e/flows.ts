import { expect } from '@playwright/test'
import type { MarketPage } from './pages/market-page.ts'

/** The whole main job on the screen, in whichever window shows it. */
export const expectSettledTrade = async (market: MarketPage): Promise<void> => {
  await expect(market.offers).toHaveCount(3)
  await expect(market.conservation).toHaveAttribute('data-holds', 'true')
  const before = await market.amounts()

  await market.ask('Why is the sky blue, and why does it turn red in the evening?')
  await expect(market.bids.first()).toBeVisible()
  await expect(market.answer).not.toBeEmpty()
  await expect(market.task).toHaveAttribute('data-state', 'settled')
  for (const name of ['requested', 'bids', 'locked', 'sent', 'received', 'running', 'delivered', 'settled'])
    await expect(market.step(name)).toHaveAttribute('data-state', 'done')
  await expect(market.answer).toContainText(/simulated/i)
  await expect(market.bids.filter({ hasText: 'won' })).toHaveCount(1)

  const escrow = market.escrows.first()
  await expect(escrow).toHaveAttribute('data-phase', 'settled')
  await expect(escrow.getByRole('list', { name: 'Certificates' }).getByRole('listitem')).toHaveCount(2)

  await expect.poll(async () => (await market.amounts()).lockedMicro).toBe(0n)
  await expect(market.conservation).toHaveAttribute('data-holds', 'true')
  const after = await market.amounts()
  const paidMicro = before.availableMicro + before.onTheWayMicro - after.availableMicro - after.onTheWayMicro
  expect(paidMicro > 0n && paidMicro < 1_000_000n, `paid ${paidMicro} µRUV`).toBe(true)
}
