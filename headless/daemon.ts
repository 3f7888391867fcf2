import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Home } from '../core/home/home.ts'
import { problemOf } from '../core/home/state.ts'
import type { StartNodes } from '../core/node/nodes-process.ts'
import type { Log } from '../core/platform/log.ts'
import { fail, ok, type Failure, type Result } from '../core/platform/result.ts'
import { exitWithFailure, exitWithUsage, integerOption, parseOptions, textOption, type UsageFailure } from './options.ts'
import { spawnNodes, type SpawnedNodes } from './nodes-process.ts'

const help =
  'Usage: daemon [--practice | --federation FILE [--witness] [--listen MULTIADDR]] [--data FOLDER] [--port N]. Without a federation it opens what the data folder holds, or shows the first start in a browser. The passphrase of the key file comes from CLAUDE_MARKET_PASSPHRASE.'

const spec = {
  practice: { type: 'boolean' },
  federation: { type: 'string' },
  witness: { type: 'boolean' },
  listen: { type: 'string' },
  data: { type: 'string' },
  port: { type: 'string' },
} as const

/** What the data folder is to be, if it is nothing yet; `federation` is the path of the genesis file. */
type Wish = { readonly kind: 'any' } | { readonly kind: 'practice' } | { readonly kind: 'member'; readonly federation: string }
type DaemonOptions = {
  readonly wish: Wish
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
  if (isPractice && federation !== null) return fail('usage', `Say either --practice or --federation FILE. ${help}`)
  if (federation === null && (isWitness || listen !== null)) return fail('usage', `--witness and --listen belong to --federation. ${help}`)
  return ok({
    wish: federation === null ? { kind: isPractice ? 'practice' : 'any' } : { kind: 'member', federation },
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
  const nodes = earlyNodes(options.value)
  const opened = await openHome(options.value, nodes.start)
  await nodes.stopUnused()
  if (!opened.ok) return exitWithFailure(opened.error)
  const { home, log } = opened.value
  const { serveMarket } = await import('./serve.ts')
  const served = isStopping ? null : await serveMarket(home.door, options.value.port, log)
  if (served?.ok === true) {
    const { pageUrl, socketUrl, token } = served.value
    process.stdout.write(`${JSON.stringify({ ready: true, pageUrl, socketUrl, token, pid: process.pid })}\n`)
    await stopping
    await served.value.close()
  }
  await home.stop()
  if (served?.ok === false) return exitWithFailure(served.error)
  process.exit(0)
}

const stopSignal = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => resolve())
  })

/** The process of a practice federation's nodes starts before this one has loaded the market, so that both load side by side. */
const earlyNodes = ({ wish, dataFolder }: DaemonOptions) => {
  const isPractice = wish.kind === 'practice' || (wish.kind === 'any' && existsSync(join(dataFolder, 'practice.json')))
  const spawn = (): SpawnedNodes => spawnNodes(process.argv[1] ?? '', 'inherit')
  let early = isPractice ? spawn() : null
  return {
    start: (configLine: string): SpawnedNodes => {
      const nodes = early ?? spawn()
      early = null
      nodes.configure(configLine)
      return nodes
    },
    stopUnused: async (): Promise<void> => {
      await early?.stop()
      early = null
    },
  }
}

type Opened = { readonly home: Home; readonly log: Log }

const openHome = async (options: DaemonOptions, startNodes: StartNodes): Promise<Result<Opened, Failure>> => {
  const member = await import('./member.ts')
  const { wish, dataFolder } = options
  const prepared = wish.kind === 'member' ? await member.prepareMember(dataFolder, wish.federation) : ok(null)
  if (!prepared.ok) return prepared
  const log = member.standardLog()
  const home = await member.createHeadlessHome({ ...options, log, startNodes })
  await home.open()
  const problem = await fulfil(home, wish)
  if (problem === null) return ok({ home, log })
  await home.stop()
  return fail(problem.code, problem.message)
}

/** What keeps the wish from coming true. Without one, whoever opens the page sees what is the matter, and does something about it. */
const fulfil = async ({ door, state, settled }: Home, wish: Wish): Promise<Failure | null> => {
  if (wish.kind === 'any') return null
  if (wish.kind === 'practice' && state().phase === 'first-start') {
    const answer = await door.call('setup.practice', { requestId: randomUUID() })
    if (!answer.ok) return answer.error
    await settled()
  }
  const reached = state()
  if (reached.phase !== 'running') return problemOf(reached)
  if (wish.kind !== 'practice' || reached.kind === 'practice') return null
  return { code: 'other-federation', message: 'The data folder belongs to a lasting federation. Choose another one for practice.' }
}
