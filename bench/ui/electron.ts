import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { _electron, type ElectronApplication, type Page } from 'playwright'

export type Shown = { readonly electron: ElectronApplication; readonly page: Page }

/** The market itself, or the window with nothing in it. */
const blankPath = join(import.meta.dirname, 'blank')
const definedEnvironment = (): Record<string, string> =>
  Object.fromEntries(Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])))

/** Opens an app of this folder for as long as it is used, with a data folder of its own. */
const withApp = async <T>(appPath: string, pageUrl: string, use: (shown: Shown) => Promise<T>): Promise<T> => {
  const userDataPath = await mkdtemp(join(tmpdir(), 'claude-market-bench-'))
  // Chromium refuses its sandbox to root.
  const isRoot = process.getuid?.() === 0
  const switches = ['--lang=en-GB', ...(isRoot ? ['--no-sandbox'] : []), '--disable-gpu', `--user-data-dir=${userDataPath}`]
  const env = { ...definedEnvironment(), XDG_CONFIG_HOME: userDataPath, BENCH_PAGE: pageUrl }
  const electron = await _electron.launch({ args: [appPath, ...switches], env, timeout: 60_000 })
  try {
    return await use({ electron, page: await electron.firstWindow() })
  } finally {
    await electron.close()
    await rm(userDataPath, { recursive: true, force: true })
  }
}

export const withMarket = <T>(rootPath: string, use: (shown: Shown) => Promise<T>): Promise<T> => withApp(rootPath, 'about:blank', use)
export const withPage = <T>(url: string, use: (shown: Shown) => Promise<T>): Promise<T> => withApp(blankPath, url, use)
