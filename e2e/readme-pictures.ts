/** Draws the pictures of the README anew, on the fake market: `npm run screenshots`. */
import { mkdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { chromium, type Page } from '@playwright/test'
import { rootPath } from '../scripts/process.ts'
import { openGallery } from '../scripts/gallery.ts'
import { marketPage } from './pages/market-page.ts'

const folder = join(rootPath, 'docs', 'pictures')
/** All of them together: whoever clones the repository pays for them. */
const maxBytes = 300_000
const quality = 82
const size = { width: 1280, height: 800 }

type Picture = {
  readonly name: string
  readonly view: string
  readonly theme: 'dark' | 'light'
  readonly prepare?: (page: Page) => Promise<unknown>
}

const firstRow = (page: Page, testId: string, text = ''): Promise<void> =>
  page.getByTestId(testId).filter({ hasText: text }).first().getByRole('link').first().click()

const pictures: readonly Picture[] = [
  { name: 'home', view: 'home', theme: 'light' },
  { name: 'question', view: 'ask', theme: 'dark', prepare: (page) => firstRow(page, 'asked', 'Settled') },
  { name: 'market', view: 'market', theme: 'dark', prepare: (page) => marketPage(page).chooseClass('claude-small') },
  { name: 'case', view: 'escrows/desk', theme: 'light', prepare: (page) => firstRow(page, 'case') },
]

const gallery = await openGallery()
const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium'
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
await mkdir(folder, { recursive: true })
let total = 0
for (const { name, view, theme, prepare } of pictures) {
  const context = await browser.newContext({
    viewport: size,
    colorScheme: theme,
    reducedMotion: 'reduce',
    locale: 'en-GB',
    timezoneId: 'UTC',
  })
  const page = await context.newPage()
  await page.goto(`${gallery.origin}/gallery.html?scene=busy#/${view}`)
  await page.getByRole('heading', { level: 1 }).first().waitFor()
  await prepare?.(page)
  await page.waitForLoadState('networkidle')
  await page.evaluate(() => document.fonts.ready)
  await page.mouse.move(0, 0)
  // WebP is half the size of PNG; Playwright's own call does not know it.
  const session = await context.newCDPSession(page)
  const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality })
  const path = join(folder, `${name}.webp`)
  await writeFile(path, Buffer.from(data, 'base64'))
  const { size: bytes } = await stat(path)
  total += bytes
  console.log(`${name}.webp: ${Math.round(bytes / 1_000)} kB`)
  await context.close()
}
await browser.close()
await gallery.close()
console.log(`${Math.round(total / 1_000)} kB of at most ${maxBytes / 1_000} kB`)
if (total > maxBytes) process.exitCode = 1
