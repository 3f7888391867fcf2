import { configDefaults, defineConfig } from 'vitest/config'

const areas = '{core,electron,headless,renderer,scripts,bench}/**'
const integration = `${areas}/*.integration.test.ts`

/** Two workers: the machine of the figures has two cores, and the integration tests start processes of their own. */
export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: [`${areas}/*.test.{ts,tsx}`],
          exclude: [...configDefaults.exclude, integration],
          testTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: { name: 'integration', include: [integration], testTimeout: 90_000, hookTimeout: 60_000 },
      },
    ],
  },
})
