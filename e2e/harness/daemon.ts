import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { rootPath } from '../../scripts/process.ts'

export type Daemon = { readonly pageUrl: string; readonly stop: () => Promise<void> }

/** The built headless market with its own practice federation, on a free port. */
export const startDaemon = async (dataPath: string): Promise<Daemon> => {
  const args = [join(rootPath, 'out', 'headless', 'cli.js'), 'daemon', '--practice', '--data', dataPath, '--port', '0']
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] })
  const [line] = (await Promise.race([
    once(createInterface({ input: child.stdout }), 'line'),
    once(child, 'exit').then(() => Promise.reject(new Error('the daemon ended before it was ready'))),
  ])) as readonly string[]
  const ready = JSON.parse(line ?? '') as { readonly pageUrl: string }
  return {
    pageUrl: ready.pageUrl,
    stop: async () => {
      if (child.exitCode !== null) return
      child.kill('SIGTERM')
      await once(child, 'exit')
    },
  }
}
