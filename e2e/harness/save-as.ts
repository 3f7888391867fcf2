import { expect, type Locator } from '@playwright/test'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { MarketApp } from './app.ts'

/** Presses a button that exports, and answers the system's dialog with a place of its own. @returns the path and the text there */
export const saveAs = async (
  { electron, userDataPath }: MarketApp,
  button: Locator,
): Promise<{ readonly path: string; readonly text: string }> => {
  const path = join(userDataPath, 'saved.txt')
  const saved = electron.evaluate(
    ({ session }, target) =>
      new Promise((resolve) =>
        session.defaultSession.once('will-download', (_event, item) => {
          item.setSavePath(target)
          item.once('done', (_done, state) => resolve(state))
        }),
      ),
    path,
  )
  await button.click()
  expect(await saved).toBe('completed')
  return { path, text: await readFile(path, 'utf8') }
}
