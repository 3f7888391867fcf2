import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Log } from '../../core/platform/log.ts'
import type { Node } from '../../core/node/node.ts'
import { fail, type Failure, type Result } from '../../core/platform/result.ts'
import type { StartingMarket } from './ipc.ts'
import { forkNodes } from './nodes-process.ts'

export type HostOptions = {
  /** Where the market keeps its databases. */
  readonly dataFolder: string
  /** The bundle that runs the nodes of the practice federation in a process of their own. */
  readonly nodesPath: string
  readonly version: string
  readonly log: Log
}

export type HostedMarket = { readonly started: StartingMarket; readonly close: () => Promise<void> }

/** Runs the user's own market in this process and the practice federation's other nodes in one beside it. */
export const openMarket = (options: HostOptions): HostedMarket => {
  const opening = openOwnNode(options).catch((error: unknown) => {
    options.log.write('error', 'market-not-opened', { error: error instanceof Error ? (error.stack ?? error.message) : String(error) })
    return fail('internal', 'The market could not be opened. The log says why; try again after a restart.')
  })
  return {
    started: opening.then((opened) => (opened.ok ? { ok: true, value: opened.value.market.dispatcher } : opened)),
    close: async () => {
      const opened = await opening
      if (opened.ok) await opened.value.stop()
    },
  }
}

const openOwnNode = async ({ dataFolder, nodesPath, version, log }: HostOptions): Promise<Result<Node, Failure>> => {
  // The bulk of the program. Read here, and not when this file is, it does not hold up the window.
  const { openPractice } = await import('../../core/node/practice-host.ts')
  const binding = sqliteBinding()
  return openPractice({
    dataFolder,
    version,
    log,
    ...binding,
    startNodes: (configLine) => forkNodes(nodesPath, { configLine, version, ...binding }),
  })
}

/** The test runtime brings SQLite's native file in its resources; the official Electron runs the package's own. */
const sqliteBinding = (): { readonly nativeBinding?: string } => {
  const nativeBinding = join(process.resourcesPath, 'better-sqlite3.node')
  return existsSync(nativeBinding) ? { nativeBinding } : {}
}
