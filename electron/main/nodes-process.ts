import { utilityProcess, type UtilityProcess } from 'electron'
import { nodesReady, type NodesReady } from '../../core/node/nodes-config.ts'
import type { NodesProcess } from '../../core/node/nodes-process.ts'

/** What the process is told first. It holds secrets, so it goes through the port and never onto a command line. */
export type NodesOrder = { readonly configLine: string; readonly version: string; readonly nativeBinding?: string }

const STOP_TIMEOUT_MS = 5_000

/** Starts the process of nodes.ts, which ends with this one. */
export const forkNodes = (nodesPath: string, order: NodesOrder): NodesProcess => {
  const child = utilityProcess.fork(nodesPath, [], { serviceName: 'Witnesses', stdio: ['ignore', 'ignore', 'inherit'] })
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  child.postMessage(order)
  return { ready: firstMessage(child), ended: exited, stop: () => stop(child, exited) }
}

const firstMessage = (child: UtilityProcess): Promise<NodesReady> =>
  new Promise((resolve) => {
    child.once('exit', () => resolve({ ready: false, code: 'died', message: 'The process of its nodes ended before it was ready.' }))
    child.once('message', (message: unknown) => {
      const parsed = nodesReady.safeParse(message)
      resolve(
        parsed.success
          ? parsed.data
          : { ready: false, code: 'unreadable', message: 'The process of its nodes gave no answer that can be read.' },
      )
    })
  })

const stop = async (child: UtilityProcess, exited: Promise<void>): Promise<void> => {
  if (child.pid === undefined) return
  child.postMessage('stop')
  const timer = setTimeout(() => child.kill(), STOP_TIMEOUT_MS)
  await exited
  clearTimeout(timer)
}
