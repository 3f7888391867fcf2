import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { hash, signed, type Member } from '../../core/settlement/testing/world.ts'
import type { Decree } from '../../core/settlement/objects.ts'
import { medianOf, percentileOf, type Detail } from '../benchmark.ts'
import { withDataFolder } from '../child.ts'
import { echo, startCluster, type Line } from './cluster.ts'
import { creditsOf, holdersOf } from './federation.ts'

const roundTripsMs = [20, 100, 200] as const
const operations = 40
const conflicts = 25
const holderCount = 20
/** More than two programs on one machine differ in starting. */
const skewMs = 5
/** As large as a bundle with an order and four votes. */
const bundleBytes = 1_500

export type Latencies = {
  /** In round trips of the line. */
  readonly finalityP50: number
  readonly floorP50: number
  readonly details: readonly Detail[]
}

/** What each holder keeps of its chain, as wallets do: a witness that was late for a step is given it by whoever takes the next one. */
const chains = new WeakMap<Member, readonly Decree[]>()
const follow = (holder: Member, decree: Decree): void => {
  chains.set(holder, [...(chains.get(holder) ?? []), decree])
  holder.follow(decree)
}
const stepsOf =
  (holder: Member) =>
  (fromStep: number): readonly Decree[] =>
    (chains.get(holder) ?? []).filter(({ tx }) => tx.step >= fromStep)

/** Time to a final transfer, one after another, each by an account whose last step the witnesses have. */
const timeTransfers = async (line: Line, holders: readonly Member[], count: number): Promise<readonly number[]> => {
  const credits = creditsOf(holders)
  const times: number[] = []
  for (let index = 0; index < count; index++) {
    const at = index % holders.length
    const holder = holders[at]
    if (holder === undefined) break
    const order = holder.transfer(hash('somebody'), 1n, holder.state().step < 0 ? credits.slice(at, at + 1) : [])
    const startMs = performance.now()
    const decided = await line.driver.decide(order, [], { ownSteps: stepsOf(holder) })
    times.push(performance.now() - startMs)
    if (!decided.ok) throw new Error(decided.error.message)
    follow(holder, decided.value)
  }
  return times
}

/** An owner signs two orders for one step and two programs carry them at once; time until both know which one counts. */
const timeConflicts = async (one: Line, other: Line, holders: readonly Member[], count: number): Promise<readonly number[]> => {
  const times: number[] = []
  for (let index = 0; index < count; index++) {
    const holder = holders[index % holders.length]
    if (holder === undefined) break
    const orders = ['left', 'right'].map((name) => holder.transfer(hash(name), 1n))
    const startMs = performance.now()
    const outcomes = await Promise.all(
      [one, other].map(async ({ driver }, at): Promise<Decree> => {
        const order = orders[at]
        if (order === undefined) throw new Error('two orders')
        const decided = await driver.decide(signed(order.tx, holder.signer), [], { timeoutMs: 30_000, ownSteps: stepsOf(holder) })
        if (decided.ok) return decided.value
        if (decided.error.code === 'conflict') return decided.error.decree
        throw new Error(decided.error.message)
      }),
    )
    times.push(performance.now() - startMs)
    const [left, right] = outcomes
    if (left === undefined || right === undefined) throw new Error('two outcomes')
    if (Buffer.compare(hashOfDecree(left), hashOfDecree(right)) !== 0) throw new Error('two decrees in one step')
    follow(holder, left)
    await sleep(50)
  }
  return times
}
const hashOfDecree = ({ certificate }: Decree): Uint8Array => certificate.statement.txHash

export const measureLatencies = (): Promise<Latencies> =>
  withDataFolder(async (folder) => {
    const cluster = await startCluster({ size: 4, processes: 4, holders: holderCount, folder })
    const holders = holdersOf(holderCount)
    const details: Detail[] = []
    const inRoundTrips: number[] = []
    const floors: number[] = []
    try {
      for (const roundTripMs of roundTripsMs) {
        const line = await cluster.connect(roundTripMs / 2)
        // Each of the two is nearer to another half of the witnesses, so that neither gets a quorum.
        const rivals = await Promise.all(
          [0, 1].map((side) => cluster.connect(roundTripMs / 2, (index) => (index % 2 === side ? 0 : skewMs))),
        )
        const [one, other] = rivals
        if (one === undefined || other === undefined) throw new Error('two rivals')
        try {
          for (let warmUp = 0; warmUp < 3; warmUp++) await echo(line, bundleBytes)
          await timeTransfers(line, holders, roundTripMs === roundTripsMs[0] ? holderCount : 3)
          const asked: number[] = []
          for (let index = 0; index < operations; index++) asked.push(await echo(line, bundleBytes))
          const finalMs = await timeTransfers(line, holders, operations)
          await timeConflicts(one, other, holders, 2)
          const conflictMs = await timeConflicts(one, other, holders, conflicts)
          const rtt = (ms: number): number => ms / roundTripMs
          inRoundTrips.push(rtt(medianOf(finalMs)))
          floors.push(2 * rtt(medianOf(asked)))
          const at = `at ${roundTripMs} ms`
          details.push(
            { name: `finality ${at}, p50`, value: rtt(medianOf(finalMs)), unit: 'RTT' },
            { name: `finality ${at}, p99`, value: rtt(percentileOf(finalMs, 99)), unit: 'RTT' },
            { name: `two bare questions to a quorum ${at}, p50`, value: 2 * rtt(medianOf(asked)), unit: 'RTT' },
            { name: `conflict resolved ${at}, p50`, value: rtt(medianOf(conflictMs)), unit: 'RTT' },
            { name: `conflict resolved ${at}, p99, less 50 ms (goal ≤ 6)`, value: rtt(percentileOf(conflictMs, 99) - 50), unit: 'RTT' },
          )
        } finally {
          // Whatever went wrong: an open line keeps the program from ending.
          await Promise.all([line, one, other].map((used) => used.stop()))
        }
      }
      return { finalityP50: inRoundTrips[1] ?? Number.NaN, floorP50: floors[1] ?? Number.NaN, details }
    } finally {
      await cluster.stop()
    }
  })

/** Bytes that a process has handed to the disk so far; Linux counts them. */
const writtenBytes = async (pid: number): Promise<number> => {
  const counters = process.platform === 'linux' ? await readFile(`/proc/${pid}/io`, 'utf8') : ''
  return Number(/^write_bytes: (\d+)$/m.exec(counters)?.[1] ?? Number.NaN)
}

const loopbackOperations = 60

/** On loopback, for committees of several sizes: time to a final transfer, and what one witness writes for it. */
export const measureSizes = (sizes: readonly number[]): Promise<readonly Detail[]> => {
  const measure = (size: number): Promise<readonly Detail[]> =>
    withDataFolder(async (folder) => {
      const cluster = await startCluster({ size, processes: size === 4 ? 4 : Math.min(2, size), holders: holderCount, folder })
      try {
        const line = await cluster.connect(0)
        const holders = holdersOf(holderCount)
        await timeTransfers(line, holders, holderCount)
        const pid = cluster.children[0]?.pid ?? 0
        const before = await writtenBytes(pid)
        const times = await timeTransfers(line, holders, loopbackOperations)
        await sleep(200)
        const written = (await writtenBytes(pid)) - before
        const here = size === 4 || size === 1 ? 1 : Math.ceil(size / 2)
        await line.stop()
        const name = `${size} ${size === 1 ? 'witness' : 'witnesses'} on loopback`
        return [
          { name: `${name}, finality p50`, value: medianOf(times), unit: 'ms' },
          { name: `${name}, written by one of them for an operation`, value: written / here / loopbackOperations / 1_024, unit: 'KiB' },
        ]
      } finally {
        await cluster.stop()
      }
    })
  return sizes.reduce<Promise<readonly Detail[]>>(
    async (before, size) => [...(await before), ...(await measure(size))],
    Promise.resolve([]),
  )
}
