import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { exitWithUsage, integerOption, parseOptions, textOption } from '../headless/options.ts'
import { createHosts } from '../headless/kills/hosts.ts'
import { runKills, type KillsReport } from '../headless/kills/kills.ts'
import { witnessCount } from '../headless/kills/scene.ts'
import { formatRuv } from '../core/platform/amount.ts'
import { build } from './build.ts'
import { rootPath } from './process.ts'

const help =
  'Usage: npm run kills -- [--kills N] [--seed TEXT]. Kills processes of a trading federation N times (200) and audits what is left.'
const insideVariable = 'CLAUDE_MARKET_KILLS_INSIDE'

const readOptions = () => {
  const parsed = parseOptions(process.argv.slice(2), { kills: { type: 'string' }, seed: { type: 'string' } }, help)
  if (!parsed.ok) return exitWithUsage(parsed.error)
  const kills = integerOption('kills', parsed.value.values['kills'], 1, 10_000)
  if (!kills.ok) return exitWithUsage(kills.error)
  return { kills: kills.value ?? 200, seed: textOption(parsed.value.values, 'seed') ?? '1' }
}

/** Runs this program again in a network namespace of its own, where it may make hosts and pull cables. @returns null if it may not. */
const runInside = (): number | null => {
  if (process.env[insideVariable] !== undefined) return null
  const probe = spawnSync('unshare', ['--net', 'ip', 'link'], { stdio: 'ignore' })
  if (probe.status !== 0) return null
  const again = spawnSync('unshare', ['--net', process.execPath, ...process.argv.slice(1)], {
    stdio: 'inherit',
    env: { ...process.env, [insideVariable]: 'yes' },
  })
  return again.status ?? 1
}

const print = ({ problems, harm, transfers, refusedTransfers, tasks, escrows, decrees, circulatingMicro, tookMs }: KillsReport): void => {
  const total = [...harm.kills.values()].reduce((sum, each) => sum + each, 0)
  const counts = (map: ReadonlyMap<string, number>): string => [...map].map(([name, count]) => `${count} ${name}`).join(', ') || 'none'
  console.log(`kills      ${total} (${counts(harm.kills)}), ${harm.cuts} cut cables, in ${(tookMs / 1_000).toFixed(0)} s`)
  console.log(`transfers  ${transfers} acknowledged, ${refusedTransfers} refused`)
  console.log(`tasks      ${counts(tasks)}; ${escrows} escrows`)
  console.log(`decrees    ${decrees}`)
  console.log(
    `traders    own ${formatRuv(circulatingMicro)} RUV together${problems.length === 0 ? ', as at the start' : ' by the genesis document'}`,
  )
  for (const problem of problems.slice(0, 20)) console.log(`BROKEN     ${problem}`)
  console.log(problems.length === 0 ? 'Nothing acknowledged was lost.' : `${problems.length} things are broken.`)
}

const main = async (): Promise<number> => {
  const options = readOptions()
  const built = await build()
  if (!built.ok) {
    console.error(built.output)
    return 1
  }
  const inside = runInside()
  if (inside !== null) return inside
  const hosts = process.env[insideVariable] === undefined ? null : createHosts(witnessCount)
  if (hosts?.ok !== true) console.log(`No cables are pulled: ${hosts?.error.message ?? 'network namespaces cannot be made here.'}`)
  const report = await runKills({
    ...options,
    cliPath: join(rootPath, 'out/headless/cli.js'),
    hosts: hosts?.ok === true ? hosts.value : null,
    say: (line) => console.log(line),
  })
  print(report)
  if (hosts?.ok === true) hosts.value.close()
  return report.problems.length === 0 ? 0 : 1
}

process.exit(await main())
