import { join } from 'node:path'
import { expect } from '@playwright/test'
import { rootPath } from '../scripts/process.ts'
import { chromiumPath, test } from './harness/browser.ts'
import { expectNothingSticksOut, open, seriousFindings, show, type Size, type Theme } from './harness/gallery-page.ts'
import { marketPage } from './pages/market-page.ts'

test.skip(chromiumPath === null, 'There is no Chromium here. Install it with: apt-get install -y chromium')

const looks: readonly (readonly [Theme, Size])[] = [
  ['dark', 'wide'],
  ['light', 'small'],
  ['dark', 'narrow'],
]
for (const [theme, size] of looks)
  test(`a class leads to its chart, its depth and its trades, in words and tables too (${theme}, ${size})`, async ({
    gallery,
    systemBrowser,
  }) => {
    const page = await open(systemBrowser, theme, size)
    const market = marketPage(page)
    await show(page, gallery.origin, 'busy', 'market')
    await market.chooseClass('claude-small')
    await expect(market.summary).toContainText('A standard task of claude-small costs about')
    await expect(market.chart.locator('canvas').first()).toBeVisible()
    await expect(market.rungs).toHaveCount(12)
    await expect(market.trades.first()).toBeVisible()
    await page.screenshot({ path: join(rootPath, 'screenshots', `market-class-${size}-${theme}.png`) })
    expect(await seriousFindings(page)).toEqual([])
    await expectNothingSticksOut(page, 'a class')
    await market.showTable()
    await expect(market.chart).toHaveCount(0)
    await expect(market.candles.first()).toBeVisible()
    await expectNothingSticksOut(page, 'candles')
    await page.context().close()
  })

test('a candle for another span is fetched when it is asked for', async ({ gallery, systemBrowser }) => {
  const page = await open(systemBrowser, 'light')
  const market = marketPage(page)
  await show(page, gallery.origin, 'busy', 'market')
  await market.chooseClass('llama3.1:8b')
  await market.showTable()
  const before = await market.candles.first().innerText()
  await page.getByText('A day', { exact: true }).click()
  await expect(market.candles.first()).not.toHaveText(before)
  await page.context().close()
})
