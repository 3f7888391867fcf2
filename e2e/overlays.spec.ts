import { expect, type Page } from '@playwright/test'
import { contractExamples } from '../core/contract/testing/contract-examples.ts'
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
  test(`what was opened is read before anything is done with it (${look})`, async ({ gallery, systemBrowser }) => {
    const page = await open(systemBrowser, theme, size)
    for (const scene of ['invited', 'first-start-invited', 'backup-opened', 'first-start-backup']) {
      await page.goto(`${gallery.origin}/gallery.html?scene=${scene}&language=${language}`)
      await expect(dialogIn(page).locator('dt').first()).toBeVisible()
      expect(await seriousFindings(page), `${scene}, ${look}`).toEqual([])
      await page.keyboard.press('Escape')
      await expect(dialogIn(page)).toHaveCount(0)
    }
    await page.context().close()
  })

  test(`an account is brought back from a file that was chosen, or is told why not (${look})`, async ({ gallery, systemBrowser }) => {
    const page = await open(systemBrowser, theme, size)
    await page.goto(`${gallery.origin}/gallery.html?scene=first-start&language=${language}`)
    await page.getByRole('button', { name: /Bring it back from its recovery phrase|Aus der Wiederherstellungsphrase/ }).click()
    const choose = (name: string, content: string) =>
      page.locator('input[type=file]').setInputFiles({ name, mimeType: 'text/plain', buffer: Buffer.from(content) })
    await choose('notes.claude-market-backup', 'nothing of the kind')
    await expect(page.locator('.field-error')).toContainText('Claude Market')
    expect(await seriousFindings(page), look).toEqual([])
    await choose('account.claude-market-backup', contractExamples.setup.readBackup.input.content)
    await expect(page.locator('.setup-found dd').first()).toHaveText(contractExamples.setup.readBackup.output.federation.name)
    await expectNothingSticksOut(page, look)
    expect(await seriousFindings(page), look).toEqual([])
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
