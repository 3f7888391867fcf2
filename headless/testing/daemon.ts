import { WebSocket } from 'ws'
import { createClient, type Client } from '../../core/contract/client.ts'
import { contract, type AppContract } from '../../core/contract/contract.ts'
import { createWebSocketTransport, socketProtocols } from '../../core/contract/websocket-transport.ts'
import { systemClock } from '../../core/platform/clock.ts'
import type { Bench, Program } from './program.ts'

export type Ready = {
  readonly ready: true
  readonly pageUrl: string
  readonly socketUrl: string
  readonly token: string
  readonly pid: number
}
export type Daemon = Ready & Program & { readonly client: Client<AppContract>; readonly hangUp: () => void }

/** A daemon that has said that it is ready, and a client of its contract. */
export const startDaemon = async (bench: Bench, args: readonly string[], env?: NodeJS.ProcessEnv): Promise<Daemon> => {
  const program = bench.cli(['daemon', ...args], env)
  const ready = JSON.parse(await program.line(() => true)) as Ready
  const connect = () => new WebSocket(ready.socketUrl, socketProtocols(ready.token))
  const transport = createWebSocketTransport({ connect, after: systemClock.after })
  return { ...program, ...ready, client: createClient(contract, transport), hangUp: transport.close }
}

export const stopDaemon = async (daemon: Daemon, signal: 'SIGTERM' | 'SIGINT' = 'SIGTERM') => {
  daemon.hangUp()
  daemon.child.kill(signal)
  return daemon.ended
}
