import { openSync } from 'node:fs'
import { join } from 'node:path'
import { createClient, type Client } from '../../core/contract/client.ts'
import { contract, type MarketContract } from '../../core/contract/contract.ts'
import { createWebSocketTransport, socketProtocols } from '../../core/contract/websocket-transport.ts'
import type { Federation } from '../../core/federation/federation.ts'
import { encodeNodesConfig, type NodeConfig } from '../../core/node/nodes-config.ts'
import { configOf } from '../../core/node/practice.ts'
import { systemClock } from '../../core/platform/clock.ts'
import { fail, ok, type Failure, type Result } from '../../core/platform/result.ts'
import { spawnNodes } from '../nodes-process.ts'

/** One node in a process of its own, driven over the same contract as the window. */
export type Member = {
  readonly name: string
  readonly config: NodeConfig
  readonly pid: number
  readonly accountId: string
  readonly client: Client<MarketContract>
  /** SIGKILL: it has no time to save anything. */
  readonly kill: () => void
  readonly wasKilled: () => boolean
}

export type Cluster = {
  /** The newest process of each name. */
  readonly members: () => readonly Member[]
  readonly start: (federation: Federation, config: NodeConfig) => Promise<Result<Member, Failure>>
  /** Ends every process, also those that are still starting. */
  readonly stop: () => Promise<void>
}

/** What the nodes log goes to one file each in the folder. */
export const createCluster = (folder: string): Cluster => {
  const members = new Map<string, Member>()
  const stops = new Set<() => Promise<void>>()
  return {
    members: () => [...members.values()],
    start: async (federation, config) => {
      const { name } = config
      const nodes = spawnNodes(process.argv[1] ?? '', openSync(join(folder, `${name}.log`), 'a'))
      stops.add(nodes.stop)
      nodes.configure(encodeNodesConfig(configOf(federation, [config], { sockets: true })))
      const ready = await nodes.ready
      const address = ready.ready ? ready.nodes[0] : undefined
      if (address === undefined || address.socketUrl === null)
        return fail('not-started', `${name} did not start. ${ready.ready ? '' : ready.message}`)
      const { socketUrl, token, pid, accountId } = address
      const connect = () => new WebSocket(socketUrl, socketProtocols(token ?? ''))
      const transport = createWebSocketTransport({ connect, after: systemClock.after })
      stops.add(async () => transport.close())
      const { child } = nodes
      const member: Member = {
        name,
        config,
        pid,
        accountId,
        client: createClient(contract, transport),
        kill: () => void child.kill('SIGKILL'),
        wasKilled: () => child.signalCode !== null,
      }
      members.set(name, member)
      return ok(member)
    },
    stop: async () => void (await Promise.all([...stops].map((stop) => stop()))),
  }
}
