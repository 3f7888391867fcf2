import { join } from 'node:path'
import { expect } from '@playwright/test'
import { rootPath } from '../scripts/process.ts'
import { chromiumPath, test } from './harness/browser.ts'
import { expectNothingSticksOut, open, seriousFindings, show } from './harness/gallery-page.ts'
import { askPage } from './pages/ask-page.ts'

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
