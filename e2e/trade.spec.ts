import { expect } from '@playwright/test'
import AxeBuilder from '@axe-core/playwright'
import { test } from './harness/app.ts'
import { expectSettledTrade } from './flows.ts'
import { takeScreenshots } from './harness/screenshots.ts'

test('practice, ask, streamed answer, settled, and the balances add up', async ({ app }) => {
  await expectSettledTrade(app.pages)
  await takeScreenshots(app.page, 'settled')
  // Legacy mode: Electron gives a test no second page to finish in.
  const { violations } = await new AxeBuilder({ page: app.page }).setLegacyMode().analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`)).toEqual([])
})

test('the cheapest of three wins when the best bid is taken', async ({ app }) => {
  await expect((await app.pages.market()).offers).toHaveCount(3)
  const asking = await app.pages.ask()
  await asking.ask('Name three uses of a certificate.', { mode: 'Best bid' })
  await expect(asking.task).toHaveAttribute('data-state', 'settled')
  await expect(asking.bids.filter({ hasText: 'won' })).toHaveCount(1)
})

test('what was typed stays when it cannot be asked, and the reason is said', async ({ app }) => {
  await expect((await app.pages.market()).offers).toHaveCount(3)
  const asking = await app.pages.ask()

  await asking.ask('A question with an impossible cap', { cap: 'nothing' })
  await expect(asking.problem).toContainText('the most you would pay')
  await expect(asking.prompt).toHaveValue('A question with an impossible cap')

  await asking.ask('A question nobody can pay for', { cap: '5000' })
  await expect(asking.problem).toBeVisible()
  await expect(asking.prompt).toHaveValue('A question nobody can pay for')

  await asking.ask(
    'My key is sk-ant-api03-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA-AAAAAAAA',
    { cap: '1' },
  )
  await expect(asking.problem).toBeVisible()
  await expect(asking.prompt).toHaveValue(/sk-ant/)
  expect((await (await app.pages.wallet()).amounts()).lockedMicro).toBe(0n)
})
