import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { rootPath, run } from './process.ts'

/** One import in one file: what the dependency table of ARCHITECTURE.md forbids, and beside it what it allows. */
type Case = readonly [file: string, statement: string]

const from = (specifier: string): string => `import { x } from '${specifier}'`
const typeFrom = (specifier: string): string => `import type { x } from '${specifier}'`

const forbidden: readonly Case[] = [
  ['core/contract/escrow.ts', from('react')],
  ['core/contract/escrow.ts', from('node:fs')],
  ['core/contract/escrow.ts', from('../platform/result.ts')],
  ['core/platform/clock.ts', from('../wallet/model.ts')],
  ['core/platform/clock.ts', from('../storage/open.ts')],
  ['core/wallet/model.ts', from('../platform/clock.ts')],
  ['core/wallet/model.ts', from('../platform/random.ts')],
  ['core/wallet/model.ts', from('../storage/open.ts')],
  ['core/wallet/model.ts', from('../network/port.ts')],
  ['core/wallet/model.ts', from('../network/memory.ts')],
  ['core/wallet/model.ts', from('./store.ts')],
  ['core/wallet/model.ts', from('../escrow/service.ts')],
  ['core/wallet/model.ts', from('node:fs')],
  ['core/settlement/register.ts', from('./witness-store.ts')],
  ['core/settlement/register.ts', from('./witness.ts')],
  ['core/settlement/register.ts', from('../platform/clock.ts')],
  ['core/settlement/register.ts', from('node:crypto')],
  ['core/wallet/store.ts', from('../network/port.ts')],
  ['core/wallet/store.ts', from('../escrow/store.ts')],
  ['core/wallet/store.ts', from('./service.ts')],
  ['core/wallet/store.ts', from('better-sqlite3')],
  ['core/settlement/witness-store.ts', from('./driver.ts')],
  ['core/wallet/service.ts', from('../escrow/store.ts')],
  ['core/wallet/service.ts', from('../network/node.ts')],
  ['core/wallet/service.ts', from('libp2p')],
  ['core/wallet/service.ts', from('electron')],
  ['core/wallet/service.ts', from('react')],
  ['core/wallet/service.ts', from('../../headless/daemon.ts')],
  ['core/wallet/service.ts', from('../simulation/world.ts')],
  ['core/tasks/sealing.ts', from('@anthropic-ai/sdk')],
  ['core/network/node.ts', from('../tasks/model.ts')],
  ['core/storage/open.ts', from('../wallet/store.ts')],
  ['core/executors/practice.ts', from('../wallet/service.ts')],
  ['core/executors/practice.ts', from('../network/port.ts')],
  ['core/market.ts', from('electron')],
  ['core/node/node.ts', from('../../headless/daemon.ts')],
  ['core/market.ts', from('../headless/daemon.ts')],
  ['core/wallet/service.test.ts', from('../../electron/main/host.ts')],
  ['headless/daemon.ts', from('../electron/main/host.ts')],
  ['headless/daemon.ts', from('../renderer/src/main.tsx')],
  ['headless/daemon.ts', from('electron')],
  ['headless/demo/report.ts', from('../../renderer/src/main.tsx')],
  ['headless/daemon.ts', from('../e2e/harness.ts')],
  ['headless/daemon.ts', from('../core/simulation/world.ts')],
  ['electron/main/host.ts', from('../../renderer/src/main.tsx')],
  ['electron/main/host.ts', from('../../renderer/src/messages/translate.ts')],
  ['electron/main/host.ts', from('../preload/index.ts')],
  ['electron/main/host.ts', from('../../bench/run.ts')],
  ['electron/preload/index.ts', from('../../core/contract/contract.ts')],
  ['electron/preload/index.ts', typeFrom('../../core/market.ts')],
  ['electron/preload/index.ts', from('node:fs')],
  ['renderer/src/main.tsx', from('../../core/market.ts')],
  ['renderer/src/main.tsx', typeFrom('../../core/wallet/model.ts')],
  ['renderer/src/main.tsx', from('electron')],
  ['renderer/src/main.tsx', from('node:fs')],
  ['renderer/src/main.tsx', from('../../electron/preload/index.ts')],
  ['renderer/src/main.tsx', from('./testing/fake-market.ts')],
  ['renderer/src/app/app.tsx', from('react-aria-components/Button')],
  ['renderer/src/features/wallet/wallet.tsx', from('react-aria-components/Button')],
  ['renderer/src/features/ask/answer.tsx', from('marked')],
  ['renderer/src/ui/page.tsx', from('../features/wallet/wallet.tsx')],
  ['renderer/src/format/time.ts', from('../store/types.ts')],
  ['renderer/src/features/wallet/wallet.tsx', from('../escrow/row.tsx')],
  ['renderer/src/features/wallet/wallet.tsx', from('../../features/escrow/row.tsx')],
  ['renderer/src/features/wallet/wallet.tsx', from('../../../../core/wallet/model.ts')],
  ['scripts/any.ts', from('../bench/run.ts')],
  ['scripts/any.ts', from('../e2e/harness.ts')],
]

const allowed: readonly Case[] = [
  ['core/contract/offers.ts', from('zod')],
  ['core/contract/offers.ts', from('./escrow.ts')],
  ['core/platform/amount.ts', from('./result.ts')],
  ['core/escrow/model.ts', from('../settlement/objects.ts')],
  ['core/escrow/model.ts', from('../platform/result.ts')],
  ['core/escrow/model.ts', from('../wallet/model.ts')],
  ['core/escrow/model.ts', typeFrom('../network/port.ts')],
  ['core/escrow/store.ts', from('../storage/open.ts')],
  ['core/escrow/store.ts', from('./model.ts')],
  ['core/escrow/store.ts', typeFrom('better-sqlite3')],
  ['core/escrow/service.ts', from('./store.ts')],
  ['core/escrow/service.ts', from('../network/port.ts')],
  ['core/escrow/service.ts', typeFrom('../wallet/service.ts')],
  ['core/escrow/service.test.ts', from('../network/memory.ts')],
  ['core/escrow/service.test.ts', from('vitest')],
  ['core/network/libp2p-node.ts', from('libp2p')],
  ['core/storage/database.ts', from('better-sqlite3')],
  ['core/market.ts', from('./wallet/service.ts')],
  ['core/node/practice.ts', from('../market.ts')],
  ['headless/cli.ts', from('../core/market.ts')],
  ['headless/cli.ts', from('node:fs/promises')],
  ['headless/demo/trade.ts', from('../../core/practice.ts')],
  ['core/network/handlers.ts', typeFrom('../settlement/objects.ts')],
  ['electron/main/ipc.ts', from('../../core/market.ts')],
  ['electron/main/ipc.ts', from('electron')],
  ['electron/main/texts.ts', from('../../renderer/src/messages/sentences.ts')],
  ['electron/preload/bridge.ts', typeFrom('../../core/contract/contract.ts')],
  ['electron/preload/bridge.ts', from('electron')],
  ['renderer/src/app/app.tsx', from('../features/wallet/wallet.tsx')],
  ['renderer/src/features/escrow/row.tsx', from('../../ui/button.tsx')],
  ['renderer/src/features/escrow/row.tsx', from('../../../../core/contract/contract.ts')],
  ['scripts/some.ts', from('../headless/options.ts')],
]

let folder = ''
let flagged: ReadonlySet<string> = new Set()

const names = (cases: readonly Case[]): readonly string[] => cases.map(([file, statement]) => `${file}: ${statement}`)

/** Every import on a line of its own, so that a finding's place tells its case. */
const writeCases = (cases: readonly Case[]): ReadonlyMap<string, string> => {
  const byLine = new Map<string, string>()
  const lines = new Map<string, string[]>()
  for (const [file, statement] of cases) {
    const soFar = lines.get(file) ?? []
    // Two of one name would be an error of their own, and stop the rule from looking.
    soFar.push(statement.replace('{ x }', `{ x as x${soFar.length} }`))
    lines.set(file, soFar)
    byLine.set(`${file}:${soFar.length}`, `${file}: ${statement}`)
  }
  for (const [file, statements] of lines) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), `${statements.join('\n')}\n`)
  }
  return byLine
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'import-rules-'))
  copyFileSync(join(rootPath, 'oxlint.config.ts'), join(folder, 'oxlint.config.ts'))
  symlinkSync(join(rootPath, 'node_modules'), join(folder, 'node_modules'))
  const byLine = writeCases([...forbidden, ...allowed])
  const tops = ['core', 'headless', 'electron', 'renderer', 'scripts'].map((top) => join(folder, top))
  const { output } = await run('oxlint', ['-c', join(folder, 'oxlint.config.ts'), '-f', 'unix', ...tops])
  const hits = output.split('\n').filter((line) => line.includes('no-restricted-imports'))
  const positions = hits.map((line) => /([^\s:]+:\d+):\d+:/.exec(line)?.[1] ?? line)
  flagged = new Set(positions.map((position) => [...byLine].find(([place]) => position.endsWith(place))?.[1] ?? position))
})

afterAll(() => rmSync(folder, { recursive: true }))

test('lint catches each import the dependency table forbids', () => {
  expect(names(forbidden).filter((name) => !flagged.has(name))).toEqual([])
})

test('lint lets each import the dependency table allows pass', () => {
  expect(names(allowed).filter((name) => flagged.has(name))).toEqual([])
})

test('lint finds an import cycle', async () => {
  const cycle = join(folder, 'core', 'cycle')
  mkdirSync(cycle, { recursive: true })
  writeFileSync(join(cycle, 'a.ts'), "import { b } from './b.ts'\nexport const a = (): number => b()\n")
  writeFileSync(join(cycle, 'b.ts'), "import { a } from './a.ts'\nexport const b = (): number => a()\n")
  const { output } = await run('oxlint', ['-c', join(folder, 'oxlint.config.ts'), '-f', 'unix', cycle])
  expect(output).toContain('no-cycle')
})
