import { join } from 'node:path'
import { expect, type Page } from '@playwright/test'
import { rootPath } from '../scripts/process.ts'
import { chromiumPath, test } from './harness/browser.ts'
import { expectNothingSticksOut, open, seriousFindings, show, type Size, type Theme } from './harness/gallery-page.ts'
import { askPage } from './pages/ask-page.ts'

test.skip(chromiumPath === null, 'There is no Chromium here. Install it with: apt-get install -y chromium')

/** As the system does it: with files alone, or with a text that says the same. */
const give = (page: Page, way: 'drop' | 'paste', name: string, alsoText: string | null = null): Promise<void> =>
  page.locator('.composer textarea').evaluate(
    (element, given) => {
      const data = new DataTransfer()
      data.items.add(new File([`what ${given.name} holds`], given.name))
      if (given.alsoText !== null) data.setData('text/plain', given.alsoText)
      const options = { bubbles: true, cancelable: true }
      element.dispatchEvent(
        given.way === 'drop'
          ? new DragEvent('drop', { ...options, dataTransfer: data })
          : new ClipboardEvent('paste', { ...options, clipboardData: data }),
      )
    },
    { way, name, alsoText },
  )

test('files are dropped, pasted and chosen, looked into, and taken away again', async ({ gallery, systemBrowser }) => {
  const page = await open(systemBrowser, 'light')
  await show(page, gallery.origin, 'busy', 'ask')
  const asking = askPage(page)
  await asking.prompt.fill('What do these say?')
  await give(page, 'drop', 'dropped.txt')
  await expect(asking.attachments).toHaveCount(1)
  await give(page, 'paste', 'pasted.txt')
  await expect(asking.attachments).toHaveCount(2)
  await give(page, 'paste', 'picture-of-the-cells.txt', 'cells of a table')
  await asking.attach([{ name: 'chosen.txt', content: 'chosen' }])
  await expect(asking.attachments).toHaveText([/dropped\.txt/, /pasted\.txt/, /chosen\.txt/])
  await expect(await asking.showReads()).toContainText('Attached file 2 of 3: pasted.txt')
  await page.keyboard.press('Escape')
  await asking.attachments.getByRole('button', { name: 'dropped.txt', exact: true }).click()
  await expect(page.getByRole('dialog', { name: 'dropped.txt' })).toContainText('what dropped.txt holds')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Remove dropped.txt' }).click()
  await expect(asking.attachments).toHaveText([/pasted\.txt/, /chosen\.txt/])
  await page.context().close()
})

const looks: readonly (readonly [Theme, Size])[] = [
  ['dark', 'wide'],
  ['light', 'small'],
  ['dark', 'narrow'],
]
for (const [theme, size] of looks)
  test(`a question with files can be read and used (${theme}, ${size})`, async ({ gallery, systemBrowser }) => {
    const page = await open(systemBrowser, theme, size)
    await show(page, gallery.origin, 'busy', 'ask')
    const asking = askPage(page)
    await asking.prompt.fill('Compare these two, and tell anna@example.org which is faster.')
    await asking.attach([
      { name: 'before.sql', content: 'select 1;\n'.repeat(90) },
      { name: `a-name-as-long-as-${'names-become-'.repeat(12)}.txt`, content: 'x'.repeat(12_345) },
      { name: 'plan.pdf', content: Buffer.from([0x25, 0x50, 0x44, 0x46, 0x00]) },
    ])
    await expect(asking.attachments).toHaveCount(2)
    await expect(page.getByTestId('privacy')).toContainText('Found: 1 e-mail address.')
    expect(await seriousFindings(page)).toEqual([])
    await expectNothingSticksOut(page, 'a question with files')
    await page.screenshot({ path: join(rootPath, 'screenshots', `ask-files-${size}-${theme}.png`) })
    await page.context().close()
  })
