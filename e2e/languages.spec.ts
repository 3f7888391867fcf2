import { join } from 'node:path'
import { expect, type Page } from '@playwright/test'
import { rootPath } from '../scripts/process.ts'
import { chromiumPath, test } from './harness/browser.ts'
import { expectNothingSticksOut, follow, open, show, VIEWS } from './harness/gallery-page.ts'

test.skip(chromiumPath === null, 'There is no Chromium here. Install it with: apt-get install -y chromium')
test.setTimeout(180_000)

const FIRST_STEPS = ['first-start', 'locked'] as const

/** Goes through every view of a scene, and one question and one escrow. */
const throughViews = async (
  page: Page,
  origin: string,
  { scene, language }: { readonly scene: string; readonly language: string },
  look: (what: string) => Promise<void>,
): Promise<void> => {
  for (const view of VIEWS) {
    await show(page, origin, scene, view, language)
    await look(view)
    if (!scene.endsWith('empty')) await follow(page, view, look)
  }
  for (const first of FIRST_STEPS) {
    await show(page, origin, first, '', language)
    await look(first)
  }
}

/** Words with no accent in them: of a text that was written into the code, or of data that says something in letters. */
const plainWords = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() => {
    /** Proper names and units that no language changes. */
    const ALLOWED = /^(?:RUV|ms|[kM]?B|h|s|claude|market|tcp|https?|home|me|system|English|Deutsch|practice|local|anthropic)$/
    const isData = (element: Element): boolean => element.closest('.mono, .peer-id, .foreign, code, pre, [translate=no]') !== null
    const spoken = [...document.querySelectorAll('body *')].flatMap((element) => {
      if (isData(element) || element.tagName === 'SCRIPT' || element.tagName === 'STYLE') return []
      const texts = [...element.childNodes].flatMap((node) => (node.nodeType === Node.TEXT_NODE ? [node.textContent ?? ''] : []))
      const attributes = ['aria-label', 'title', 'placeholder', 'alt', 'aria-description'].map((name) => element.getAttribute(name) ?? '')
      return [...texts, ...attributes].map((text) => [element.tagName, text] as const)
    })
    return spoken.flatMap(([tag, text]) => {
      const outside = text
        .replaceAll(/⟦[^⟧]*(?:⟧|$)/g, ' ')
        .replaceAll(/^[^⟧]*⟧/g, ' ')
        .replaceAll(/[0-9a-f]{32,}/g, ' ')
      const words = outside.match(/(?<![\p{L}\p{N}])[A-Za-z]{2,}(?![\p{L}\p{N}])/gu) ?? []
      return words.some((word) => !ALLOWED.test(word)) ? [`${tag}: ${text.slice(0, 80)}`] : []
    })
  })

/** Texts whose end nobody can see: their closing bracket lies outside of what clips them. */
const cutOff = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    const found: string[] = []
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const end = node.textContent?.lastIndexOf('⟧') ?? -1
      const parent = node.parentElement
      if (end < 0 || parent === null || parent.closest('.unseen, .nav-name, [hidden], option, select') !== null) continue
      const range = document.createRange()
      range.setStart(node, end)
      range.setEnd(node, end + 1)
      const { right, bottom, width } = range.getBoundingClientRect()
      if (width === 0) continue
      for (let element: Element | null = parent; element !== null; element = element.parentElement) {
        const { overflowX, overflowY } = getComputedStyle(element)
        const box = element.getBoundingClientRect()
        const clipsX = overflowX === 'hidden' || overflowX === 'clip'
        const clipsY = overflowY === 'hidden' || overflowY === 'clip'
        if ((clipsX && right > box.right + 1) || (clipsY && bottom > box.bottom + 1)) {
          found.push(`${parent.tagName}.${parent.className}: ${node.textContent?.slice(0, 80)}`)
          break
        }
      }
    }
    return found
  })

test('every text of every view is a message', async ({ gallery, systemBrowser }) => {
  const page = await open(systemBrowser, 'dark')
  for (const scene of ['wordless', 'wordless-empty'])
    await throughViews(page, gallery.origin, { scene, language: 'pseudo' }, async (what) =>
      expect.soft(await plainWords(page), `${what}, ${scene}`).toEqual([]),
    )
  await page.context().close()
})

for (const size of ['wide', 'small', 'narrow', 'zoomed'] as const)
  test(`texts that are 40 % longer are neither cut off nor do they stick out (${size})`, async ({ gallery, systemBrowser }) => {
    const page = await open(systemBrowser, 'light', size)
    await throughViews(page, gallery.origin, { scene: 'wordless', language: 'pseudo' }, async (what) => {
      await page.screenshot({ path: join(rootPath, 'screenshots', `pseudo-${what.replaceAll('/', '-')}-${size}.png`) })
      expect.soft(await cutOff(page), `${what}, ${size}`).toEqual([])
      await expectNothingSticksOut(page, `${what}, ${size}`)
    })
    await page.context().close()
  })

test('from right to left nothing sticks out', async ({ gallery, systemBrowser }) => {
  for (const size of ['wide', 'narrow'] as const) {
    const page = await open(systemBrowser, 'dark', size)
    await throughViews(page, gallery.origin, { scene: 'busy', language: 'rtl' }, async (what) => {
      await page.screenshot({ path: join(rootPath, 'screenshots', `rtl-${what.replaceAll('/', '-')}-${size}.png`) })
      await expectNothingSticksOut(page, `${what}, ${size}`)
    })
    await page.context().close()
  }
})

test('in German every view fits, and says its language', async ({ gallery, systemBrowser }) => {
  for (const size of ['wide', 'small', 'narrow'] as const) {
    const page = await open(systemBrowser, 'light', size)
    await throughViews(page, gallery.origin, { scene: 'busy', language: 'de-DE' }, async (what) => {
      await page.screenshot({ path: join(rootPath, 'screenshots', `de-${what.replaceAll('/', '-')}-${size}.png`) })
      await expectNothingSticksOut(page, `${what}, ${size}`)
    })
    await expect(page.locator('html')).toHaveAttribute('lang', 'de-DE')
    await page.context().close()
  }
})

test('a language that is chosen is spoken at once, in texts, amounts and dates', async ({ gallery, systemBrowser }) => {
  const page = await open(systemBrowser, 'dark')
  await show(page, gallery.origin, 'busy', 'settings')
  await page.getByRole('button', { name: 'Language' }).click()
  await page.getByRole('option', { name: 'Deutsch' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Einstellungen' })).toBeVisible()
  await page.getByRole('navigation', { name: 'Bereiche' }).getByRole('link', { name: 'Wallet' }).click()
  await expect(page.getByTestId('movement').first()).toContainText(/\d,\d\d/)
  await page.context().close()
})
