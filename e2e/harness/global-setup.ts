import { obtainElectronRuntime } from '../../scripts/electron-runtime.ts'
import { rootPath } from '../../scripts/process.ts'
import { bundleHardCases } from './hard-cases-bundle.ts'
import { openDisplay } from './display.ts'
import { useRuntime } from './runtime.ts'

/** Obtains what every test needs, once; the tests find it in their environment. */
const globalSetup = async (): Promise<() => void> => {
  const runtime = await obtainElectronRuntime({
    rootPath,
    allowTestRuntime: true,
    report: (line) => void process.stderr.write(`${line}\n`),
  })
  if (!runtime.ok) throw new Error(runtime.error.message)
  useRuntime(runtime.value)
  await bundleHardCases(rootPath)
  return openDisplay()
}

export default globalSetup
