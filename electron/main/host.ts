import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Home } from '../../core/home/home.ts'
import type { Incoming } from '../../core/home/incoming.ts'
import type { SettingsStore } from '../../core/home/settings.ts'
import type { OsProtector } from '../../core/identity/protection.ts'
import type { Log } from '../../core/platform/log.ts'
import type { OwnerSignals } from '../../core/platform/owner-signals.ts'
import { fail, ok } from '../../core/platform/result.ts'
import type { StartingMarket } from './ipc.ts'
import { forkNodes } from './nodes-process.ts'
import type { SavePdf } from './pdf.ts'

export type HostOptions = {
  readonly dataFolder: string
  readonly settings: SettingsStore
  readonly incoming: Incoming
  /** The bundle that runs the nodes beside the user's own, in a process of their own. */
  readonly nodesPath: string
  readonly version: string
  readonly log: Log
  readonly logFile: string
  readonly osProtector: () => Promise<OsProtector | null>
  readonly showFolder: (path: string) => Promise<void>
  readonly savePdf: SavePdf
  readonly ownerSignals: OwnerSignals
  /** Begins with practice instead of asking, where the data folder holds nothing yet. */
  readonly startPractice: boolean
}

export type Host = {
  readonly started: StartingMarket
  readonly tellStartedAgain: () => void
  readonly close: () => Promise<void>
}

/** Runs the home in this process. Where nodes run beside the user's own, they do so in another. */
export const openHost = (options: HostOptions): Host => {
  const { log } = options
  const opening = openHome(options)
  opening.catch((error: unknown) =>
    log.write('error', 'home-not-opened', { error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  )
  return {
    started: opening.then(
      ({ door }) => ok(door),
      () => fail('internal', 'The market could not be opened. The log says why; try again after a restart.'),
    ),
    tellStartedAgain: () =>
      void opening.then(
        (home) => home.tellStartedAgain(),
        () => undefined,
      ),
    close: () =>
      opening.then(
        ({ stop }) => stop(),
        () => undefined,
      ),
  }
}

const openHome = async ({ nodesPath, startPractice, ...options }: HostOptions): Promise<Home> => {
  // The bulk of the program. Read here, and not when this file is, it does not hold up the window.
  const { createHome } = await import('../../core/home/home.ts')
  const { version } = options
  const binding = sqliteBinding()
  const home = createHome({
    ...options,
    ...binding,
    startNodes: (configLine) => forkNodes(nodesPath, { configLine, version, ...binding }),
    passphrase: null,
    member: { listen: '/ip4/0.0.0.0/tcp/0', isWitness: false },
    surface: 'desktop',
  })
  void home.open().then(async () => {
    if (startPractice && home.state().phase === 'first-start') await home.door.call('setup.practice', { requestId: randomUUID() })
  })
  return home
}

/** The test runtime brings SQLite's native file in its resources; the official Electron runs the package's own. */
const sqliteBinding = (): { readonly nativeBinding?: string } => {
  const nativeBinding = join(process.resourcesPath, 'better-sqlite3.node')
  return existsSync(nativeBinding) ? { nativeBinding } : {}
}
