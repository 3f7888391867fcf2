/** The process beside the window that runs the other nodes of a practice federation: told what to run, it answers, and stops when told. */
import type { NodesReady } from '../../core/node/nodes-config.ts'
import { openNodes, parseNodesConfig, stopNodes, type RunningNode } from '../../core/node/nodes.ts'
import { toHex } from '../../core/platform/bytes.ts'
import { createLog } from '../../core/platform/log.ts'
import type { Failure, Result } from '../../core/platform/result.ts'
import type { NodesOrder } from './nodes-process.ts'

// Whoever started them may have gone, and with it whoever read their output.
process.stderr.on('error', () => undefined)
const log = createLog((line) => void process.stderr.write(`${line}\n`), Date.now, 'nodes')

const open = async ({ configLine, version, nativeBinding }: NodesOrder): Promise<Result<readonly RunningNode[], Failure>> => {
  const config = parseNodesConfig(configLine)
  if (!config.ok) return config
  return openNodes(config.value, { version, log, ...(nativeBinding === undefined ? {} : { nativeBinding }) })
}

const addressOf = ({ name, node }: RunningNode) => {
  const { peerId, addresses } = node.market.network.self()
  return {
    name,
    peerId,
    accountId: toHex(node.market.accountId),
    addresses: [...addresses],
    socketUrl: null,
    token: null,
    pid: process.pid,
  }
}

const say = (ready: NodesReady): void => process.parentPort.postMessage(ready)

const run = async (order: NodesOrder): Promise<void> => {
  const opened = await open(order)
  if (!opened.ok) return say({ ready: false, ...opened.error })
  const nodes = opened.value
  for (const { name, node } of nodes)
    node.market.resume().catch((error: unknown) => log.write('error', 'not resumed', { node: name, reason: String(error) }))
  process.parentPort.once('message', () => void stopNodes(nodes).finally(() => process.exit()))
  say({ ready: true, nodes: nodes.map(addressOf) })
}

process.parentPort.once('message', ({ data }) => void run(data as NodesOrder))
