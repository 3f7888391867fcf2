import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { rootPath } from '../scripts/process.ts'
import { medianOf, type Benchmark } from './benchmark.ts'
import { residentMb, startUntilReady, stop, withDataFolder } from './child.ts'
import { bundleFloor } from './floor.ts'

/** Start-up garbage is collected by then; a market that idles is what people leave running. */
const settleMs = 5_000
const rounds = 3
/** anchors: at most 32 MB above the bare libp2p node. */
const goalMb = 32

const residentAfterSettling = async (args: readonly string[]): Promise<number> => {
  const { child } = await startUntilReady(args)
  try {
    await sleep(settleMs)
    return await residentMb(child.pid ?? 0)
  } finally {
    await stop(child)
  }
}

const measureDaemon = (): Promise<number> =>
  withDataFolder((path) => residentAfterSettling([join(rootPath, 'out/headless/cli.js'), 'daemon', '--practice', '--data', path]))

export const memory: Benchmark = {
  name: 'memory',
  about: `resident memory of the headless daemon, against a libp2p node alone; goal ≤ ${goalMb} MB above it`,
  run: async () => {
    const floorPath = await bundleFloor('libp2p-node')
    const figures: number[] = []
    const floors: number[] = []
    for (let round = 0; round < rounds; round++) {
      floors.push(await residentAfterSettling([floorPath]))
      figures.push(await measureDaemon())
    }
    const [figure, floor] = [medianOf(figures), medianOf(floors)]
    return {
      figure,
      floor,
      figureIs: `headless daemon of one member with its seven practice peers, idle, three offers in its book (the goal speaks of 10,000 orders), median of ${rounds}`,
      floorIs: `libp2p node alone with the same settings, idle, median of ${rounds}`,
      unit: 'MB',
      goalText: `at most ${goalMb} MB above the floor (${(figure - floor).toFixed(1)} MB above)`,
      goalMet: figure - floor <= goalMb,
    }
  },
}
