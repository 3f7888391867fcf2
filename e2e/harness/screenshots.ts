import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { rootPath } from '../../scripts/process.ts'
import { expectNothingSticksOut } from './gallery-page.ts'

const SIZES = { wide: { width: 1240, height: 860 }, narrow: { width: 400, height: 860 } } as const

/** The page as it stands, in both themes and two widths, into the ignored folder for people to look at. Nothing may stick out. */
export const takeScreenshots = async (page: Page, name: string): Promise<void> => {
  const before = page.viewportSize()
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    for (const [width, size] of Object.entries(SIZES)) {
      await page.setViewportSize(size)
      await expectNothingSticksOut(page, `${name} at ${size.width} pixels`)
      await page.screenshot({ path: join(rootPath, 'screenshots', `${name}-${width}-${colorScheme}.png`), fullPage: width === 'narrow' })
    }
  }
  await page.emulateMedia({ colorScheme: null, reducedMotion: null })
  if (before !== null) await page.setViewportSize(before)
}
