/** The gallery in a browser: opening it in one of its looks, and what has to be true of whatever it shows. */
import AxeBuilder from '@axe-core/playwright'
import { expect, type Browser, type Page } from '@playwright/test'

export const VIEWS = [
  'home',
  'ask',
  'market',
  'provide',
  'provide/add',
  'provide/backend-1',
  'wallet',
  'escrows',
  'escrows/desk',
  'reputation',
  'network',
  'settings',
] as const
export const SIZES = {
  wide: { width: 1280, height: 800 },
  small: { width: 900, height: 600 },
  narrow: { width: 420, height: 800 },
  /** What is left of `wide` at a zoom of 200 %. */
  zoomed: { width: 640, height: 400 },
} as const
export type Theme = 'dark' | 'light'
export type Size = keyof typeof SIZES

export const open = async (browser: Browser, theme: Theme, size: Size = 'wide'): Promise<Page> => {
  const context = await browser.newContext({
    colorScheme: theme,
    viewport: SIZES[size],
    reducedMotion: 'reduce',
    timezoneId: 'UTC',
    locale: 'en-GB',
  })
  const page = await context.newPage()
  const errors: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text())
  })
  page.on('pageerror', (error) => errors.push(error.message))
  page.on('close', () => expect(errors).toEqual([]))
  return page
}

/** The area's heading, or whatever stands in its place, is there. */
export const show = async (page: Page, origin: string, scene: string, view: string, language = 'en-GB'): Promise<void> => {
  await page.goto(`${origin}/gallery.html?scene=${scene}&language=${language}#/${view}`)
  await page.getByRole('heading', { level: 1 }).first().waitFor()
}

/** Views whose rows lead further: which row, and what it opens. */
const INSIDE = {
  ask: [
    ['asked', '', 'task'],
    ['asked', '[data-state=delivered]', 'task'],
  ],
  escrows: [
    ['escrow', '', 'escrow-detail'],
    ['escrow', '[data-phase=panel]', 'escrow-detail'],
  ],
  'escrows/desk': [['case', '', 'case-detail']],
} as const satisfies { readonly [V in (typeof VIEWS)[number]]?: readonly (readonly [row: string, which: string, inside: string])[] }

/** What lies behind the first rows of a view's list, one after the other; nothing for a view without such a list. */
export const follow = async (page: Page, view: string, look: (what: string) => Promise<void>): Promise<void> => {
  const list = page.url()
  const ways = view in INSIDE ? INSIDE[view as keyof typeof INSIDE] : []
  for (const [index, [row, which, inside]] of ways.entries()) {
    await page.goto(list)
    await page.locator(`[data-testid=${row}]${which}`).first().getByRole('link').first().click()
    await page.getByTestId(inside).waitFor()
    await look(`${view}-${index + 1}`)
  }
}

export const seriousFindings = async (page: Page): Promise<readonly string[]> => {
  const { violations } = await new AxeBuilder({ page }).analyze()
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.slice(0, 3).map(({ html }) => `${id}: ${html.slice(0, 200)}`))
}

/** From the smallest window to the one that the app opens with, and wider; and around where the layout changes. */
const WIDTHS = [380, 480, 640, 760, 900, 1100, 1240, 1400]

export const expectNothingSticksOut = (page: Page, what: string): Promise<void> =>
  // What depends on a width is drawn after the window has it.
  expect
    .poll(
      () =>
        page.evaluate(() =>
          [document.documentElement, ...document.querySelectorAll('.content, [role=table], table')].flatMap((element) => {
            const pixels = element.scrollWidth - element.clientWidth
            return pixels <= 0 ? [] : [`${element.getAttribute('aria-label') ?? element.className}: ${pixels} pixels`]
          }),
        ),
      { message: what, timeout: 5_000 },
    )
    .toEqual([])

/** One page through all widths, because to open one takes longer than to look at it. */
export const expectNothingSticksOutAtAnyWidth = async (page: Page, what: string): Promise<void> => {
  const before = page.viewportSize()
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 800 })
    await expectNothingSticksOut(page, `${what} at ${width} pixels`)
  }
  if (before !== null) await page.setViewportSize(before)
}
