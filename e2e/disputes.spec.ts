import { expect } from '@playwright/test'
import { chromiumPath, test } from './harness/browser.ts'
import { expectNothingSticksOut, open, seriousFindings, show } from './harness/gallery-page.ts'
import { escrowsPage } from './pages/escrows-page.ts'

test.skip(chromiumPath === null, 'There is no Chromium here. Install it with: apt-get install -y chromium')

test('a dispute is opened in three steps, says what it costs, and shows what the panel will see', async ({ gallery, systemBrowser }) => {
  const page = await open(systemBrowser, 'dark')
  const escrows = escrowsPage(page)
  await show(page, gallery.origin, 'busy', 'escrows')
  await escrows.open(page.locator('[data-testid=escrow][data-phase=delivered]').first())
  await escrows.openWizard()
  const dialog = page.getByRole('dialog', { name: 'Dispute this answer' })
  expect(await seriousFindings(page), 'why').toEqual([])
  await escrows.goOn()
  expect(await seriousFindings(page), 'evidence').toEqual([])
  await expect(dialog.getByRole('checkbox')).toHaveCount(2)
  for (const box of await dialog.getByRole('checkbox').all()) await expect(box).not.toBeChecked()
  await escrows.goOn()
  await expect(dialog).toContainText('5 arbiters are drawn by lot')
  await expect(dialog).toContainText('4 of 5 have to agree')
  expect(await seriousFindings(page), 'what then').toEqual([])
  await dialog.getByRole('button', { name: 'Close' }).click()
  await expect(escrows.detail).toHaveAttribute('data-phase', 'delivered')

  await escrows.dispute({ reason: 'It answers something else', details: 'Look at its first line.', shows: ['My question'] })
  await expect(escrows.detail).toHaveAttribute('data-phase', 'disputed')
  await expect(escrows.statement).toHaveText('It answers something else. Look at its first line.')
  await expect(escrows.disputeState).toContainText('your question')
  await page.context().close()
})

test('the provider answers a dispute before the panel has ruled', async ({ gallery, systemBrowser }) => {
  const page = await open(systemBrowser, 'light', 'small')
  const escrows = escrowsPage(page)
  await show(page, gallery.origin, 'busy', 'escrows')
  await escrows.open(page.locator('[data-testid=escrow][data-phase=panel]').nth(1))
  await expect(escrows.seats).toHaveCount(5)
  await escrows.respond('The registered answer is about the index. Compare it.')
  await expect(escrows.statement).toHaveText('The registered answer is about the index. Compare it.')
  await page.context().close()
})

test('an arbiter reads both sides, looks twice, and signs once', async ({ gallery, systemBrowser }) => {
  const page = await open(systemBrowser, 'dark', 'narrow')
  const escrows = escrowsPage(page)
  await show(page, gallery.origin, 'busy', 'escrows')
  await escrows.openDesk()
  await escrows.open(page.locator('[data-testid=case][data-state=waiting]'))
  await expect(escrows.exhibit('client')).toContainText('It is the question both sides signed for')
  await expect(escrows.exhibit('provider')).toContainText('is the one whose delivery was registered')
  await expectNothingSticksOut(page, 'a case')
  await escrows.rule('Half of the price')
  await expect(page.getByText('You have signed: Half of the price.')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Everything back to the client' })).toHaveCount(0)
  await page.context().close()
})

test('who contradicted itself is named in Network, with what follows', async ({ gallery, systemBrowser }) => {
  const page = await open(systemBrowser, 'light')
  await show(page, gallery.origin, 'busy', 'network')
  await expect(page.getByTestId('contradiction')).toHaveCount(3)
  await expect(page.locator('[data-offence=two-notarizations]')).toContainText('Witness 3 voted for two different steps')
  await expect(page.locator('[data-offence=two-orders]')).toContainText('nobody lost or doubled anything')
  await page.context().close()
})
