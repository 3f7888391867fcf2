import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createTcpProxy } from '../core/network/testing/tcp-proxy.ts'
import type { PeerAddress } from '../core/network/port.ts'
import { toHex } from '../core/platform/bytes.ts'
import { systemClock } from '../core/platform/clock.ts'
import { silentLog } from '../core/platform/log.ts'
import { graceMs } from '../core/orders/auction.ts'
import { requestDraft } from '../core/orders/testing/world.ts'
import { createWallet } from '../core/wallet/service.ts'
import { federationId, rulesOf } from '../core/settlement/testing/world.ts'
import { marketMigrations } from '../core/storage/migrations/index.ts'
import { openDatabase } from '../core/storage/open.ts'
import type { BidderReady } from './auction/bidder-host.ts'
import { medianOf, percentileOf, type Benchmark, type Detail, type Measurement } from './benchmark.ts'
import { startUntilReady, stop, withDataFolder } from './child.ts'
import { createOrdersOf } from './floor/bench-orders.ts'
import { echo, startCluster, type Cluster } from './settlement/cluster.ts'
import { creditsOf, holdersOf } from './settlement/federation.ts'

/** anchors: 4 round trips, on average 430 ms at 100 ms and 40 ms on loopback. */
const goalRoundTrips = 4
const goalMeanAt100Ms = 430
const goalMeanLoopbackMs = 40
const bidderCounts = [1, 10, 50] as const
const auctions = 30
const holderCount = 20

type Times = { readonly totalMs: readonly number[]; readonly winnerMs: readonly number[]; readonly echoMs: number }

/** Everything that must be closed again, last opened first. */
type Closing = (() => void | Promise<void>)[]

const openRequester = async (cluster: Cluster, folder: string, run: number, oneWayMs: number, closing: Closing) => {
  const line = await cluster.connect(oneWayMs)
  closing.push(line.stop)
  const opened = openDatabase({ file: join(folder, `requester-${run}.db`), migrations: marketMigrations })
  if (!opened.ok) throw new Error(opened.error.message)
  closing.push(opened.value.close)
  const holders = holdersOf(holderCount)
  const holder = holders[run]
  if (holder === undefined) throw new Error('more runs than holders')
  const orders = createOrdersOf(line.network, federationId, holder.signer)
  const wallet = createWallet({
    db: opened.value,
    signer: holder.signer,
    rules: rulesOf(line.committee),
    genesisCredits: creditsOf(holders),
    driver: line.driver,
    clock: systemClock,
    log: silentLog,
    announce: () => undefined,
  })
  if (!wallet.ok) throw new Error(wallet.error.message)
  orders.start()
  closing.push(wallet.value.stop, orders.stop)
  await wallet.value.resume()
  return { line, orders, wallet: wallet.value }
}

/** Starts the bidders and tells them where they are dialled. */
const startBidders = async (count: number, oneWayMs: number, closing: Closing): Promise<readonly PeerAddress[]> => {
  const host = await startUntilReady([join(import.meta.dirname, 'auction', 'bidder-host.ts'), String(count)])
  closing.push(() => stop(host.child))
  const peers: PeerAddress[] = []
  for (const { peerId, port } of (JSON.parse(host.readyLine) as BidderReady).nodes) {
    const proxy = oneWayMs === 0 ? null : await createTcpProxy(port, oneWayMs)
    if (proxy !== null) closing.push(proxy.stop)
    peers.push({ peerId, addresses: [proxy?.address ?? `/ip4/127.0.0.1/tcp/${port}`] })
  }
  host.child.stdin?.write(`${JSON.stringify(peers.map(({ addresses }) => addresses[0]))}\n`)
  await sleep(1_000)
  return peers
}

/** One request, from its publication to its winner and to the certificate of its lock. */
const runAuction = async ({ orders, wallet }: Awaited<ReturnType<typeof openRequester>>) => {
  const startMs = performance.now()
  const posted = orders.postRequest(requestDraft({ maxPriceMicro: 10_000n, validForMs: 15_000 }), () => undefined)
  if (!posted.ok) throw new Error(posted.error.message)
  const winner = await posted.value.winner
  if (winner === null) throw new Error(`nobody bid: ${JSON.stringify(posted.value.refusals().map(({ code }) => code))}`)
  const winnerMs = performance.now() - startMs
  const { terms, acceptSignature } = winner.bid.value
  const locked = await wallet.openEscrow(terms, acceptSignature, toHex(winner.bid.id))
  if (!locked.ok) throw new Error(locked.error.message)
  const totalMs = performance.now() - startMs
  posted.value.close(winner)
  return { winnerMs, totalMs }
}

/** The first ones open connections and warm the programs up. */
const warmUps = 3

const measure = async (cluster: Cluster, folder: string, run: number, bidders: number, oneWayMs: number): Promise<Times> => {
  const closing: Closing = []
  try {
    const requester = await openRequester(cluster, folder, run, oneWayMs, closing)
    const { orders, line } = requester
    for (const peer of await startBidders(bidders, oneWayMs, closing)) await orders.joinFrom([peer])
    if (orders.book.offers.count() !== bidders) throw new Error(`${orders.book.offers.count()} of ${bidders} offers came`)
    const echoes: number[] = []
    for (let index = 0; index < 10; index++) echoes.push(await echo(line, 1_500))
    const [totalMs, winnerMs]: [number[], number[]] = [[], []]
    for (let index = 0; index < auctions + warmUps; index++) {
      const times = await runAuction(requester)
      await sleep(2 * oneWayMs + 50)
      if (index < warmUps) continue
      totalMs.push(times.totalMs)
      winnerMs.push(times.winnerMs)
    }
    return { totalMs, winnerMs, echoMs: medianOf(echoes) }
  } finally {
    for (const close of closing.toReversed()) await close()
  }
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

const run = (): Promise<readonly Measurement[]> =>
  withDataFolder(async (folder) => {
    const cluster = await startCluster({ size: 4, processes: 4, holders: holderCount, folder })
    let runs = 0
    try {
      const details: Detail[] = []
      let at100: Times | null = null
      for (const roundTripMs of [20, 100, 200]) {
        const times = await measure(cluster, folder, runs++, 10, roundTripMs / 2)
        if (roundTripMs === 100) at100 = times
        details.push(
          { name: `at ${roundTripMs} ms, 10 bidders, p50`, value: medianOf(times.totalMs) / roundTripMs, unit: 'RTT' },
          { name: `at ${roundTripMs} ms, 10 bidders, p99`, value: percentileOf(times.totalMs, 99) / roundTripMs, unit: 'RTT' },
          {
            name: `at ${roundTripMs} ms, 10 bidders, until the winner is chosen, p50`,
            value: medianOf(times.winnerMs) / roundTripMs,
            unit: 'RTT',
          },
        )
      }
      if (at100 === null) throw new Error('not measured')
      const loopback: Detail[] = []
      let oneBidder = Number.NaN
      let floorMs = Number.NaN
      for (const bidders of bidderCounts) {
        const times = await measure(cluster, folder, runs++, bidders, 0)
        if (bidders === 10) [oneBidder, floorMs] = [meanOf(times.totalMs), 3 * times.echoMs]
        loopback.push(
          { name: `${bidders} bidders, mean`, value: meanOf(times.totalMs), unit: 'ms' },
          { name: `${bidders} bidders, p50`, value: medianOf(times.totalMs), unit: 'ms' },
          { name: `${bidders} bidders, until the winner is chosen, p50`, value: medianOf(times.winnerMs), unit: 'ms' },
        )
      }
      const [median, mean] = [medianOf(at100.totalMs) / 100, meanOf(at100.totalMs)]
      return [
        {
          figure: median,
          floor: (3 * at100.echoMs) / 100,
          figureIs: `a request from its publication to the certificate of its lock, ten bidders, lines of 100 ms, p50; at most ${graceMs} ms of it are grace for other bids`,
          floorIs: 'three bare questions over the same lines: one to the bidders, two to the witnesses',
          unit: 'RTT',
          goalText: `at most ${goalRoundTrips} RTT, mean under ${goalMeanAt100Ms} ms (${mean.toFixed(0)} ms)`,
          goalMet: median <= goalRoundTrips && mean < goalMeanAt100Ms,
          details,
        },
        {
          figure: oneBidder,
          floor: floorMs,
          figureIs: 'the same on loopback with ten bidders, mean',
          floorIs: 'three bare questions on loopback',
          unit: 'ms',
          goalText: `mean under ${goalMeanLoopbackMs} ms`,
          goalMet: oneBidder < goalMeanLoopbackMs,
          details: loopback,
        },
      ]
    } finally {
      await cluster.stop()
    }
  })

export const auction: Benchmark = {
  name: 'auction',
  about: `request published → lock certified, in round trips behind delaying lines and in ms on loopback; goal ≤ ${goalRoundTrips} RTT`,
  run,
}
