import { openSync } from 'node:fs'
import { join } from 'node:path'
import { createClient, type Client } from '../../core/contract/client.ts'
import { marketContract, type MarketContract } from '../../core/contract/contract.ts'
import { createWebSocketTransport, socketProtocols } from '../../core/contract/websocket-transport.ts'
import type { Federation } from '../../core/federation/federation.ts'
import { encodeNodesConfig, type NodeConfig } from '../../core/node/nodes-config.ts'
import { configOf } from '../../core/node/practice.ts'
import type { PeerAddress } from '../../core/network/port.ts'
import { assert } from '../../core/platform/assert.ts'
import { systemClock } from '../../core/platform/clock.ts'
import { spawnNodes } from '../nodes-process.ts'

/** Processes that die and come back on the same data folder. */
export type FleetMember = {
  readonly config: NodeConfig
  readonly kind: 'witness' | 'provider' | 'client'
  /** What stands before the command line of its process, such as the host it runs on. */
  readonly command: readonly string[]
}

export type Fleet = {
  readonly start: (member: FleetMember) => Promise<void>
  /** SIGKILL. Resolves once the process is gone. */
  readonly kill: (name: string) => Promise<void>
  /** Of the process that runs now or comes next; a witness has none. */
  readonly client: (name: string) => Promise<Client<MarketContract>>
  /** The processes that run now, by the names of their members, and where they listen. */
  readonly processes: () => ReadonlyMap<string, { readonly pid: number; readonly address: PeerAddress }>
  readonly stop: () => Promise<void>
}

type Running = {
  readonly pid: number
  readonly address: PeerAddress
  readonly kill: () => Promise<void>
  readonly stop: () => Promise<void>
  readonly client: Client<MarketContract> | null
}

export const createFleet = (federation: Federation, folder: string, cliPath: string): Fleet => {
  const running = new Map<string, Running>()
  const waiting = new Map<string, ((client: Client<MarketContract>) => void)[]>()

  const start = async ({ config, kind, command }: FleetMember): Promise<void> => {
    const { name } = config
    const hasSocket = kind !== 'witness'
    const nodes = spawnNodes(cliPath, openSync(join(folder, `${name}.log`), 'a'), command)
    const gone = new Promise<void>((resolve) => nodes.child.once('close', () => resolve()))
    nodes.configure(encodeNodesConfig(configOf(federation, [config], { sockets: hasSocket })))
    const ready = await nodes.ready
    const address = ready.ready ? ready.nodes[0] : undefined
    assert(address !== undefined, `${name} did not start: ${ready.ready ? 'no node' : ready.message}`)
    const socket = address.socketUrl === null ? null : clientOf(address.socketUrl, address.token ?? '')
    const kill = async (): Promise<void> => {
      nodes.child.kill('SIGKILL')
      await gone
      socket?.close()
    }
    const stop = async (): Promise<void> => {
      socket?.close()
      await nodes.stop()
    }
    const { pid, peerId, addresses } = address
    running.set(name, { pid, address: { peerId, addresses }, kill, stop, client: socket?.client ?? null })
    if (socket !== null) for (const resolve of waiting.get(name) ?? []) resolve(socket.client)
    waiting.delete(name)
  }
  return {
    start,
    kill: async (name) => {
      const member = running.get(name)
      running.delete(name)
      await member?.kill()
    },
    client: async (name) => {
      const client = running.get(name)?.client
      return client ?? new Promise((resolve) => waiting.set(name, [...(waiting.get(name) ?? []), resolve]))
    },
    processes: () => running,
    stop: async () => void (await Promise.all([...running.values()].map((member) => member.stop()))),
  }
}

const clientOf = (socketUrl: string, token: string) => {
  const transport = createWebSocketTransport({
    connect: () => new WebSocket(socketUrl, socketProtocols(token)),
    after: systemClock.after,
  })
  return { client: createClient(marketContract, transport), close: transport.close }
}
