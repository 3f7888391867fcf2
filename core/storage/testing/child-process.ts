import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

export type Child = { readonly firstLine: string; readonly kill: () => Promise<void> }

/** Runs a file and waits for its first line; `kill` is SIGKILL and waits until it is gone. */
export const startChild = async (file: URL, ...parameters: readonly string[]): Promise<Child> => {
  const child: ChildProcess = spawn(process.execPath, [fileURLToPath(file), ...parameters], { stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = once(child, 'exit')
  const line = await Promise.race([
    new Promise<string>((resolve) => child.stdout?.once('data', (data: Buffer) => resolve(data.toString().trim()))),
    exited.then(() => 'exited'),
  ])
  return {
    firstLine: line,
    kill: async () => {
      child.kill('SIGKILL')
      await exited
    },
  }
}
