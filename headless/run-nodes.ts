import { createInterface } from 'node:readline'
import type { NodesReady } from '../core/node/nodes-config.ts'
import { openNodes, parseNodesConfig, stopNodes, type RunningNode } from '../core/node/nodes.ts'
import { toHex } from '../core/platform/bytes.ts'
import type { Log } from '../core/platform/log.ts'
import { systemRandom } from '../core/platform/random.ts'
import { ok, type Failure, type Result } from '../core/platform/result.ts'
import { standardLog } from './member.ts'
import { sqliteBinding } from './sqlite-binding.ts'
import { version } from './version.ts'
import type { MarketServer } from './websocket-server.ts'

/**
 * A process of several nodes: reads its configuration as one line of standard input, answers with one line, and ends when the input
 * ends, which is when the program that started it has ended, however that happened.
 */
export const runNodes = async (): Promise<void> => {
  const log = standardLog()
  const ended = new Promise<void>((resolve) => process.stdin.once('close', resolve))
  // Who asks in a terminal asks the whole group; the program that started this one decides when it ends.
  process.on('SIGINT', () => undefined)
  process.on('SIGTERM', () => process.stdin.destroy())
  const first = await createInterface({ input: process.stdin })[Symbol.asyncIterator]().next()
  const started = await start(first.done === true ? '' : first.value, log)
  say(started.ok ? started.value.ready : { ready: false, ...started.error })
  if (!started.ok) process.exit(1)
  // After the answer has left: it takes a moment, and nobody waits for it.
  setImmediate(started.value.resume)
  await ended
  await started.value.stop()
  process.exit(0)
}

type Started = { readonly ready: NodesReady; readonly resume: () => void; readonly stop: () => Promise<void> }

const say = (ready: NodesReady): void => void process.stdout.write(`${JSON.stringify(ready)}\n`)

const start = async (line: string, log: Log): Promise<Result<Started, Failure>> => {
  const config = parseNodesConfig(line)
  if (!config.ok) return config
  const nodes = await openNodes(config.value, { version, log, ...sqliteBinding() })
  if (!nodes.ok) return nodes
  const servers = config.value.sockets ? await serveAll(nodes.value, log) : ok(new Map<string, MarketServer>())
  if (!servers.ok) {
    await stopNodes(nodes.value)
    return servers
  }
  return ok({
    resume: () => {
      for (const { node, name } of nodes.value)
        node.market.resume().catch((error: unknown) => log.write('error', 'not resumed', { node: name, reason: String(error) }))
    },
    ready: { ready: true, nodes: nodes.value.map((running) => addressOf(running, servers.value.get(running.name) ?? null)) },
    stop: async () => {
      await Promise.all([...servers.value.values()].map((server) => server.close()))
      await stopNodes(nodes.value)
    },
  })
}

const serveAll = async (nodes: readonly RunningNode[], log: Log): Promise<Result<ReadonlyMap<string, MarketServer>, Failure>> => {
  const { startMarketServer } = await import('./websocket-server.ts')
  const servers = new Map<string, MarketServer>()
  for (const { name, node } of nodes) {
    const server = await startMarketServer({ dispatcher: node.market.dispatcher, files: null, random: systemRandom, log }, 0)
    if (!server.ok) {
      await Promise.all([...servers.values()].map((started) => started.close()))
      return server
    }
    servers.set(name, server.value)
  }
  return ok(servers)
}

const addressOf = ({ name, node }: RunningNode, server: MarketServer | null) => {
  const { peerId, addresses } = node.market.network.self()
  return {
    name,
    peerId,
    addresses: [...addresses],
    pid: process.pid,
    accountId: toHex(node.market.accountId),
    socketUrl: server?.socketUrl ?? null,
    token: server?.token ?? null,
  }
}
