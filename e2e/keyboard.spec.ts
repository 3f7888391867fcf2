import { join } from 'node:path'
import { expect, type Page } from '@playwright/test'
import { rootPath } from '../scripts/process.ts'
import { chromiumPath, test } from './harness/browser.ts'
import { expectNothingSticksOut, open, seriousFindings, show } from './harness/gallery-page.ts'
import { askPage } from './pages/ask-page.ts'
import { walletPage } from './pages/wallet-page.ts'

test.skip(chromiumPath === null, 'There is no Chromium here. Install it with: apt-get install -y chromium')

test('the palette finds an action by a part of its name, and does it', async ({ gallery, systemBrowser }) => {
  const page = await open(systemBrowser, 'dark')
  await show(page, gallery.origin, 'busy', 'home')
  await page.keyboard.press('Control+k')
  const palette = page.getByRole('dialog', { name: 'Command palette' })
  await expect(palette.getByRole('searchbox')).toBeFocused()
  await page.screenshot({ path: join(rootPath, 'screenshots', 'palette.png') })
  expect(await seriousFindings(page)).toEqual([])
  await page.keyboard.type('wal')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1, name: 'Wallet' })).toBeVisible()
  await expect(palette).toHaveCount(0)

  await page.keyboard.press('Control+k')
  await page.keyboard.type('there is no such thing')
  await expect(palette).toContainText('Nothing is called that.')
  await page.keyboard.press('Escape')
  await page.keyboard.press('Escape')
  await expect(palette).toHaveCount(0)
  await page.context().close()
})

test('every area has a key, and a sheet lists them all', async ({ gallery, systemBrowser }) => {
  const page = await open(systemBrowser, 'light', 'small')
  await show(page, gallery.origin, 'busy', 'home')
  await page.keyboard.press('Control+8')
  await expect(page.getByRole('heading', { level: 1, name: 'Network' })).toBeVisible()
  await page.keyboard.press('?')
  const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
  await expect(sheet.locator('dt')).toHaveCount(15)
  expect(await seriousFindings(page)).toEqual([])
  await expectNothingSticksOut(page, 'the sheet')
  await page.keyboard.press('Escape')
  await expect(sheet).toHaveCount(0)
  await page.context().close()
})

test('a question mark that is typed into a question stays one', async ({ gallery, systemBrowser }) => {
  const page = await open(systemBrowser, 'dark')
  await show(page, gallery.origin, 'busy', 'ask')
  const { prompt } = askPage(page)
  await prompt.pressSequentially('Why?')
  await expect(prompt).toHaveValue('Why?')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await page.context().close()
})

const titleOf = (page: Page, name: string) => page.getByRole('heading', { level: 1, name, exact: true })

test('whatever leads to another view leads to its title and its top', async ({ gallery, systemBrowser }) => {
  const page = await open(systemBrowser, 'dark', 'small')
  const press = async (name: string): Promise<void> => {
    await page.getByRole('link', { name }).first().focus()
    await page.keyboard.press('Enter')
  }
  await show(page, gallery.origin, 'busy', 'home')
  for (const [key, title] of ['Home', 'Ask', 'Market', 'Provide', 'Wallet', 'Escrows', 'Reputation', 'Network', 'Settings'].entries()) {
    await page.keyboard.press(`Control+${key + 1}`)
    await expect(titleOf(page, title)).toBeFocused()
  }
  await page.keyboard.press('Control+6')
  await page.locator('.content').evaluate((element) => element.scrollTo(0, 400))
  await press('Settled')
  await expect(titleOf(page, 'Escrow')).toBeFocused()
  expect(await page.locator('.content').evaluate(({ scrollTop }) => scrollTop)).toBe(0)

  await show(page, gallery.origin, 'busy', 'market')
  await page.getByRole('button', { name: 'claude-small' }).press('Enter')
  await expect(page.getByTestId('price-summary')).toBeVisible()
  await expect(titleOf(page, 'Market')).toBeFocused()

  await show(page, gallery.origin, 'empty', 'provide')
  await press('Set up a backend')
  await expect(titleOf(page, 'A backend')).toBeFocused()

  await page.keyboard.press('Control+k')
  await page.keyboard.type('wal')
  await page.keyboard.press('Enter')
  await expect(titleOf(page, 'Wallet')).toBeFocused()
  await page.context().close()
})

test('whatever opens above a view gives the focus back to what opened it, also after its last step', async ({ gallery, systemBrowser }) => {
  const page = await open(systemBrowser, 'dark')
  await show(page, gallery.origin, 'busy', 'wallet')
  const opener = (name: string) => page.getByRole('button', { name, exact: true })
  const wallet = walletPage(page)

  await wallet.send('ab'.repeat(32), '1')
  await expect(opener('Send')).toBeFocused()
  await wallet.invite('5')
  await expect(opener('Invite')).toBeFocused()

  await opener('Invite').press('Enter')
  await page.getByRole('button', { name: 'Make the link' }).press('Enter')
  await page.getByTestId('invite-link').waitFor()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('alertdialog')).toHaveCount(0)
  await expect(opener('Invite')).toBeFocused()

  // What leads to a dialog of another view is gone when that closes.
  await show(page, gallery.origin, 'founder', 'home')
  await page.getByRole('link', { name: 'Invite somebody' }).press('Enter')
  await expect(page.getByRole('dialog', { name: 'Invite somebody' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(titleOf(page, 'Wallet')).toBeFocused()

  // The tour begins with a view of its own: what opened it is gone.
  await page.keyboard.press('Control+k')
  await page.keyboard.type('tour')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog').getByRole('button', { name: 'Continue' })).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(titleOf(page, 'Home')).toBeFocused()
  await page.context().close()
})
