import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { _electron, test as base, type ElectronApplication, type Page } from '@playwright/test'
import { pagesOf, type Pages } from '../pages/pages.ts'
import { rootPath } from '../../scripts/process.ts'
import { runtimeExecutable } from './runtime.ts'

declare global {
  interface Window {
    /** What the preload script gives the page. */
    readonly market?: { readonly send: (frame: unknown) => void; readonly listen: (listener: (frame: unknown) => void) => void }
  }
}

export type MarketApp = {
  readonly electron: ElectronApplication
  readonly page: Page
  readonly pages: Pages
  readonly userDataPath: string
  /** Every line the app has written to its log so far. */
  readonly log: () => string
}

export type LaunchOptions = {
  readonly userDataPath: string
  /** Begins with practice instead of the first start. */
  readonly practice?: boolean
}

const appArguments = ({ userDataPath, practice = false }: LaunchOptions): readonly string[] => {
  // Chromium refuses its sandbox to root.
  const isRoot = process.getuid?.() === 0
  const switches = [...(isRoot ? ['--no-sandbox'] : []), '--disable-gpu', ...(practice ? ['--practice'] : [])]
  return [rootPath, ...switches, `--user-data-dir=${userDataPath}`]
}

/** The folder of the user's session, so that no test changes how the computer it runs on starts. */
export const configHomeOf = (userDataPath: string): string => join(userDataPath, 'config')

/** Without an executable's path Playwright takes Electron's, which the global setup has pointed at the runtime, and holds the app
 * back until it listens; otherwise a window that opens early is sometimes missed. */
const start = async (options: LaunchOptions): Promise<Pick<MarketApp, 'electron' | 'log'>> => {
  const env = { ...definedEnvironment(), XDG_CONFIG_HOME: configHomeOf(options.userDataPath) }
  // Well before the test's own end, so that a launch that fails shows what the app printed.
  // Playwright would choose a colour scheme where the app's own setting counts.
  const electron = await _electron.launch({ args: [...appArguments(options)], env, colorScheme: null, timeout: 30_000 })
  let log = ''
  electron.process().stderr?.on('data', (chunk: Buffer) => (log += chunk.toString()))
  return { electron, log: () => log }
}
const definedEnvironment = (): Record<string, string> =>
  Object.fromEntries(Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])))

const launch = async (options: LaunchOptions): Promise<MarketApp> => {
  const { electron, log } = await start(options)
  const page = await electron.firstWindow()
  return { electron, page, pages: pagesOf(page), userDataPath: options.userDataPath, log }
}

/**
 * For what a test does inside the main process. Node's inspector now and then reports a result as collected before it was sent;
 * then it is asked for again, so the work must bear being done twice.
 */
export const inMainProcess = async <T>(evaluate: () => Promise<T>, attempts = 5): Promise<T> =>
  evaluate().catch((error: unknown) => {
    if (attempts > 1 && error instanceof Error && error.message.includes('garbage collected')) return inMainProcess(evaluate, attempts - 1)
    throw error
  })

/** Starts a second instance on the same data folder. @returns its exit code and what it printed */
export const startSecondInstance = (userDataPath: string): Promise<{ readonly code: number | null; readonly output: string }> =>
  new Promise((resolve, reject) => {
    const child = spawn(runtimeExecutable(), appArguments({ userDataPath }))
    let output = ''
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, output }))
  })

type Fixtures = {
  readonly userDataPath: string
  /** In practice, with a data folder of its own. */
  readonly app: MarketApp
  /** For tests that start the app in their own way, or more than once; whatever still runs ends with the test. */
  readonly launchApp: (options?: Partial<LaunchOptions>) => Promise<MarketApp>
  /** The same in practice, for an app that shows no window. */
  readonly launchHidden: () => Promise<Pick<MarketApp, 'electron' | 'log'>>
  readonly newUserDataPath: () => Promise<string>
}

export const test = base.extend<Fixtures>({
  newUserDataPath: async ({}, use) => {
    const made: string[] = []
    await use(async () => {
      const path = await mkdtemp(join(tmpdir(), 'claude-market-e2e-'))
      made.push(path)
      return path
    })
    for (const path of made) await rm(path, { recursive: true, force: true })
  },
  userDataPath: async ({ newUserDataPath }, use) => use(await newUserDataPath()),
  launchApp: async ({ userDataPath }, use) => {
    const apps: MarketApp[] = []
    await use(async (options) => {
      const app = await launch({ userDataPath, ...options })
      apps.push(app)
      return app
    })
    await Promise.all(apps.map(({ electron }) => electron.close()))
  },
  launchHidden: async ({ userDataPath }, use) => {
    const apps: ElectronApplication[] = []
    await use(async () => {
      const app = await start({ userDataPath, practice: true })
      apps.push(app.electron)
      return app
    })
    await Promise.all(apps.map((electron) => electron.close()))
  },
  app: async ({ launchApp }, use) => use(await launchApp({ practice: true })),
})
