import { join } from 'node:path'
import { expect, type Page } from '@playwright/test'
import { rootPath } from '../scripts/process.ts'
import { chromiumPath, test } from './harness/browser.ts'
import { expectNothingSticksOut, open, seriousFindings, show, type Size, type Theme } from './harness/gallery-page.ts'

test.skip(chromiumPath === null, 'There is no Chromium here. Install it with: apt-get install -y chromium')

const looks: readonly (readonly [Theme, Size])[] = [
  ['dark', 'wide'],
  ['light', 'small'],
  ['dark', 'narrow'],
]
const wordsIn = (page: Page, where: string): Promise<string> => page.locator(where).getByTestId('key-words').innerText()

for (const [theme, size] of looks)
  test(`a key is compared by eight words wherever it decides something, and an invite is scanned (${theme}, ${size})`, async ({
    gallery,
    systemBrowser,
  }) => {
    const page = await open(systemBrowser, theme, size)
    const look = async (what: string): Promise<void> => {
      expect(await seriousFindings(page), what).toEqual([])
      await expectNothingSticksOut(page, what)
      await page.screenshot({ path: join(rootPath, 'screenshots', `key-${what}-${size}-${theme}.png`) })
    }
    await show(page, gallery.origin, 'busy', 'wallet')
    await expect(page.getByTestId('key-words').getByRole('listitem')).toHaveCount(8)
    await look('own')

    await page.getByRole('button', { name: 'Send', exact: true }).click()
    await page.getByLabel('To account').fill('7e41'.repeat(16))
    await page.getByLabel('Amount').fill('2.50')
    await page.getByRole('button', { name: 'Check it' }).click()
    await expect(page.getByRole('dialog').getByTestId('key-words').getByRole('listitem')).toHaveCount(8)
    expect(await wordsIn(page, '[role=dialog]')).not.toBe(await wordsIn(page, '.own-account'))
    await look('send')

    await show(page, gallery.origin, 'busy', 'escrows')
    await page.getByTestId('escrow').first().getByRole('link').first().click()
    await page.getByRole('button', { name: 'Compare' }).click()
    await expect(page.getByRole('dialog', { name: 'Compare this key' }).getByTestId('key-words').getByRole('listitem')).toHaveCount(8)
    await look('party')

    await show(page, gallery.origin, 'busy', 'wallet')
    await page.getByRole('button', { name: 'Invite', exact: true }).click()
    await page.getByRole('button', { name: 'Make the link' }).click()
    await expect(page.getByRole('img', { name: 'The invite link as a QR code' })).toBeVisible()
    const [code, link] = [
      await page.getByRole('img', { name: 'QR code' }).boundingBox(),
      await page.getByTestId('invite-link').boundingBox(),
    ]
    expect((code?.y ?? 0) + (code?.height ?? 0), 'nothing lies on the code').toBeLessThanOrEqual(link?.y ?? 0)
    await look('invite')
    await page.context().close()
  })
