import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createClient, type Client } from '../core/contract/client.ts'
import { marketContract, type MarketContract } from '../core/contract/contract.ts'
import { createWebSocketTransport, socketProtocols } from '../core/contract/websocket-transport.ts'
import { practiceFile } from '../core/home/practice-file.ts'
import { systemClock } from '../core/platform/clock.ts'
import { readJsonFile } from '../core/platform/json-file.ts'
import { rootPath } from '../scripts/process.ts'
import { medianOf, type Benchmark } from './benchmark.ts'
import { privateMb, residentMb, startUntilReady, stop, withDataFolder } from './child.ts'
import { bundleFloor } from './floor.ts'
import { standingMakers } from './load/makers.ts'

/** Start-up garbage is collected by then; a market that idles is what people leave running. */
const settleMs = 5_000
const rounds = 3
/** anchors: at most 32 MB above the bare libp2p node, with 10,000 open orders. */
const goalMb = 32
const openOrders = 10_000
/** Gossip may lose a few. */
const enoughOfThem = 0.99
const ordersWithinMs = 120_000

type Taken = { readonly resident: number; readonly own: number }

const take = async (pid: number): Promise<Taken> => {
  await sleep(settleMs)
  return { resident: await residentMb(pid), own: await privateMb(pid) }
}

const measureFloor = async (path: string): Promise<Taken> => {
  const { child } = await startUntilReady([path])
  try {
    return await take(child.pid ?? 0)
  } finally {
    await stop(child)
  }
}

type Ready = { readonly socketUrl: string; readonly token: string }

/** Before and after the book has filled. */
const measureDaemon = (): Promise<{ readonly few: Taken; readonly many: Taken }> =>
  withDataFolder(async (path) => {
    const { child, readyLine } = await startUntilReady([join(rootPath, 'out/headless/cli.js'), 'daemon', '--practice', '--data', path])
    try {
      const few = await take(child.pid ?? 0)
      await fillBook(path, JSON.parse(readyLine) as Ready)
      return { few, many: await take(child.pid ?? 0) }
    } finally {
      await stop(child)
    }
  })

/** Lets the daemon fetch the orders of a node beside it, which then leaves. */
const fillBook = async (path: string, { socketUrl, token }: Ready): Promise<void> => {
  const transport = createWebSocketTransport({
    connect: () => new WebSocket(socketUrl, socketProtocols(token)),
    after: systemClock.after,
  })
  const client = createClient(marketContract, transport)
  const [practice, status] = [await readJsonFile(practiceFile(path)), await client.network.status({})]
  if (!practice.ok || practice.value === null || !status.ok || status.value.self === null)
    throw new Error('The daemon does not say who it is.')
  const makers = await standingMakers(practice.value.federation, openOrders, [status.value.self])
  try {
    await waitForOrders(client)
  } finally {
    await makers.stop()
    transport.close()
  }
}

const waitForOrders = async (client: Client<MarketContract>): Promise<void> => {
  for (let waitedMs = 0; waitedMs < ordersWithinMs; waitedMs += 500) {
    const book = await client.orders.book({ classKey: null, limit: 1, offersCursor: null, requestsCursor: null })
    if (book.ok && book.value.offers.total >= enoughOfThem * openOrders) return
    await sleep(500)
  }
  throw new Error(`The daemon had not heard of ${openOrders} orders after ${ordersWithinMs / 1_000} s.`)
}

export const memory: Benchmark = {
  name: 'memory',
  about: `resident memory of the headless daemon with 10,000 open orders, against a libp2p node alone; goal ≤ ${goalMb} MB above it`,
  run: async () => {
    const floorPath = await bundleFloor('libp2p-node')
    const [floors, few, many]: [Taken[], Taken[], Taken[]] = [[], [], []]
    for (let round = 0; round < rounds; round++) {
      floors.push(await measureFloor(floorPath))
      const daemon = await measureDaemon()
      few.push(daemon.few)
      many.push(daemon.many)
    }
    const [resident, own] = [
      (all: Taken[]) => medianOf(all.map((one) => one.resident)),
      (all: Taken[]) => medianOf(all.map((one) => one.own)),
    ]
    const aboveMb = resident(many) - resident(floors)
    return {
      figure: resident(many),
      floor: resident(floors),
      figureIs: `headless daemon of one member with its seven practice peers and ${openOrders.toLocaleString('en')} open orders in its book, idle, median of ${rounds}`,
      floorIs: `libp2p node alone with the same settings, idle, median of ${rounds}`,
      unit: 'MB',
      goalText: `at most ${goalMb} MB above the floor (${aboveMb.toFixed(1)} MB above)`,
      goalMet: aboveMb <= goalMb,
      details: [
        { name: 'with three offers in its book', value: resident(few), unit: 'MB' },
        { name: 'shared with no other process, three offers', value: own(few), unit: 'MB' },
        { name: 'shared with no other process, 10,000 orders', value: own(many), unit: 'MB' },
        { name: 'shared with no other process, libp2p node', value: own(floors), unit: 'MB' },
      ],
    }
  },
}
