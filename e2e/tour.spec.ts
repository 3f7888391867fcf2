import { expect } from '@playwright/test'
import { test } from './harness/app.ts'
import { test as inGallery, chromiumPath } from './harness/browser.ts'
import { open, seriousFindings, show } from './harness/gallery-page.ts'

test('the tour is offered once, goes step by step with the keyboard alone, and is not offered again', async ({ launchApp }) => {
  const first = await launchApp({ practice: true })
  const { page } = first
  await expect(page.getByRole('link', { name: 'Take the tour' })).toBeVisible()
  await page.getByRole('link', { name: 'Take the tour' }).press('Enter')
  const tour = page.getByRole('dialog', { name: 'A short tour' })
  await expect(tour).toContainText('1 of 5')
  for (const step of [2, 3, 4, 5]) {
    await page.keyboard.press('Enter')
    await expect(tour).toContainText(`${step} of 5`)
  }
  await page.keyboard.press('Enter')
  await expect(tour).toBeHidden()
  await expect(page.getByRole('link', { name: 'Take the tour' })).toHaveCount(0)
  await first.electron.close()

  const again = await launchApp()
  await again.pages.home()
  await expect(again.page.getByText('Nothing needs you.')).toBeVisible()
  await expect(again.page.getByRole('link', { name: 'Take the tour' })).toHaveCount(0)
  await again.page.keyboard.press('Control+K')
  await again.page.keyboard.type('tour')
  await again.page.keyboard.press('Enter')
  await expect(again.page.getByRole('dialog', { name: 'A short tour' })).toContainText('1 of 5')
  await again.page.keyboard.press('Escape')
  await expect(again.page.getByRole('dialog')).toHaveCount(0)
})

inGallery.describe('in the gallery', () => {
  inGallery.skip(chromiumPath === null, 'There is no Chromium here. Install it with: apt-get install -y chromium')

  for (const theme of ['dark', 'light'] as const) {
    inGallery(`neither the tour nor the drill has a serious accessibility finding (${theme})`, async ({ gallery, systemBrowser }) => {
      const page = await open(systemBrowser, theme)
      await page.goto(`${gallery.origin}/gallery.html?scene=busy#/home/tour`)
      await expect(page.getByRole('dialog', { name: 'A short tour' })).toBeVisible()
      expect(await seriousFindings(page)).toEqual([])

      await show(page, gallery.origin, 'busy', 'settings')
      await page.getByRole('button', { name: 'Try my words…' }).click()
      const drill = page.getByRole('dialog', { name: 'Try your recovery phrase' })
      await drill.getByRole('button', { name: 'Try them' }).click()
      await expect(drill).toContainText('Type the words of your recovery phrase.')
      expect(await seriousFindings(page)).toEqual([])
      await drill.getByLabel('Recovery phrase').fill('abandon ability able')
      await drill.getByRole('button', { name: 'Try them' }).click()
      await expect(drill).toContainText('These words bring this account back.')
      await expect(page.getByText('abandon')).toHaveCount(0)
      await drill.getByRole('button', { name: 'Close' }).last().click()
      await expect(page.getByText(/^Last tried on/)).toBeVisible()
      await page.context().close()
    })
  }
})
