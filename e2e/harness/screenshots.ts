import { join } from 'node:path'
import { expect, type Page } from '@playwright/test'
import { rootPath } from '../../scripts/process.ts'

const SIZES = { wide: { width: 1240, height: 860 }, narrow: { width: 400, height: 860 } } as const

/** The page as it stands, in both themes and two widths, into the ignored folder for people to look at. Nothing may stick out. */
export const takeScreenshots = async (page: Page, name: string): Promise<void> => {
  const before = page.viewportSize()
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    for (const [width, size] of Object.entries(SIZES)) {
      await page.setViewportSize(size)
      const overflowPixels = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
      expect(overflowPixels, `${name} at ${size.width} pixels`).toBe(0)
      await page.screenshot({ path: join(rootPath, 'screenshots', `${name}-${width}-${colorScheme}.png`), fullPage: width === 'narrow' })
    }
  }
  await page.emulateMedia({ colorScheme: null, reducedMotion: null })
  if (before !== null) await page.setViewportSize(before)
}
