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

const appArguments = (userDataPath: string): readonly string[] => {
  // Chromium refuses its sandbox to root.
  const isRoot = process.getuid?.() === 0
  return [rootPath, ...(isRoot ? ['--no-sandbox'] : []), '--disable-gpu', `--user-data-dir=${userDataPath}`, '--practice']
}

/** Without an executable's path Playwright takes Electron's, which the global setup has pointed at the runtime, and holds the app
 * back until it listens; otherwise a window that opens early is sometimes missed. */
const launch = async (userDataPath: string): Promise<MarketApp> => {
  // Well before the test's own end, so that a launch that fails shows what the app printed.
  const electron = await _electron.launch({ args: [...appArguments(userDataPath)], timeout: 30_000 })
  let log = ''
  electron.process().stderr?.on('data', (chunk: Buffer) => (log += chunk.toString()))
  const page = await electron.firstWindow()
  return { electron, page, pages: pagesOf(page), userDataPath, log: () => log }
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
    const child = spawn(runtimeExecutable(), appArguments(userDataPath))
    let output = ''
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, output }))
  })

type Fixtures = { readonly app: MarketApp; readonly userDataPath: string }

/** A fresh data folder and a running app for each test that asks for one. */
export const test = base.extend<Fixtures>({
  userDataPath: async ({}, use) => {
    const path = await mkdtemp(join(tmpdir(), 'claude-market-e2e-'))
    await use(path)
    await rm(path, { recursive: true, force: true })
  },
  app: async ({ userDataPath }, use) => {
    const app = await launch(userDataPath)
    await use(app)
    await app.electron.close()
  },
})
