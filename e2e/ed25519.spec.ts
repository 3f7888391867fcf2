import { expect } from '@playwright/test'
import { judgeHardCases } from '../core/identity/ed25519-hard-cases.ts'
import { rootPath } from '../scripts/process.ts'
import { inMainProcess, test } from './harness/app.ts'
import { hardCasesPath } from './harness/hard-cases-bundle.ts'

test("Electron's main process and Node judge every hard Ed25519 case alike", async ({ app }) => {
  const inElectron = await inMainProcess(() =>
    app.electron.evaluate((_electron, path) => {
      const load = process.getBuiltinModule('node:module').createRequire(path)
      const cases = load(path) as typeof import('../core/identity/ed25519-hard-cases.ts')
      return cases.judgeHardCases()
    }, hardCasesPath(rootPath)),
  )
  const inNode = judgeHardCases()
  expect(inElectron).toEqual(inNode)
  expect(inElectron.filter(({ expected, got }) => expected !== got)).toEqual([])
  expect(inElectron.length).toBeGreaterThan(10)
})
