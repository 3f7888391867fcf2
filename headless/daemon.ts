import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Node } from '../core/node/node.ts'
import type { Log } from '../core/platform/log.ts'
import { fail, ok, type Failure, type Result } from '../core/platform/result.ts'
import { exitWithFailure, exitWithUsage, integerOption, parseOptions, textOption, type UsageFailure } from './options.ts'
import { spawnNodes } from './nodes-process.ts'

const help =
  'Usage: daemon --practice | --federation FILE [--witness] [--listen MULTIADDR]  [--data FOLDER] [--port N]. The passphrase of the key file comes from CLAUDE_MARKET_PASSPHRASE.'

const spec = {
  practice: { type: 'boolean' },
  federation: { type: 'string' },
  witness: { type: 'boolean' },
  listen: { type: 'string' },
  data: { type: 'string' },
  port: { type: 'string' },
} as const

/** `federation` is the path of the genesis file; null for a practice federation on this computer. */
type DaemonOptions = {
  readonly federation: string | null
  readonly isWitness: boolean
  readonly listen: string
  readonly dataFolder: string
  readonly port: number
}

const readOptions = (args: readonly string[]): Result<DaemonOptions, UsageFailure> => {
  const parsed = parseOptions(args, spec, help)
  if (!parsed.ok) return parsed
  const { values } = parsed.value
  const port = integerOption('port', values['port'], 0, 65_535)
  if (!port.ok) return port
  const [federation, listen, isWitness] = [textOption(values, 'federation'), textOption(values, 'listen'), values['witness'] === true]
  const isPractice = values['practice'] === true
  if (isPractice === (federation !== null)) return fail('usage', `Say either --practice or --federation FILE. ${help}`)
  if (isPractice && (isWitness || listen !== null)) return fail('usage', `--witness and --listen belong to --federation. ${help}`)
  return ok({
    federation,
    isWitness,
    listen: listen ?? '/ip4/0.0.0.0/tcp/0',
    dataFolder: textOption(values, 'data') ?? join(homedir(), '.claude-market'),
    port: port.value ?? 0,
  })
}

/** One market without a window. Prints one JSON line when it answers; ends on SIGINT or SIGTERM. */
export const runDaemon = async (args: readonly string[]): Promise<void> => {
  const options = readOptions(args)
  if (!options.ok) return exitWithUsage(options.error)
  let isStopping = false
  const stopping = stopSignal().then(() => (isStopping = true))
  const opened = await openNode(options.value)
  if (!opened.ok) return exitWithFailure(opened.error)
  const { node, log } = opened.value
  const { serveMarket } = await import('./serve.ts')
  const served = isStopping ? null : await serveMarket(node, options.value.port, log)
  if (served?.ok === true) {
    const { pageUrl, socketUrl, token } = served.value
    process.stdout.write(`${JSON.stringify({ ready: true, pageUrl, socketUrl, token, pid: process.pid })}\n`)
    await stopping
    await served.value.close()
  }
  await node.stop()
  if (served?.ok === false) return exitWithFailure(served.error)
  process.exit(0)
}

const stopSignal = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => resolve())
  })

/** The process of a practice federation's nodes starts before this one has loaded the market, so that both load side by side. */
const openNode = async (options: DaemonOptions): Promise<Result<{ readonly node: Node; readonly log: Log }, Failure>> => {
  const nodes = options.federation === null ? spawnNodes(process.argv[1] ?? '', 'inherit') : null
  const { openMember, openPracticeNode, standardLog } = await import('./member.ts')
  const log = standardLog()
  const { federation, ...rest } = options
  const node =
    nodes === null
      ? await openMember({ ...rest, log, federationFile: federation ?? '' })
      : await openPracticeNode(rest.dataFolder, log, nodes)
  if (!node.ok) await nodes?.stop()
  return node.ok ? ok({ node: node.value, log }) : node
}
