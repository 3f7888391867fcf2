import { join } from 'node:path'
import { rootPath } from '../scripts/process.ts'
import { medianOf, type Benchmark } from './benchmark.ts'
import { startUntilReady, stop, withDataFolder } from './child.ts'
import { bundleFloor } from './floor.ts'

const rounds = 7
/** anchors: headless ready in under a second. */
const goalMs = 1_000

const timeStart = async (args: readonly string[]): Promise<number> => {
  const { child, readyMs } = await startUntilReady(args)
  await stop(child)
  return readyMs
}

const cliPath = join(rootPath, 'out/headless/cli.js')

/** In turns, so that both meet the same machine. The first of each fills the disk cache and is not counted. */
const takeTurns = async (floorArgs: readonly string[], figureArgs: readonly string[]) => {
  const figures: number[] = []
  const floors: number[] = []
  for (let round = 0; round <= rounds; round++) {
    const [floor, figure] = [await timeStart(floorArgs), await timeStart(figureArgs)]
    if (round === 0) continue
    floors.push(floor)
    figures.push(figure)
  }
  return { figures, floors }
}

export const startUp: Benchmark = {
  name: 'start-up',
  about: `headless daemon from its start to its ready line, against Node with libp2p imported; goal < ${goalMs} ms`,
  run: async () => {
    const floorPath = await bundleFloor('libp2p-import')
    const { figures, floors } = await withDataFolder((path) => takeTurns([floorPath], [cliPath, 'daemon', '--practice', '--data', path]))
    const figure = medianOf(figures)
    return {
      figure,
      floor: medianOf(floors),
      figureIs: `headless daemon that founds a practice federation in a process beside it, start → ready line, median of ${rounds}`,
      floorIs: `bare Node with a bundled libp2p import, start → first line, median of ${rounds}`,
      unit: 'ms',
      goalText: `under ${goalMs} ms`,
      goalMet: figure < goalMs,
    }
  },
}
