import type { Benchmark, Detail, Measurement } from './benchmark.ts'
import { measureLatencies, measureSizes } from './settlement/latency.ts'
import { fillWithObjects } from './settlement/objects.ts'
import { measureThroughput } from './settlement/throughput.ts'

/** anchors: finality in 2.15 round trips behind a delaying proxy, half of what the cryptography alone would allow. */
const goalRoundTrips = 2.15
const goalShare = 0.5
const committees = [1, 4, 7, 13] as const
const objectCounts = [100, 10_000, 1_000_000] as const

const finality = async (): Promise<Measurement> => {
  const { finalityP50, floorP50, details } = await measureLatencies()
  return {
    figure: finalityP50,
    floor: floorP50,
    figureIs: 'a transfer from its order to its certificate, four witnesses in processes of their own behind lines of 100 ms, p50',
    floorIs: 'two bare questions to a quorum of the same witnesses over the same lines, p50',
    unit: 'RTT',
    goalText: `at most ${goalRoundTrips} RTT`,
    goalMet: finalityP50 <= goalRoundTrips,
    details: [...details, ...(await measureSizes(committees))],
  }
}

const throughput = async (): Promise<Measurement> => {
  const four = await measureThroughput({ witnesses: 4, transfers: 2_000, atOnce: 50 })
  const alone = await measureThroughput({ witnesses: 4, transfers: 200, atOnce: 1 })
  const details: Detail[] = [
    { name: 'checks of signatures a transfer', value: four.verifications, unit: '' },
    { name: 'signatures a transfer', value: four.signatures, unit: '' },
    { name: 'commits to disk a transfer, one at a time', value: alone.commits, unit: '' },
    { name: 'a transfer, one at a time, p50', value: alone.perTransferMs.p50, unit: 'ms' },
    { name: 'a transfer, one at a time, p99', value: alone.perTransferMs.p99, unit: 'ms' },
  ]
  for (const witnesses of committees) {
    const found = witnesses === 4 ? four : await measureThroughput({ witnesses, transfers: 300, atOnce: 50 })
    details.push(
      { name: `committee of ${witnesses}, transfers`, value: found.perSecond, unit: 'a second and core' },
      { name: `committee of ${witnesses}, transfers with waiting for the disk`, value: found.elapsedPerSecond, unit: 'a second' },
      { name: `committee of ${witnesses}, share of its cryptography`, value: found.perSecond / found.boundPerSecond, unit: '' },
      { name: `committee of ${witnesses}, a decree with its certificate`, value: found.certificateBytes, unit: 'bytes' },
    )
  }
  for (const objects of objectCounts) {
    const found = await measureThroughput({
      witnesses: 4,
      transfers: 500,
      atOnce: 50,
      before: (witness) => fillWithObjects(witness, objects),
    })
    details.push({ name: `with ${objects.toLocaleString('en')} objects, transfers`, value: found.perSecond, unit: 'a second and core' })
  }
  return {
    figure: four.perSecond,
    floor: four.boundPerSecond,
    figureIs:
      'certified transfers for each second of processor time of one of four witnesses, on a disk that survives a power cut, 50 under way',
    floorIs: 'what its own checks and signatures would allow if nothing else cost time (an upper bound: higher is better)',
    unit: 'a second',
    goalText: `at least ${goalShare * 100} % of that bound`,
    goalMet: four.perSecond >= goalShare * four.boundPerSecond,
    details,
  }
}

export const settlement: Benchmark = {
  name: 'settlement',
  about: `finality behind delaying lines (goal ≤ ${goalRoundTrips} RTT) and certified transfers a second against their cryptography (goal ≥ ${goalShare * 100} %)`,
  run: async () => [await finality(), await throughput()],
}
