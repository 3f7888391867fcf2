/** The key screens as they were when somebody last looked at them: `npm run looks` takes their pictures anew. */
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, type Locator, type Page } from '@playwright/test'
import { rootPath } from '../scripts/process.ts'
import { chromiumPath, test } from './harness/browser.ts'
import { open, show, type Size, type Theme } from './harness/gallery-page.ts'
import { marketPage } from './pages/market-page.ts'

test.skip(chromiumPath === null, 'There is no Chromium here. Install it with: apt-get install -y chromium')

const SCREENS = {
  ask: { view: 'ask', row: '[data-testid=asked][data-state=delivered]', opens: 'task' },
  market: { view: 'market', row: '', opens: '' },
  wallet: { view: 'wallet', row: '', opens: '' },
  escrow: { view: 'escrows', row: '[data-testid=escrow][data-phase=panel]', opens: 'escrow-detail' },
  provide: { view: 'provide', row: '', opens: '' },
} as const
const THEMES = ['dark', 'light'] as const satisfies readonly Theme[]
const SIZES = ['wide', 'small'] as const satisfies readonly Size[]
const LANGUAGES = { en: 'en-GB', de: 'de-DE', pseudo: 'pseudo' } as const

type Look = readonly [
  screen: keyof typeof SCREENS,
  theme: (typeof THEMES)[number],
  size: (typeof SIZES)[number],
  language: keyof typeof LANGUAGES,
]

/** Not all of the sixty, but any two of a screen, a theme, a size and a language meet in one of them. */
const LOOKS: readonly Look[] = [
  ['ask', 'dark', 'wide', 'en'],
  ['ask', 'light', 'small', 'de'],
  ['ask', 'dark', 'small', 'pseudo'],
  ['market', 'light', 'wide', 'en'],
  ['market', 'dark', 'small', 'de'],
  ['market', 'light', 'small', 'pseudo'],
  ['wallet', 'light', 'small', 'en'],
  ['wallet', 'light', 'wide', 'de'],
  ['wallet', 'dark', 'wide', 'pseudo'],
  ['escrow', 'dark', 'small', 'en'],
  ['escrow', 'light', 'wide', 'de'],
  ['escrow', 'light', 'small', 'pseudo'],
  ['provide', 'dark', 'small', 'en'],
  ['provide', 'light', 'small', 'de'],
  ['provide', 'dark', 'wide', 'pseudo'],
]
const nameOf = (look: Look): string => `${look.join('-')}.webp`

/** Another release draws some letters otherwise. */
const DRAWN_BY = 'Chromium 156'

const folder = join(rootPath, 'e2e', 'looks')
/** All of them together: whoever clones the repository pays for them, with every change anew. */
const MAX_BYTES = 1_500_000

for (const look of LOOKS) {
  const [screen, theme, size, language] = look
  test(`${screen} looks as it did (${theme}, ${size}, ${language})`, async ({ gallery, pictureBrowser }, { config }) => {
    const browser = `Chromium ${pictureBrowser.version().split('.')[0]}`
    const isTaken = config.updateSnapshots === 'changed' || config.updateSnapshots === 'all'
    test.skip(
      browser !== DRAWN_BY && !isTaken,
      `The pictures are of ${DRAWN_BY} and this is ${browser}. Take them anew with: npm run looks`,
    )
    const page = await open(pictureBrowser, theme, size)
    await stopTime(page)
    await show(page, gallery.origin, 'busy', SCREENS[screen].view, LANGUAGES[language])
    await page.evaluate(() => document.fonts.ready)
    const { row, opens } = SCREENS[screen]
    if (row !== '') {
      await page.locator(row).first().getByRole('link').first().click()
      await page.getByTestId(opens).waitFor()
    }
    const hidden: Locator[] = []
    if (screen === 'market') {
      await marketPage(page).chooseClass('claude-small')
      const chart = page.locator('.price-chart')
      await chart.locator('canvas').first().waitFor()
      // The days below the chart are Japanese then, in letters of this machine.
      if (language === 'pseudo') hidden.push(chart)
    }
    await leaveOutFontsOfThisMachine(page)
    expect(await fontsOfThisMachine(page)).toEqual([])
    // Under other fonts and another hinting no pixel differs. A letter that is cut off differs in fifty, a line in many by little.
    await expect(page).toHaveScreenshot(nameOf(look), { threshold: 0.02, maxDiffPixelRatio: 0.000_02, mask: hidden, maskColor: 'grey' })
    await page.context().close()
  })
}

test('any two of a screen, a theme, a size and a language meet in a picture, and there are no other pictures', () => {
  const factors = [Object.keys(SCREENS), THEMES, SIZES, Object.keys(LANGUAGES)]
  const met = new Set<string>(LOOKS.flatMap((look) => look.flatMap((one) => look.map((other) => `${one} ${other}`))))
  const missed = factors.flatMap((ones, index) =>
    factors
      .slice(index + 1)
      .flatMap((others) => ones.flatMap((one) => others.map((other) => `${one} ${other}`).filter((pair) => !met.has(pair)))),
  )
  expect(missed).toEqual([])
  const pictures = readdirSync(folder)
  expect(pictures.toSorted()).toEqual(LOOKS.map(nameOf).toSorted())
  expect(pictures.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0)).toBeLessThan(MAX_BYTES)
})

const stopTime = async (page: Page): Promise<void> => {
  await page.clock.setFixedTime(Date.UTC(2026, 5, 15, 12))
  await page.addInitScript(() => {
    performance.now = () => 0
  })
}

/** Its fixed-width letters become those of the bundled typeface, and a sign stands for what that typeface lacks. */
const leaveOutFontsOfThisMachine = (page: Page): Promise<void> =>
  page.evaluate(() => {
    document.documentElement.style.setProperty('--font-mono', 'var(--font)')
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let text = texts.nextNode(); text !== null; text = texts.nextNode())
      text.nodeValue = text.nodeValue?.replaceAll(/[^\u0000-\u02FF\u2000-\u206F\u2191\u2193\u2212]/gu, '¤') ?? ''
  })

/** The names of those that something is drawn with. */
const fontsOfThisMachine = async (page: Page): Promise<readonly string[]> => {
  const session = await page.context().newCDPSession(page)
  await session.send('DOM.enable')
  await session.send('CSS.enable')
  const { nodes } = await session.send('DOM.getFlattenedDocument', { depth: -1, pierce: true })
  const withText = new Set(nodes.flatMap(({ nodeType, parentId }) => (nodeType === 3 && parentId !== undefined ? [parentId] : [])))
  const drawn = await Promise.all([...withText].map((nodeId) => session.send('CSS.getPlatformFontsForNode', { nodeId })))
  await session.detach()
  return [...new Set(drawn.flatMap(({ fonts }) => fonts.filter(({ isCustomFont }) => !isCustomFont).map(({ familyName }) => familyName)))]
}
