import { join } from 'node:path'
import { expect } from '@playwright/test'
import { rootPath } from '../scripts/process.ts'
import { chromiumPath, test } from './harness/browser.ts'
import { expectNothingSticksOutAtAnyWidth, follow, open, seriousFindings, show, VIEWS } from './harness/gallery-page.ts'
import { askPage } from './pages/ask-page.ts'
import { pagesOf } from './pages/pages.ts'

test.skip(chromiumPath === null, 'There is no Chromium here. Install it with: apt-get install -y chromium')
test.setTimeout(180_000)

const states = [
  ['busy', 'dark'],
  ['busy', 'light'],
  ['empty', 'light'],
  ['failing', 'dark'],
  ['loading', 'light'],
  ['hostile', 'dark'],
] as const

for (const [scene, theme] of states) {
  test(`no view has a serious accessibility finding (${scene}, ${theme})`, async ({ gallery, systemBrowser }) => {
    const page = await open(systemBrowser, theme)
    for (const view of VIEWS) {
      await show(page, gallery.origin, scene, view)
      expect(await seriousFindings(page), `${view}, ${scene}, ${theme}`).toEqual([])
      if (scene === 'busy' || scene === 'hostile')
        await follow(page, view, async (what) => expect(await seriousFindings(page), `${what}, ${scene}, ${theme}`).toEqual([]))
    }
    await page.context().close()
  })
}

test('neither the first start nor a lock nor a failure has a serious accessibility finding', async ({ gallery, systemBrowser }) => {
  for (const theme of ['dark', 'light'] as const) {
    const page = await open(systemBrowser, theme)
    for (const scene of ['first-start', 'locked', 'starting', 'broken', 'catalogue']) {
      await show(page, gallery.origin, scene, '')
      expect(await seriousFindings(page), `${scene}, ${theme}`).toEqual([])
    }
    await page.context().close()
  }
})

test('who reads a task has no serious accessibility finding, and turning back keeps what was typed', async ({ gallery, systemBrowser }) => {
  for (const theme of ['dark', 'light'] as const) {
    const page = await open(systemBrowser, theme)
    await show(page, gallery.origin, 'newcomer', 'ask')
    const asking = askPage(page)
    const typed = 'A question that others would read'
    await asking.ask(typed, { cap: '2.50' })
    await expect(asking.readers).toContainText('know who reads it')
    expect(await seriousFindings(page), theme).toEqual([])
    await asking.readers.getByRole('button', { name: 'Cancel' }).click()
    await expect(asking.readers).toBeHidden()
    await expect(asking.prompt).toHaveValue(typed)
    await asking.prompt.press('Control+Enter')
    await expect(asking.readers).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(asking.readers).toBeHidden()
    await asking.ask(typed)
    await asking.confirmReaders()
    await expect(asking.problem).toContainText('Your wallet is empty')
    await expect(asking.prompt).toHaveValue(typed)
    expect(await seriousFindings(page), theme).toEqual([])
    await page.context().close()
  }
})

test('with more contrast wished for, the catalogue has seven to one for its words', async ({ gallery, systemBrowser }) => {
  for (const theme of ['dark', 'light'] as const) {
    const page = await open(systemBrowser, theme)
    await page.emulateMedia({ contrast: 'more' })
    await show(page, gallery.origin, 'catalogue', '')
    const ratios = await page.evaluate(() => {
      const probe = document.createElement('span')
      document.body.append(probe)
      const read = (token: string): readonly number[] => {
        probe.style.color = `var(${token})`
        return (getComputedStyle(probe).color.match(/[\d.]+/g) ?? []).slice(0, 3).map(Number)
      }
      const luminance = (colour: readonly number[]): number => {
        const [red = 0, green = 0, blue = 0] = colour.map((part) =>
          part / 255 <= 0.03928 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4,
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue
      }
      const ground = luminance(read('--ground'))
      return ['--text', '--text-soft', '--text-faint', '--accent', '--amber', '--red'].map((token) => {
        const ink = luminance(read(token))
        return (Math.max(ink, ground) + 0.05) / (Math.min(ink, ground) + 0.05)
      })
    })
    for (const ratio of ratios) expect(ratio, theme).toBeGreaterThanOrEqual(7)
    expect(await seriousFindings(page), theme).toEqual([])
    await page.context().close()
  }
})

for (const scene of ['busy', 'practice', 'hostile'] as const) {
  test(`nothing sticks out of any view in a window of any width (${scene})`, async ({ gallery, systemBrowser }) => {
    const page = await open(systemBrowser, 'dark')
    for (const view of VIEWS) {
      await show(page, gallery.origin, scene, view)
      await expectNothingSticksOutAtAnyWidth(page, `${view}, ${scene}`)
      await follow(page, view, (what) => expectNothingSticksOutAtAnyWidth(page, `${what}, ${scene}`))
    }
    await page.context().close()
  })
}

test('no word at the head of an auction is broken, however small the window', async ({ gallery, systemBrowser }) => {
  const page = await open(systemBrowser, 'light', 'narrow')
  for (const language of ['en-GB', 'de-DE']) {
    await show(page, gallery.origin, 'busy', 'ask', language)
    await page.setViewportSize({ width: 380, height: 800 })
    await page.getByTestId('asked').first().getByRole('link').first().click()
    await page.getByTestId('bid').first().waitFor()
    const broken = await page.locator('.bids th').evaluateAll((cells) =>
      cells.flatMap(({ firstChild, textContent }) => {
        const range = document.createRange()
        if (firstChild !== null) range.selectNodeContents(firstChild)
        return range.getClientRects().length > (textContent?.split(/[\s-]/).length ?? 0) ? [textContent] : []
      }),
    )
    expect(broken, language).toEqual([])
  }
  await page.context().close()
})

test('after an answer its provider is wanted again or never; that stands where one chooses, and can be taken back', async ({
  gallery,
  systemBrowser,
}) => {
  const page = await open(systemBrowser, 'dark')
  const pages = pagesOf(page)
  await show(page, gallery.origin, 'busy', 'ask')
  const asking = askPage(page)
  await page.locator('[data-testid=asked][data-state=settled]').first().getByRole('link').first().click()
  const provider = await asking.opinion.locator('xpath=ancestor::section').locator('.peer-id').getAttribute('title')
  await expect(asking.opinion).toContainText('nobody else sees it, and it changes no reputation')
  await asking.say('Never again')
  await expect(asking.opinion).toContainText('None of its bids is taken')
  const { opinions } = await pages.settings()
  const said = opinions.filter({ has: page.getByTitle(provider ?? '') })
  await expect(said).toContainText('None of its bids is taken')
  await said.getByRole('button', { name: 'Take back' }).click()
  await expect(said).toHaveCount(0)
  await pages.market()
  const marked = page.getByTestId('offer').filter({ hasText: 'Never again' })
  await expect(marked.first()).toBeVisible()
  await expect(marked.getByRole('link', { name: 'Take' })).toHaveCount(0)
  await page.context().close()
})

test('that the federation runs a newer release is said until it is put away, without a link, and stays with the network', async ({
  gallery,
  systemBrowser,
}) => {
  for (const theme of ['dark', 'light'] as const) {
    const page = await open(systemBrowser, theme, 'narrow')
    const pages = pagesOf(page)
    await show(page, gallery.origin, 'outdated', 'home')
    const notice = page.locator('.notice').filter({ hasText: '3 of 4 witnesses say that they run version 0.3.0 or later; this is 0.1.0' })
    await expect(notice).toContainText('what is new in it is not checked by this app')
    await expect(notice.getByRole('link')).toHaveCount(0)
    expect(await seriousFindings(page), theme).toEqual([])
    await notice.getByRole('button', { name: 'Dismiss' }).click()
    await expect(notice).toHaveCount(0)
    await pages.network()
    await expect(notice).toBeVisible()
    expect(await seriousFindings(page), theme).toEqual([])
    await pages.home()
    await expect(notice).toHaveCount(0)
    await page.context().close()
  }
})

test('what a screen says it says once, and only what is so', async ({ gallery, systemBrowser }) => {
  const page = await open(systemBrowser, 'light')
  await show(page, gallery.origin, 'practice', 'home')
  await expect(page.locator('.federation')).toHaveText('Practice')
  await show(page, gallery.origin, 'empty', 'ask')
  await expect(page.locator('.composer-quote')).toHaveText('Nothing is offered yet. Wait for the first provider.')
  for (const scene of ['loading', 'failing']) {
    await show(page, gallery.origin, scene, 'home')
    await expect(page.getByRole('region', { name: 'Needs you' })).toContainText(scene === 'loading' ? 'Loading' : 'The database is locked')
    await expect(page.getByText('Nothing needs you.')).toHaveCount(0)
  }
  await show(page, gallery.origin, 'failing', 'provide')
  // Of providing and of its policy.
  await expect(page.getByRole('alert')).toHaveCount(2)
  await page.context().close()
})

test('a list is there again when one comes back to it', async ({ gallery, systemBrowser }) => {
  const page = await open(systemBrowser, 'dark')
  await show(page, gallery.origin, 'busy', 'market')
  await expect(page.getByTestId('offer').first()).toBeVisible()
  const areas = page.getByRole('navigation', { name: 'Areas' })
  await areas.getByRole('link', { name: 'Wallet' }).click()
  await expect(page.getByTestId('movement').first()).toBeVisible()
  await areas.getByRole('link', { name: 'Market' }).click()
  await expect(page.getByTestId('offer').first()).toBeVisible()
  await page.context().close()
})

test('of ten thousand rows only those in sight exist, and the last one can be reached', async ({ gallery, systemBrowser }) => {
  const page = await open(systemBrowser, 'dark')
  await show(page, gallery.origin, 'crowd', 'market')
  const offers = page.getByRole('table', { name: 'Offers', exact: true })
  await expect(offers).toHaveAttribute('aria-rowcount', '10001')
  expect(await page.getByTestId('offer').count()).toBeLessThan(60)
  const content = page.locator('.content')
  await expect
    .poll(
      async () => {
        await content.evaluate((element) => element.scrollBy(0, 200_000))
        return offers.locator('[aria-rowindex="10001"]').count()
      },
      { timeout: 60_000, intervals: [50] },
    )
    .toBe(1)
  expect(await page.getByTestId('offer').count()).toBeLessThan(60)
  await page.context().close()
})

test('every view can be looked at afterwards', async ({ gallery, systemBrowser }) => {
  const looks = [
    ['dark', 'wide'],
    ['light', 'wide'],
    ['dark', 'small'],
    ['light', 'narrow'],
  ] as const
  for (const [theme, size] of looks) {
    const page = await open(systemBrowser, theme, size)
    const shoot = async (name: string): Promise<void> => {
      await page.screenshot({ path: join(rootPath, 'screenshots', `${name.replaceAll('/', '-')}-${size}-${theme}.png`) })
    }
    for (const view of VIEWS) {
      await show(page, gallery.origin, 'busy', view)
      await shoot(view)
      await follow(page, view, shoot)
    }
    for (const scene of ['first-start', 'locked', 'broken']) {
      await show(page, gallery.origin, scene, '')
      await shoot(scene)
    }
    await show(page, gallery.origin, 'newcomer', 'ask')
    await askPage(page).ask('A question that others would read')
    await askPage(page).readers.waitFor()
    await shoot('ask-readers')
    await show(page, gallery.origin, 'silent', 'wallet')
    await pagesOf(page).notice.waitFor()
    expect(await seriousFindings(page), `without witnesses, ${theme}`).toEqual([])
    await shoot('wallet-silent')
    await page.context().close()
  }
})
