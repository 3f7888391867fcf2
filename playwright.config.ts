import { defineConfig } from '@playwright/test'

/** One at a time: every test runs a whole federation, and the windows share one display. */
export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results',
  globalSetup: './e2e/harness/global-setup.ts',
  workers: 1,
  fullyParallel: false,
  timeout: 90_000,
  expect: { timeout: 20_000 },
  reporter: 'list',
})
