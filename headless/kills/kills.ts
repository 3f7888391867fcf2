import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ServeConfig } from '../../core/node/nodes-config.ts'
import { practiceServe } from '../../core/node/practice.ts'
import { formatRuv } from '../../core/platform/amount.ts'
import { createSeededRandom } from '../../core/platform/random.ts'
import { auditTasks, auditViews, auditWitnesses, waitForRest } from './audit.ts'
import { createDice } from './dice.ts'
import { createFleet, type Fleet } from './fleet.ts'
import type { Hosts } from './hosts.ts'
import { runKiller, type Harm } from './killer.ts'
import { runLoad, type Books } from './load.ts'
import { fundSecondClient, setScene, witnessCount, type Scene } from './scene.ts'

/**
 * Real processes that are killed at random moments while they send and trade, over TCP between hosts whose cables are pulled. At the
 * end every acknowledged transfer is there exactly once, every escrow has ended alike for both sides, every task has an end, no two
 * witnesses hold different decrees, and the traders own together what they owned at the start.
 */
export type KillsOptions = {
  readonly kills: number
  readonly seed: string
  readonly cliPath: string
  readonly hosts: Hosts | null
  readonly say: (line: string) => void
}

export type KillsReport = {
  readonly problems: readonly string[]
  readonly harm: Harm
  readonly transfers: number
  readonly refusedTransfers: number
  readonly tasks: ReadonlyMap<string, number>
  readonly escrows: number
  readonly decrees: number
  readonly circulatingMicro: bigint
  readonly tookMs: number
}

const providerCount = 3
/** The longest wait is for an escrow whose provider registered its delivery: 30 s, then the review, then the guards. */
const restWithinMs = 240_000

export const runKills = async (options: KillsOptions): Promise<KillsReport> => {
  const folder = mkdtempSync(join(tmpdir(), 'claude-market-kills-'))
  let isSound = false
  try {
    const report = await killAndAudit(options, folder)
    isSound = report.problems.length === 0
    return report
  } finally {
    if (isSound) rmSync(folder, { recursive: true, force: true, maxRetries: 10 })
    else options.say(`What the processes wrote is kept in ${folder}`)
  }
}

const killAndAudit = async (options: KillsOptions, folder: string): Promise<KillsReport> => {
  const startMs = performance.now()
  const scene = await setScene({ folder, hosts: options.hosts, providerCount, serveOf: quickServe })
  const fleet = createFleet(scene.federation, folder, options.cliPath)
  try {
    await Promise.all(scene.members.map(fleet.start))
    await fundSecondClient(fleet, scene.traders)
    options.say(`${scene.members.length} processes run`)
    const books: Books = { transfers: [], tasks: [] }
    const harm = await harmUnderLoad(options, scene, fleet, books)
    options.say('everybody is back; waiting until nothing is locked')
    const { views, isAtRest } = await waitForRest(fleet, scene.traders, scene.circulatingMicro, restWithinMs)
    const tasks = await auditTasks(fleet, books)
    const ownedMicro = [...views.values()].reduce((sum, view) => sum + view.ownedMicro + view.lockedMicro, 0n)
    await fleet.stop()
    const witnesses = auditWitnesses(scene.members.slice(0, witnessCount).map(({ config }) => config.dataFolder))
    return {
      problems: [
        ...(isAtRest ? [] : [`not at rest: the traders own ${formatRuv(ownedMicro)} of ${formatRuv(scene.circulatingMicro)} RUV`]),
        ...auditViews(views, books),
        ...tasks.problems,
        ...witnesses.problems,
      ],
      harm,
      transfers: books.transfers.filter(({ txHash }) => txHash !== null).length,
      refusedTransfers: books.transfers.filter(({ txHash }) => txHash === null).length,
      tasks: tasks.ends,
      escrows: new Set([...views.values()].flatMap(({ escrows }) => escrows.map(({ id }) => id))).size,
      decrees: witnesses.decrees,
      circulatingMicro: scene.circulatingMicro,
      tookMs: performance.now() - startMs,
    }
  } finally {
    await fleet.stop()
  }
}

const harmUnderLoad = async (options: KillsOptions, scene: Scene, fleet: Fleet, books: Books): Promise<Harm> => {
  let isOver = false
  const load = runLoad({
    fleet,
    books,
    traders: scene.traders,
    dice: createDice(createSeededRandom(`${options.seed}/load`)),
    isOver: () => isOver,
  })
  const harm = await runKiller({ ...options, fleet, members: scene.members, dice: createDice(createSeededRandom(`${options.seed}/kills`)) })
  isOver = true
  await load
  return harm
}

/** Short answers, so that many trades fit between two kills. */
const quickServe = (provider: number): ServeConfig => ({
  ...practiceServe(provider),
  backend: { kind: 'practice', seed: `provider-${provider + 1}`, firstTokenMs: 50, tokenMs: 15, words: 30 },
})
