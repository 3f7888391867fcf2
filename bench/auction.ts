import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createTcpProxy, type TcpProxy } from '../core/network/testing/tcp-proxy.ts'
import type { PeerAddress } from '../core/network/port.ts'
import { toHex } from '../core/platform/bytes.ts'
import { systemClock } from '../core/platform/clock.ts'
import { silentLog } from '../core/platform/log.ts'
import { graceMs } from '../core/orders/auction.ts'
import { requestDraft } from '../core/orders/testing/world.ts'
import { createWallet } from '../core/wallet/service.ts'
import { firstEpoch } from '../core/settlement/epochs.ts'
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

/** Requests one after another, each from its publication to the certificate of its lock. */
const measure = async (cluster: Cluster, folder: string, run: number, bidders: number, oneWayMs: number): Promise<Times> => {
  const line = await cluster.connect(oneWayMs)
  const host = await startUntilReady([join(import.meta.dirname, 'auction', 'bidder-host.ts'), String(bidders)])
  const proxies: TcpProxy[] = []
  const opened = openDatabase({ file: join(folder, `requester-${run}.db`), migrations: marketMigrations })
  if (!opened.ok) throw new Error(opened.error.message)
  const holders = holdersOf(holderCount)
  const holder = holders[run]
  if (holder === undefined) throw new Error('more runs than holders')
  const orders = createOrdersOf(line.network, federationId, holder.signer)
  const wallet = createWallet({
    db: opened.value,
    signer: holder.signer,
    epochs: firstEpoch(line.committee),
    rules: rulesOf(line.committee),
    genesisCredits: creditsOf(holders),
    driver: line.driver,
    clock: systemClock,
    log: silentLog,
    announce: () => undefined,
  })
  if (!wallet.ok) throw new Error(wallet.error.message)
  try {
    const { nodes } = JSON.parse(host.readyLine) as BidderReady
    const peers: PeerAddress[] = []
    for (const { peerId, port } of nodes) {
      if (oneWayMs === 0) peers.push({ peerId, addresses: [`/ip4/127.0.0.1/tcp/${port}`] })
      else {
        const proxy = await createTcpProxy(port, oneWayMs)
        proxies.push(proxy)
        peers.push({ peerId, addresses: [proxy.address] })
      }
    }
    host.child.stdin?.write(`${JSON.stringify(peers.map(({ addresses }) => addresses[0]))}\n`)
    await sleep(1_000)
    orders.start()
    await wallet.value.resume()
    for (const peer of peers) await orders.joinFrom([peer])
    if (orders.book.offers.count() !== bidders) throw new Error(`${orders.book.offers.count()} of ${bidders} offers came`)
    const echoes: number[] = []
    for (let index = 0; index < 10; index++) echoes.push(await echo(line, 1_500))
    const [totalMs, winnerMs]: [number[], number[]] = [[], []]
    for (let index = 0; index < auctions + 3; index++) {
      const startMs = performance.now()
      const posted = orders.postRequest(requestDraft({ maxPriceMicro: 10_000n, validForMs: 15_000 }), () => undefined)
      if (!posted.ok) throw new Error(posted.error.message)
      const winner = await posted.value.winner
      if (winner === null) throw new Error(`nobody bid: ${JSON.stringify(posted.value.refusals().map(({ code }) => code))}`)
      const chosenMs = performance.now() - startMs
      const { terms, acceptSignature } = winner.bid.value
      const locked = await wallet.value.openEscrow(terms, acceptSignature, toHex(winner.bid.id))
      if (!locked.ok) throw new Error(locked.error.message)
      const tookMs = performance.now() - startMs
      posted.value.close(winner)
      // The first ones open connections and warm the programs up.
      if (index >= 3) {
        totalMs.push(tookMs)
        winnerMs.push(chosenMs)
      }
      await sleep(2 * oneWayMs + 50)
    }
    return { totalMs, winnerMs, echoMs: medianOf(echoes) }
  } finally {
    orders.stop()
    wallet.value.stop()
    await line.stop()
    await stop(host.child)
    await Promise.all(proxies.map((proxy) => proxy.stop()))
    opened.value.close()
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
