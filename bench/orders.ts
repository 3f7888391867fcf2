import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { createBook, type OfferSide } from '../core/orders/book.ts'
import { cheapest } from '../core/orders/cheapest.ts'
import { offers, type Offer, type Signed } from '../core/orders/model.ts'
import { shortIdLength } from '../core/orders/side.ts'
import { createSeededRandom } from '../core/platform/random.ts'
import { OrderBook } from 'nodejs-order-book'
import { medianOf, percentileOf, type Benchmark, type Detail, type Measurement } from './benchmark.ts'
import { measureJoin } from './orders-join.ts'

/** How many offers are open while orders come, go and are filled. */
const sizes = [1_000, 10_000, 100_000] as const
const largest = 100_000
/** Rounds of insert, cancel and fill at each size; each round leaves as many open as it found. */
const rounds = 20_000
const turns = 5
/** anchors: insert and match p99 under a millisecond at 100,000 open orders. */
const goalMs = 1
const classKey = 'bench-class'
/** Twenty offers a member: below the bound, and no member's list is long. */
const offersPerMember = 20

type Prepared = { readonly order: Signed<Offer>; readonly envelope: Uint8Array; readonly name: string; readonly price: number }

/** Orders as they are once their signatures are checked, which both books take for granted. The prices go up and down at random. */
const prepare = (count: number, pricingOf: (price: bigint, index: number) => Offer['pricing']): readonly Prepared[] => {
  const random = createSeededRandom('bench orders')
  return Array.from({ length: count }, (_, index) => {
    const bytes = random.bytes(32)
    const price = 1_000 + ((((bytes[0] ?? 0) << 16) | ((bytes[1] ?? 0) << 8) | (bytes[2] ?? 0)) % 100_000)
    const member = new Uint8Array(32)
    new DataView(member.buffer).setUint32(0, Math.floor(index / offersPerMember))
    const value: Offer = {
      provider: member,
      providerKey: member,
      peer: { peerId: `12D3KooW${index.toString(36).padStart(44, 'a')}`, addresses: ['/ip4/203.0.113.7/tcp/4001'] },
      backend: 'local-model',
      modelLabel: 'a model of usual size',
      classKey,
      pricing: pricingOf(BigInt(price), index),
      maxInputTokens: 100_000,
      maxOutputTokens: 4_096,
      concurrent: 4,
      leftToday: 1_000,
      firstTokenMs: 1_000,
      totalMs: 60_000,
      successPpm: 990_000,
      consentTag: new Uint8Array(32),
      nonce: bytes.slice(0, 16),
      createdAtMs: 1_750_000_000_000 + index,
      validUntilMs: 1_750_000_000_000 + 3_600_000 + index,
      oldestOpenMs: 0,
    }
    const order = { value, signature: new Uint8Array(64), id: bytes }
    return { order, envelope: offers.encode(order), name: Buffer.from(bytes).toString('latin1'), price }
  })
}
const perTask = (price: bigint): Offer['pricing'] => ({
  perTaskMicro: price,
  perThousandInputTokensMicro: 0n,
  perThousandOutputTokensMicro: 0n,
  minimumMicro: 0n,
})
/** As providers price: some by task, most by token with an output token dearer than one of input, some with a minimum. */
const mixed = (price: bigint, index: number): Offer['pricing'] => {
  if (index % 5 === 0) return perTask(price)
  const inputShare = BigInt(15 + (index % 11))
  return {
    perTaskMicro: 0n,
    perThousandInputTokensMicro: (price * inputShare) / 100n,
    perThousandOutputTokensMicro: (price * (100n - inputShare)) / 100n,
    minimumMicro: index % 3 === 0 ? price / 4n : 0n,
  }
}

/** One book under test: everything that both are asked to do. */
type Rival = {
  readonly insert: (order: Prepared) => void
  readonly cancel: (order: Prepared) => void
  /** Fills the best open order, which leaves the book; gives its name. */
  readonly fillBest: () => string
}
const size1000 = { inputTokens: 1_000, outputTokens: 1_000 }
const ours = (): Rival => {
  const { offers: side } = createBook()
  return {
    insert: ({ order, envelope }) => void side.insert(order, envelope),
    cancel: ({ order }) => void side.remove(order.id),
    fillBest: () => {
      const [best] = cheapest(side, classKey, size1000, 1, () => true)
      const name = best?.entry.shortId ?? ''
      side.remove(Buffer.from(name, 'latin1'))
      return name
    },
  }
}
const packages = (): Rival => {
  const book = new OrderBook()
  return {
    insert: ({ name, price }) => void book.limit({ id: name, side: 'sell', size: 1, price }),
    cancel: ({ name }) => void book.cancel(name),
    fillBest: () => {
      const [filled] = book.market({ side: 'buy', size: 1 }).done
      return (filled as { readonly id: string } | undefined)?.id.slice(0, shortIdLength) ?? ''
    },
  }
}

type Timings = {
  readonly insertMs: Float64Array
  readonly cancelMs: Float64Array
  readonly matchMs: Float64Array
  readonly totalMs: number
}

/** Fills a book with `open` orders, then lets orders come, go and be filled. */
const drive = (rival: Rival, orders: readonly Prepared[], open: number): Timings => {
  for (const order of orders.slice(0, open)) rival.insert(order)
  const timings = { insertMs: new Float64Array(2 * rounds), cancelMs: new Float64Array(rounds), matchMs: new Float64Array(rounds) }
  const gone = new Set<string>()
  let totalMs = 0
  const timed = (into: Float64Array, at: number, work: () => void): void => {
    const startMs = performance.now()
    work()
    const tookMs = performance.now() - startMs
    into[at] = tookMs
    totalMs += tookMs
  }
  let next = open
  let oldest = 0
  for (let round = 0; round < rounds; round++) {
    for (let twice = 0; twice < 2; twice++) {
      const fresh = orders[next++]
      if (fresh !== undefined) timed(timings.insertMs, 2 * round + twice, () => rival.insert(fresh))
    }
    timed(timings.matchMs, round, () => void gone.add(rival.fillBest()))
    let leaving = orders[oldest++]
    while (leaving !== undefined && gone.has(leaving.name.slice(0, shortIdLength))) leaving = orders[oldest++]
    if (leaving !== undefined) timed(timings.cancelMs, round, () => rival.cancel(leaving))
  }
  return { ...timings, totalMs }
}

const perSecond = ({ totalMs }: Timings): number => (4 * rounds * 1_000) / totalMs
const micro = (ms: number): number => ms * 1_000

const collectGarbage = (): void => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  for (let pass = 0; pass < 3; pass++) collect()
}
const bytesPerOrder = (orders: readonly Prepared[]): number => {
  collectGarbage()
  const before = process.memoryUsage()
  const { offers: side } = createBook()
  for (const { order, envelope } of orders) side.insert(order, envelope)
  collectGarbage()
  const after = process.memoryUsage()
  const bytes = after.heapUsed + after.external - before.heapUsed - before.external
  return side.count() === 0 ? Number.NaN : bytes / orders.length
}

/** The best sixteen makers for tasks of all sizes, among offers that divide their prices in many ways. */
const matchTimes = (side: OfferSide): Float64Array => {
  const times = new Float64Array(5_000)
  for (let index = 0; index < times.length; index++) {
    const size = { inputTokens: 10 * 4 ** (index % 7), outputTokens: 25 * 2 ** (index % 8) }
    const startMs = performance.now()
    cheapest(side, classKey, size, 16, ({ brief }) => brief.maxOutputTokens >= size.outputTokens)
    times[index] = performance.now() - startMs
  }
  return times
}

const percents = [50, 99, 99.9] as const
const countText = (count: number): string => count.toLocaleString('en')

/** Both in turns, several times, so that both meet the same machine; the first turns warm the compiler up and are not counted. */
const compare = (orders: readonly Prepared[], open: number) => {
  const [own, theirs]: [Timings[], Timings[]] = [[], []]
  for (let turn = 0; turn <= turns; turn++) {
    const [ourTurn, theirTurn] = [drive(ours(), orders, turn === 0 ? 1_000 : open), drive(packages(), orders, turn === 0 ? 1_000 : open)]
    if (turn === 0) continue
    own.push(ourTurn)
    theirs.push(theirTurn)
  }
  const details = percentilesOf(`${countText(open)} open, ours`, own).concat(percentilesOf(`${countText(open)} open, package`, theirs))
  const [figure, floor] = [medianOf(own.map(perSecond)), medianOf(theirs.map(perSecond))]
  const worstMs = Math.max(...own.flatMap(({ insertMs, matchMs }) => [percentileOf(insertMs, 99), percentileOf(matchMs, 99)]))
  return {
    figure,
    floor,
    worstMs,
    details: [...details, { name: `${countText(open)} open, throughput against the package`, value: figure / floor, unit: '×' }],
  }
}
const percentilesOf = (name: string, driven: readonly Timings[]): readonly Detail[] =>
  (['insertMs', 'cancelMs', 'matchMs'] as const).flatMap((what) =>
    percents.map((percent) => ({
      name: `${name}, ${what.slice(0, -2)}, p${percent}`,
      value: micro(medianOf(driven.map((timings) => percentileOf(timings[what], percent)))),
      unit: 'µs',
    })),
  )

const run = async (): Promise<readonly Measurement[]> => {
  const orders = prepare(largest + 2 * rounds, perTask)
  const compared = sizes.map((open) => compare(orders, open))
  const last = compared.at(-1)
  const first = compared.at(0)
  if (last === undefined || first === undefined) throw new Error('no sizes')
  const { offers: side } = createBook()
  for (const { order, envelope } of prepare(largest, mixed)) side.insert(order, envelope)
  const match16 = matchTimes(side)
  const worstMs = Math.max(last.worstMs, percentileOf(match16, 99))
  return [
    {
      figure: last.figure,
      floor: last.floor,
      figureIs: `inserts, cancellations and fills a second with ${countText(largest)} open orders`,
      floorIs: 'the same, in the same order, by the npm package nodejs-order-book',
      unit: 'a second',
      goalText: `at least as many, and insert and match p99 under ${goalMs} ms (${worstMs.toFixed(3)} ms)`,
      goalMet: last.figure >= last.floor && worstMs < goalMs,
      details: [
        ...compared.flatMap(({ details }) => details),
        { name: 'growth from 1,000 to 100,000 open: time for one step', value: first.figure / last.figure, unit: '×' },
        {
          name: 'best 16 makers for tasks of all sizes, 100,000 offers of mixed prices, p50',
          value: micro(percentileOf(match16, 50)),
          unit: 'µs',
        },
        { name: 'the same, p99', value: micro(percentileOf(match16, 99)), unit: 'µs' },
        { name: 'memory of one open order', value: bytesPerOrder(orders.slice(0, largest)), unit: 'bytes' },
      ],
    },
    await measureJoin(),
  ]
}

export const orders: Benchmark = {
  name: 'orders',
  about: `the order book at 1,000 to ${largest.toLocaleString('en')} open orders, against an order-book package; and how soon a joining node has 10,000`,
  run,
}
