import { expect, type Page } from '@playwright/test'
import { chromiumPath, test } from './harness/browser.ts'
import { expectNothingSticksOut, open, seriousFindings, show, type Size } from './harness/gallery-page.ts'

/** What opens above a screen or beside it, looked at as the screens themselves are. */
test.skip(chromiumPath === null, 'There is no Chromium here. Install it with: apt-get install -y chromium')

const LOOKS = [
  ['dark', 'wide', 'en-GB'],
  ['light', 'narrow', 'de-DE'],
] as const satisfies readonly (readonly ['dark' | 'light', Size, string])[]

const dialogIn = (page: Page) => page.getByRole('dialog')

for (const [theme, size, language] of LOOKS) {
  const look = `${theme}, ${size}, ${language}`
  test(`an invite that was opened is read before anything is done with it (${look})`, async ({ gallery, systemBrowser }) => {
    const page = await open(systemBrowser, theme, size)
    for (const scene of ['invited', 'first-start-invited']) {
      await page.goto(`${gallery.origin}/gallery.html?scene=${scene}&language=${language}`)
      await expect(dialogIn(page).locator('dt').first()).toBeVisible()
      expect(await seriousFindings(page), `${scene}, ${look}`).toEqual([])
      await page.keyboard.press('Escape')
      await expect(dialogIn(page)).toHaveCount(0)
    }
    await page.context().close()
  })

  test(`the log and a statement can be read by everybody (${look})`, async ({ gallery, systemBrowser }) => {
    const page = await open(systemBrowser, theme, size)
    await show(page, gallery.origin, 'busy', 'settings', language)
    await page.getByRole('button', { name: /Show the log…|Protokoll zeigen …/ }).click()
    await expect(dialogIn(page).getByTestId('log-line').first()).toBeVisible()
    expect(await seriousFindings(page), look).toEqual([])
    await show(page, gallery.origin, 'busy', 'wallet/statement', language)
    await expect(page.getByTestId('statement').getByRole('row').nth(3)).toBeVisible()
    await expectNothingSticksOut(page, look)
    expect(await seriousFindings(page), look).toEqual([])
    await page.context().close()
  })
}
