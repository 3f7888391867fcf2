import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { createClient, type Client } from '../../core/contract/client.ts'
import { contract, type AppContract } from '../../core/contract/contract.ts'
import { createWebSocketTransport, socketProtocols } from '../../core/contract/websocket-transport.ts'
import { systemClock } from '../../core/platform/clock.ts'
import { rootPath } from '../../scripts/process.ts'

export type Daemon = { readonly pageUrl: string; readonly client: Client<AppContract>; readonly stop: () => Promise<void> }

/** The built headless market on a free port, with its own practice federation unless told otherwise. */
export const startDaemon = async (dataPath: string, options: readonly string[] = ['--practice']): Promise<Daemon> => {
  const args = [join(rootPath, 'out', 'headless', 'cli.js'), 'daemon', ...options, '--data', dataPath, '--port', '0']
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] })
  const [line] = (await Promise.race([
    once(createInterface({ input: child.stdout }), 'line'),
    once(child, 'exit').then(() => Promise.reject(new Error('the daemon ended before it was ready'))),
  ])) as readonly string[]
  const ready = JSON.parse(line ?? '') as { readonly pageUrl: string; readonly socketUrl: string; readonly token: string }
  const connect = () => new WebSocket(ready.socketUrl, socketProtocols(ready.token))
  const transport = createWebSocketTransport({ connect, after: systemClock.after })
  return {
    pageUrl: ready.pageUrl,
    client: createClient(contract, transport),
    stop: async () => {
      transport.close()
      if (child.exitCode !== null) return
      child.kill('SIGTERM')
      await once(child, 'exit')
    },
  }
}
