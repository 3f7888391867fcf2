import { defineConfig } from '@playwright/test'

/** What is tried in the packaged app as well; the rest of it runs the same code. */
const packaged = /(?:packaged|first-start|desktop|security|provide|ask)\.spec\.ts$/

/** One at a time: every test runs a whole federation, and the windows share one display. */
export default defineConfig<{ readonly isPackaged: boolean }>({
  testDir: 'e2e',
  outputDir: 'test-results',
  snapshotPathTemplate: '{testDir}/looks/{arg}{ext}',
  globalSetup: './e2e/harness/global-setup.ts',
  workers: 1,
  fullyParallel: false,
  timeout: 90_000,
  expect: { timeout: 20_000 },
  reporter: 'list',
  projects: [
    { name: 'built', testIgnore: /packaged\.spec\.ts$/ },
    // The package is built around the test runtime, which is for Linux.
    ...(process.platform === 'linux' ? [{ name: 'packaged', testMatch: packaged, use: { isPackaged: true } }] : []),
  ],
})
