import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, test as base, type Browser } from '@playwright/test'
import { startDaemon, type Daemon } from './daemon.ts'
import { openGallery, type Gallery } from '../../scripts/gallery.ts'
import { rootPath } from '../../scripts/process.ts'

const CHROMIUM_PATHS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** The system's own Chromium, or null. */
export const chromiumPath = CHROMIUM_PATHS.find((path) => existsSync(path)) ?? null

type Fixtures = { readonly daemon: Daemon }
type WorkerFixtures = { readonly systemBrowser: Browser; readonly pictureBrowser: Browser; readonly gallery: Gallery }

const launch = (env: Readonly<Record<string, string>> = {}): Promise<Browser> =>
  chromium.launch({
    ...(chromiumPath === null ? {} : { executablePath: chromiumPath }),
    args: ['--no-sandbox', '--disable-quic', '--disable-background-networking'],
    // They take room, as in the app's own window.
    ignoreDefaultArgs: ['--hide-scrollbars'],
    env: { ...process.env, ...env },
  })

export const test = base.extend<Fixtures, WorkerFixtures>({
  daemon: async ({}, use) => {
    const dataPath = await mkdtemp(join(tmpdir(), 'claude-market-daemon-'))
    const daemon = await startDaemon(dataPath)
    await use(daemon)
    await daemon.stop()
    await rm(dataPath, { recursive: true, force: true })
  },
  gallery: [
    async ({}, use) => {
      const gallery = await openGallery()
      await use(gallery)
      await gallery.close()
    },
    { scope: 'worker' },
  ],
  systemBrowser: [
    async ({}, use) => {
      const browser = await launch()
      await use(browser)
      await browser.close()
    },
    { scope: 'worker' },
  ],
  /** Draws letters alike on every machine. */
  pictureBrowser: [
    async ({}, use) => {
      const browser = await launch({ FONTCONFIG_FILE: join(rootPath, 'e2e', 'harness', 'fonts.conf') })
      await use(browser)
      await browser.close()
    },
    { scope: 'worker' },
  ],
})
