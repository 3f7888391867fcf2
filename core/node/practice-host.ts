import { randomInt, randomUUID } from 'node:crypto'
import { readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { newSecrets, wipeSecrets } from '../identity/secrets.ts'
import { openNode, type Node } from './node.ts'
import { encodeNodesConfig, type NodesReady } from './nodes-config.ts'
import { assert } from '../platform/assert.ts'
import type { Log } from '../platform/log.ts'
import { systemClock } from '../platform/clock.ts'
import { systemRandom } from '../platform/random.ts'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'
import { configOf, planPractice, practicePorts } from './practice.ts'
import { takeDataFolder } from '../storage/data-folder.ts'

/** The process of the practice federation's other nodes. */
export type NodesProcess = {
  readonly ready: Promise<NodesReady>
  /** Ends it and resolves when it is gone. */
  readonly stop: () => Promise<void>
}

export type PracticeHostOptions = {
  readonly dataFolder: string
  readonly version: string
  readonly log: Log
  /** Starts a process that reads this line and runs the nodes it describes. */
  readonly startNodes: (configLine: string) => NodesProcess
  readonly nativeBinding?: string
}

const sessionPrefix = 'practice-session-'

/**
 * The user's own market in a practice federation: four witnesses and three providers in a process beside it. Its keys are in memory
 * only, so a session ends with the program; what a crashed one left behind is removed at the next start.
 */
export const openPractice = async (options: PracticeHostOptions): Promise<Result<Node, Failure>> => {
  const binding = options.nativeBinding === undefined ? {} : { nativeBinding: options.nativeBinding }
  const folder = takeDataFolder({ path: options.dataFolder, ...binding })
  if (!folder.ok) return folder
  removeSessions(options.dataFolder)
  const session = join(options.dataFolder, `${sessionPrefix}${randomUUID()}`)
  const opened = await openSession(options, session)
  const close = (): void => {
    rmSync(session, { recursive: true, force: true })
    folder.value.release()
  }
  if (!opened.ok) {
    close()
    return opened
  }
  return ok({
    market: opened.value.market,
    stop: async () => {
      await opened.value.stop()
      close()
    },
  })
}

const removeSessions = (dataFolder: string): void => {
  for (const name of readdirSync(dataFolder).filter((entry) => entry.startsWith(sessionPrefix)))
    rmSync(join(dataFolder, name), { recursive: true, force: true })
}

const openSession = async (options: PracticeHostOptions, session: string): Promise<Result<Node, Failure>> => {
  const ownSecrets = newSecrets(systemRandom)
  const plan = planPractice({
    ownSecrets,
    random: systemRandom,
    nowMs: systemClock.nowMs(),
    ports: await freePorts(practicePorts),
    folderOf: (name) => join(session, name),
  })
  if (!plan.ok) return plan
  const { federation, witnesses, providers } = plan.value
  const nodes = options.startNodes(encodeNodesConfig(configOf(federation, [...witnesses, ...providers], false)))
  const own = await openNode({
    ...options,
    federation,
    attestsOrganisation: false,
    keyProtection: 'session',
    secrets: ownSecrets,
    dataFolder: join(session, 'own'),
    listen: ['/ip4/127.0.0.1/tcp/0'],
  })
  wipeSecrets(ownSecrets)
  const ready = await nodes.ready
  if (own.ok && ready.ready) {
    own.value.market.resume().catch((error: unknown) => options.log.write('error', 'not resumed', { reason: String(error) }))
    return ok({ market: own.value.market, stop: async () => void (await Promise.all([own.value.stop(), nodes.stop()])) })
  }
  await Promise.all([own.ok ? own.value.stop() : null, nodes.stop()])
  return ready.ready ? own : fail(ready.code, `The practice federation could not start. ${ready.message}`)
}

/** Below the ports that systems give to whoever asks for any (Linux 32768–60999, others 49152–65535): nobody takes these by chance. */
const firstPort = 20_000
const lastPort = 32_767
const portAttempts = 200

/** Ports that were free a moment ago, each once. */
export const freePorts = async (count: number): Promise<readonly number[]> => {
  const ports = new Set<number>()
  for (let attempt = 0; ports.size < count && attempt < portAttempts; attempt++) {
    const port = randomInt(firstPort, lastPort + 1)
    if (await isFree(port)) ports.add(port)
  }
  assert(ports.size === count, 'this computer has free ports')
  return [...ports]
}
const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer().once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
