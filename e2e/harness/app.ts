import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { _electron, test as base, type ElectronApplication, type Page } from '@playwright/test'
import { pagesOf, type Pages } from '../pages/pages.ts'
import { rootPath } from '../../scripts/process.ts'
import { testedExecutable } from './package.ts'
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
  readonly isPackaged: boolean
  /** Every line the app has written to its log so far. */
  readonly log: () => string
}

export type AppOptions = {
  /** Drives the packaged app, and not the one that stands built in the repository. */
  readonly isPackaged: boolean
}
export type LaunchOptions = AppOptions & {
  readonly userDataPath: string
  /** Begins with practice instead of the first start. */
  readonly practice?: boolean
  /** A link or a file that the system hands over. */
  readonly opened?: string
}

const appArguments = ({ userDataPath, isPackaged, practice = false, opened }: LaunchOptions): readonly string[] => {
  // Chromium refuses its sandbox to root.
  const isRoot = process.getuid?.() === 0
  // The pages are found by their English names, whatever this computer speaks.
  const switches = ['--lang=en-GB', ...(isRoot ? ['--no-sandbox'] : []), '--disable-gpu', ...(practice ? ['--practice'] : [])]
  return [...(isPackaged ? [] : [rootPath]), ...switches, `--user-data-dir=${userDataPath}`, ...(opened === undefined ? [] : [opened])]
}

/** The folder of the user's session, so that no test changes how the computer it runs on starts. */
export const configHomeOf = (userDataPath: string): string => join(userDataPath, 'config')

/** Without an executable's path Playwright takes Electron's, which the global setup has pointed at the runtime, and holds the app
 * back until it listens; otherwise a window that opens early is sometimes missed. */
const start = async (options: LaunchOptions): Promise<Pick<MarketApp, 'electron' | 'log'>> => {
  const env = { ...definedEnvironment(), XDG_CONFIG_HOME: configHomeOf(options.userDataPath) }
  const electron = await attach({ isPackaged: options.isPackaged, args: [...appArguments(options)], env })
  let log = ''
  electron.process().stderr?.on('data', (chunk: Buffer) => (log += chunk.toString()))
  return { electron, log: () => log }
}

type Attaching = AppOptions & { readonly args: string[]; readonly env: Record<string, string> }

/**
 * The package starts without Playwright's loader, which holds an app back until Playwright listens: under load it now and then
 * attaches too late and waits for ever, so it tries again. Each wait ends well before the test, so that a failure shows what was printed.
 */
const attach = async ({ isPackaged, ...options }: Attaching, attempts = isPackaged ? 4 : 1): Promise<ElectronApplication> => {
  // Playwright would choose a colour scheme where the app's own setting counts.
  const shared = { ...options, colorScheme: null }
  if (!isPackaged) return _electron.launch({ ...shared, timeout: 30_000 })
  try {
    return await _electron.launch({ ...shared, timeout: 15_000, executablePath: testedExecutable })
  } catch (error) {
    if (attempts > 1 && error instanceof Error && error.message.includes('Timeout')) return attach({ isPackaged, ...options }, attempts - 1)
    throw error
  }
}
const definedEnvironment = (): Record<string, string> =>
  Object.fromEntries(Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])))

const launch = async (options: LaunchOptions): Promise<MarketApp> => {
  const { electron, log } = await start(options)
  const page = await electron.firstWindow()
  return { electron, page, pages: pagesOf(page), userDataPath: options.userDataPath, isPackaged: options.isPackaged, log }
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

/**
 * Starts a second instance on the same data folder. One that says `isOver` waits in a box of the system for its reader, and is ended.
 * @returns its exit code and what it printed
 */
export const startSecondInstance = (
  { userDataPath, isPackaged }: Pick<LaunchOptions, 'userDataPath' | 'isPackaged'>,
  opened?: string,
  isOver = '',
): Promise<{ readonly code: number | null; readonly output: string }> =>
  new Promise((resolve, reject) => {
    const args = appArguments({ userDataPath, isPackaged, ...(opened === undefined ? {} : { opened }) })
    const child = spawn(isPackaged ? testedExecutable : runtimeExecutable(), args)
    let output = ''
    child.stderr.on('data', (chunk: Buffer) => {
      output += chunk.toString()
      if (isOver !== '' && output.includes(isOver)) child.kill('SIGKILL')
    })
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

export const test = base.extend<Fixtures & AppOptions>({
  isPackaged: [false, { option: true }],
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
  launchApp: async ({ userDataPath, isPackaged }, use) => {
    const apps: MarketApp[] = []
    await use(async (options) => {
      const app = await launch({ userDataPath, isPackaged, ...options })
      apps.push(app)
      return app
    })
    await Promise.all(apps.map(({ electron }) => electron.close()))
  },
  launchHidden: async ({ userDataPath, isPackaged }, use) => {
    const apps: ElectronApplication[] = []
    await use(async () => {
      const app = await start({ userDataPath, isPackaged, practice: true })
      apps.push(app.electron)
      return app
    })
    await Promise.all(apps.map((electron) => electron.close()))
  },
  app: async ({ launchApp }, use) => use(await launchApp({ practice: true })),
})
