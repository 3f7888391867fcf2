import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from '@playwright/test'
import { expectSettledTrade } from './flows.ts'
import { test, type MarketApp } from './harness/app.ts'

/** Answers the system's dialog as somebody who keeps the file there, or thinks better of it. */
const answerSaving = ({ electron }: MarketApp, filePath: string | null): Promise<void> =>
  electron.evaluate(({ dialog }, path) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: path === null, filePath: path ?? '' })
  }, filePath)
/** Whole, as far as a PDF says of itself. */
const isPdf = (path: string): boolean => {
  const bytes = existsSync(path) ? readFileSync(path, 'latin1') : ''
  return bytes.startsWith('%PDF-') && bytes.trimEnd().endsWith('%%EOF')
}

test('a statement and an escrow are kept as PDF where their owner says', async ({ app, userDataPath }) => {
  await expectSettledTrade(app.pages)
  const wallet = await app.pages.wallet()
  const statement = await wallet.openStatement()
  await expect(statement.rows.filter({ hasText: 'First supply' })).toHaveCount(1)
  await answerSaving(app, null)
  await statement.savePdf()
  const path = join(userDataPath, 'statement.pdf')
  await answerSaving(app, path)
  await statement.savePdf()
  await expect.poll(() => isPdf(path)).toBe(true)
  await expect(statement.rows.last()).toContainText('Held after')

  const escrows = await app.pages.escrows()
  await escrows.open(escrows.rows.first())
  const receipt = join(userDataPath, 'escrow.pdf')
  await answerSaving(app, receipt)
  await app.page.getByRole('button', { name: 'Save as PDF' }).click()
  await expect.poll(() => isPdf(receipt)).toBe(true)

  await answerSaving(app, join(userDataPath, 'nowhere', 'escrow.pdf'))
  await app.page.getByRole('button', { name: 'Save as PDF' }).click()
  await expect(app.page.getByRole('alert')).toContainText('The PDF could not be')
})

test('on paper nothing is left that can only be pressed', async ({ app }) => {
  await (await app.pages.wallet()).openStatement()
  await app.page.emulateMedia({ media: 'print' })
  await expect(app.page.getByRole('button')).toHaveCount(0)
  await expect(app.page.getByRole('navigation')).toHaveCount(0)
  await expect(app.page.getByRole('table', { name: 'Statement' })).toBeVisible()
})
