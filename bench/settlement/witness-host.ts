import { join } from 'node:path'
import { defaultLimits } from '../../core/network/limits.ts'
import { systemClock } from '../../core/platform/clock.ts'
import { benchCommittee, creditsOf, holdersOf, nodeSeedOf, openWitness } from './federation.ts'
import { openBenchNetwork } from '../bench-network.ts'

/** Some of a committee's witnesses in one process, each with its own node and its own file. */
export type HostConfig = {
  readonly size: number
  readonly run: readonly number[]
  readonly holders: number
  readonly folder: string
}
export type HostReady = { readonly nodes: readonly { readonly index: number; readonly port: number }[] }

const boundless = { perSecond: 1_000_000, burst: 1_000_000 }

const config = JSON.parse(process.argv[2] ?? '{}') as HostConfig
const committee = benchCommittee(config.size)
const credits = creditsOf(holdersOf(config.holders))
const closing: (() => void | Promise<void>)[] = []
const nodes: { readonly index: number; readonly port: number }[] = []
for (const index of config.run) {
  const network = await openBenchNetwork({
    privateKeySeed: nodeSeedOf(index),
    scope: 'bench',
    limits: { rates: { ...defaultLimits.rates, settlement: boundless, sync: boundless } },
  })
  const { witness, database } = openWitness(join(config.folder, `witness-${index}.db`), index, committee, credits, systemClock)
  witness.serve(network)
  // What a question costs when nothing is done about it: the floor of everything above it.
  network.serve('sync', async (payload) => payload)
  closing.push(network.stop, database.close)
  nodes.push({ index, port: Number(network.self().addresses[0]?.split('/').at(-1)) })
}
process.stdout.write(`${JSON.stringify({ nodes } satisfies HostReady)}\n`)
process.on('SIGTERM', () => {
  void Promise.all(closing.map(async (close) => close())).finally(() => process.exit(0))
})
