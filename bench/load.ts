import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { auditTasks, auditViews, auditWitnesses, waitForRest } from '../headless/kills/audit.ts'
import { createFleet, type Fleet } from '../headless/kills/fleet.ts'
import type { Books } from '../headless/kills/load.ts'
import { fundSecondClient, setScene, witnessCount, type Scene } from '../headless/kills/scene.ts'
import { practiceClass, serveDefaults } from '../core/node/practice.ts'
import type { ServeConfig } from '../core/node/nodes-config.ts'
import type { Client } from '../core/contract/client.ts'
import type { MarketContract } from '../core/contract/contract.ts'
import { rootPath } from '../scripts/process.ts'
import { medianOf, percentileOf, type Benchmark, type BenchmarkOptions, type Measurement } from './benchmark.ts'
import { processorMs, residentMb } from './child.ts'
import { standingMakers } from './load/makers.ts'
import { slopeOf } from './load/slope.ts'
import { runTraders, type Trade } from './load/traders.ts'

/** The issue: eight real processes, 1,000 open orders, twenty trades a second, for ten minutes. */
const goalPerSecond = 20
const defaultMinutes = 10
const providerCount = 2
const openOffers = 1_200
const goalOffers = 1_000
const restWithinMs = 180_000
const lookEveryMs = 1_000
const offersWithinMs = 120_000
const sampleEveryMs = 5_000
/** Until then files, caches and compiled code grow as in every start. */
const warmUpShare = 1 / 3
/** More than this after the warm-up, in all eight processes together and for each trade, is a leak. */
const goalKbPerTrade = 16

/** Answers that cost the processor nothing: what is measured is the market. */
const serveOf = (provider: number): ServeConfig => ({
  ...serveDefaults,
  backend: { kind: 'practice', seed: `provider-${provider + 1}`, firstTokenMs: 20, tokenMs: 2, words: 12 },
  caps: { ...serveDefaults.caps, concurrent: 64, tasksPerDay: 1_000_000, outputTokensPerDay: 1_000_000_000 },
  offers: [
    {
      classKey: practiceClass,
      pricing: { perTaskMicro: 1_000n, perThousandInputTokensMicro: 0n, perThousandOutputTokensMicro: 0n, minimumMicro: 0n },
      firstTokenMs: 5_000,
      totalMs: 30_000,
      concurrent: 64,
      leftToday: 1_000_000,
      validForMs: 24 * 3_600_000,
    },
  ],
})

type Sample = { readonly atMs: number; readonly trades: number; readonly processes: ReadonlyMap<string, Usage> }
type Usage = { readonly mb: number; readonly busyMs: number }

const run = async ({ minutes }: BenchmarkOptions): Promise<readonly Measurement[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'claude-market-load-'))
  const scene = await setScene({ folder, hosts: null, providerCount, serveOf })
  const fleet = createFleet(scene.federation, folder, join(rootPath, 'out/headless/cli.js'))
  try {
    await Promise.all(scene.members.map(fleet.start))
    await fundSecondClient(fleet, scene.traders)
    const makers = await standingMakers(
      scene.federation,
      openOffers,
      [...fleet.processes().values()].map(({ address }) => address),
    )
    try {
      return await measure(scene, fleet, folder, (minutes ?? defaultMinutes) * 60_000)
    } finally {
      await makers.stop()
    }
  } finally {
    await fleet.stop()
    rmSync(folder, { recursive: true, force: true, maxRetries: 10 })
  }
}

const measure = async (scene: Scene, fleet: Fleet, folder: string, forMs: number): Promise<readonly Measurement[]> => {
  const clients = scene.traders.filter(({ asks }) => asks).map(({ name }) => name)
  const offers = await waitUntilReady(fleet, clients)
  const trades: Trade[] = []
  const samples: Sample[] = []
  const startMs = performance.now()
  const isOver = (): boolean => performance.now() - startMs >= forMs
  const trading = runTraders({ fleet, clients, isOver, ended: (trade) => void trades.push(trade) })
  const sample = async (): Promise<void> => {
    const usages = [...fleet.processes()].map(async ([name, { pid }]) => {
      const [mb, busyMs] = await Promise.all([residentMb(pid), processorMs(pid)])
      return [name, { mb, busyMs }] as const
    })
    samples.push({ trades: trades.length, processes: new Map(await Promise.all(usages)), atMs: performance.now() - startMs })
  }
  while (!isOver()) {
    await sample()
    await sleep(sampleEveryMs)
  }
  await trading
  const problems = await audit(scene, fleet, trades, folder)
  return [throughput(trades, samples, offers, forMs, problems), memoryOf(samples)]
}

/** Until every client sees the offers and has something to spend; how many offers the one with the fewest sees. */
const waitUntilReady = async (fleet: Fleet, clients: readonly string[]): Promise<number> => {
  for (let waitedMs = 0; ; waitedMs += lookEveryMs) {
    const seen = await Promise.all(clients.map(async (name) => readiness(await fleet.client(name))))
    const offers = Math.min(...seen.map((one) => one.offers))
    if (seen.every(({ hasTokens }) => hasTokens) && (offers >= goalOffers || waitedMs > offersWithinMs)) return offers
    await sleep(lookEveryMs)
  }
}
const readiness = async ({ orders, wallet }: Client<MarketContract>) => {
  const [book, summary] = await Promise.all([
    orders.book({ classKey: null, limit: 1, offersCursor: null, requestsCursor: null }),
    wallet.summary({}),
  ])
  return { offers: book.ok ? book.value.offers.total : 0, hasTokens: summary.ok && summary.value.availableMicro > 0n }
}

/** Everything that is not as it should be once all is at rest. */
const audit = async (scene: Scene, fleet: Fleet, trades: readonly Trade[], folder: string): Promise<readonly string[]> => {
  const books: Books = { transfers: [], tasks: [...trades] }
  const { views, isAtRest } = await waitForRest(fleet, scene.traders, scene.circulatingMicro, restWithinMs)
  const tasks = await auditTasks(fleet, books)
  await fleet.stop()
  const witnesses = auditWitnesses(scene.members.slice(0, witnessCount).map(({ config }) => config.dataFolder))
  const unsettled = [...tasks.ends].flatMap(([state, count]) => (state === 'settled' ? [] : [`${count} tasks are ${state}`]))
  return [
    ...(isAtRest ? [] : ['the traders do not own together what they owned at the start']),
    ...auditViews(views, books),
    ...tasks.problems,
    ...unsettled,
    ...witnesses.problems,
    ...scene.members.flatMap(({ config }) => errorsIn(join(folder, `${config.name}.log`), config.name)),
  ]
}
const errorsIn = (file: string, name: string): readonly string[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.includes('"level":"info"') && !line.includes('"level":"debug"'))
    .map((line) => `${name}: ${line.slice(0, 300)}`)

/** By kind of process and all together; while they trade. */
const busyPerTrade = (samples: readonly Sample[]): ReadonlyMap<string, number> => {
  const [first, last] = [samples[0], samples.at(-1)]
  const sums = new Map<string, number>()
  for (const [name, { busyMs }] of last?.processes ?? []) {
    const perTrade = (busyMs - (first?.processes.get(name)?.busyMs ?? 0)) / Math.max(1, (last?.trades ?? 0) - (first?.trades ?? 0))
    for (const kind of [`the ${name.replace(/-\d+$/, '')}s`, 'all eight']) sums.set(kind, (sums.get(kind) ?? 0) + perTrade)
  }
  return sums
}

const throughput = (
  trades: readonly Trade[],
  samples: readonly Sample[],
  offers: number,
  forMs: number,
  problems: readonly string[],
): Measurement => {
  const perSecond = (1_000 * trades.length) / forMs
  const times = trades.map(({ tookMs }) => tookMs)
  for (const problem of problems.slice(0, 20)) console.error(`BROKEN  ${problem}`)
  return {
    figure: perSecond,
    floor: goalPerSecond,
    figureIs: `trades a second from their question to their certified settlement, ${witnessCount} witnesses, ${providerCount} providers and 2 clients, each a process, for ${(forMs / 60_000).toFixed(0)} min`,
    floorIs: 'the goal itself: more is better',
    unit: 'a second',
    goalText: `at least ${goalPerSecond} a second, 1,000 open orders, nothing broken (${problems.length} problems)`,
    goalMet: perSecond >= goalPerSecond && offers >= goalOffers && problems.length === 0,
    details: [
      { name: 'trades', value: trades.length, unit: '' },
      { name: 'open offers', value: offers, unit: '' },
      { name: 'a trade, p50', value: medianOf(times), unit: 'ms' },
      { name: 'a trade, p99', value: percentileOf(times, 99), unit: 'ms' },
      ...[...busyPerTrade(samples)].map(([name, value]) => ({ name: `a trade, processor time of ${name}`, value, unit: 'ms' })),
    ],
  }
}

const memoryOf = (samples: readonly Sample[]): Measurement => {
  const steady = samples.slice(Math.floor(samples.length * warmUpShare))
  const names = [...(steady[0]?.processes.keys() ?? [])]
  const mbOf = ({ processes }: Sample, name: string): number => processes.get(name)?.mb ?? Number.NaN
  const sumOf = (sample: Sample): number => names.reduce((sum, name) => sum + mbOf(sample, name), 0)
  const last = steady.at(-1)
  const slope = 1_000 * slopeOf(steady.map((sample) => [sample.trades, sumOf(sample)]))
  return {
    figure: slope,
    floor: goalKbPerTrade,
    figureIs: 'growth of resident memory with every trade, of all eight processes together, after the first third of the time',
    floorIs: 'what this benchmark calls a leak: less is better',
    unit: 'kB a trade',
    goalText: `under ${goalKbPerTrade} kB a trade`,
    goalMet: slope < goalKbPerTrade,
    details: names.flatMap((name) => [
      { name: `${name} in the end`, value: last === undefined ? Number.NaN : mbOf(last, name), unit: 'MB' },
      { name: `${name}, growth`, value: slopeOf(steady.map((sample) => [sample.atMs / 60_000, mbOf(sample, name)])), unit: 'MB a minute' },
    ]),
  }
}

export const load: Benchmark = {
  name: 'load',
  about: `eight processes trade under load (goal ≥ ${goalPerSecond} trades a second, no error, no leak); --minutes N (${defaultMinutes})`,
  run,
}
