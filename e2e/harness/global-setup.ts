import type { FullConfig } from '@playwright/test'
import { obtainElectronRuntime } from '../../scripts/electron-runtime.ts'
import { rootPath } from '../../scripts/process.ts'
import { packageForTests } from './package.ts'
import { bundleHardCases } from './hard-cases-bundle.ts'
import { openDisplay } from '../../scripts/display.ts'
import { useRuntime } from './runtime.ts'

/** Obtains what every test needs, once; the tests find it in their environment. */
const globalSetup = async (config: FullConfig): Promise<() => void> => {
  const runtime = await obtainElectronRuntime({
    rootPath,
    allowTestRuntime: true,
    report: (line) => void process.stderr.write(`${line}\n`),
  })
  if (!runtime.ok) throw new Error(runtime.error.message)
  // Before the environment names the runtime, which would then be taken for somebody's own Electron.
  if (config.projects.some(({ name }) => name === 'packaged')) await packageForTests()
  useRuntime(runtime.value)
  await bundleHardCases(rootPath)
  return openDisplay()
}

export default globalSetup
