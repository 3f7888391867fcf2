import type { AmountMicro } from '../platform/amount.ts'
import { halvedBy, ppm } from '../platform/fixed-point.ts'

/**
 * The price of a class of models, from certified closings alone (settlement.md §11, improved in bench/price-discovery): a capped,
 * decaying, weighted quantile. While trades close as often above the estimate as below it, the quantile is the median; while they
 * close on one side, it moves towards that side, because the last price at which somebody still trades is the market's. A pure
 * function in whole numbers of the set of trades, so every node finds the same price whatever the order in which they reached it.
 */
export type Trade = {
  /** Unique, so that trades of one moment have an order. */
  readonly id: string
  readonly atMs: number
  /** Price of the standard task. */
  readonly priceMicro: AmountMicro
  /** What was paid, times how far the client is trusted. */
  readonly weight: bigint
  readonly client: string
  readonly provider: string
}

export type Estimate = {
  readonly priceMicro: AmountMicro
  /** The weighted quarter and three quarters: half of what is paid lies between. */
  readonly lowMicro: AmountMicro
  readonly highMicro: AmountMicro
  /** As many trades of equal weight would say as much, in thousandths. */
  readonly effectiveTradesMilli: number
  /** −10⁶ when all of the last trades closed below the estimate before them, 10⁶ when all closed above. */
  readonly imbalancePpm: number
}

/** Trades of one slot meet the same published estimate; at its end they make the next. */
export const slotMs = 10 * 60_000
const dayMs = 24 * 3_600_000
/** What is older says nothing any more: eight rounds of at most a day, and a few to begin with. */
export const priceHorizonMs = 14 * dayMs

/** A round of the market is so many trades, or one slot that has more, or a day (settlement.md §11). */
const tradesOfRound = 15
const maxAgeRounds = 8
/** Closer to the estimate than this is neither above nor below it. */
const tolerancePpm = 10_000n
/** Trades of fewer clients, or of fewer providers, say little about their side: two accounts can trade as often as they like. */
const enoughForImbalance = 8
/** What came before a slot that counts alone is overtaken: so many rounds older, or it would pull the next estimate back. */
const overtakenRounds = 3
/**
 * How far the quantile moves from the middle, and how far the estimate runs ahead of it: less than the tolerance, or a market that does not
 * follow the estimate would be found to overtake it in turn.
 */
const quantileReachPpm = 450_000
const quantileGainPpm = 500_000
const leadPpm = 8_000
/** No pair of accounts has more than 5 % of the weight and no account more than 10 %, as far as there are others. */
const pairsAtLeast = 20n
/** Every trade counts for two accounts, so a tenth of the trades is a twentieth of this sum. */
const accountsAtLeast = 20n

/** Oldest first; equal moments by id. */
export const compareTrades = (a: Trade, b: Trade): number => a.atMs - b.atMs || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)

type Aged = { readonly trade: Trade; readonly ageRoundsPpm: number }
/** Where the fold over the slots stands. */
export type Position = { readonly slot: number; readonly estimate: Estimate; readonly recent: readonly Aged[] }

/** The estimate in force at `nowMs`: all slots that have ended, or, when there is none, what has been traded so far. */
export const estimatePrice = (trades: readonly Trade[], nowMs: number): Estimate | null => createEstimator()(trades, nowMs)

/** `estimatePrice` for one who asks again and again: slots that are still as they were are not taken again. */
export const createEstimator = (): typeof estimatePrice => {
  let taken: readonly Slot[] = []
  let position: Position | null = null
  return (trades, nowMs) => {
    const slots = slotsInForce(trades, nowMs)
    const goesOn = taken.every((slot, index) => isSame(slot, slots[index]))
    position = slots.slice(goesOn ? taken.length : 0).reduce<Position | null>(takeSlot, goesOn ? position : null)
    taken = slots
    return position?.estimate ?? null
  }
}

const slotsInForce = (trades: readonly Trade[], nowMs: number): readonly Slot[] => {
  const slots = slotsOf(trades.filter(({ atMs }) => atMs <= nowMs && atMs > nowMs - priceHorizonMs))
  const ended = slots.filter(({ slot }) => (slot + 1) * slotMs <= nowMs)
  return ended.length === 0 ? slots : ended
}

/** What a trade weighs follows its client's trust; the rest of it is certified once. */
const isSame = ({ trades }: Slot, other: Slot | undefined): boolean =>
  trades.length === other?.trades.length &&
  trades.every(({ id, weight }, index) => id === other.trades[index]?.id && weight === other.trades[index].weight)

export type Slot = { readonly slot: number; readonly trades: readonly Trade[] }
/** Oldest first; trades that weigh nothing are left out. */
export const slotsOf = (trades: readonly Trade[]): readonly Slot[] => {
  const bySlot = new Map<number, Trade[]>()
  for (const trade of trades.filter(({ weight }) => weight > 0n).toSorted(compareTrades)) {
    const slot = Math.floor(trade.atMs / slotMs)
    const others = bySlot.get(slot)
    if (others === undefined) bySlot.set(slot, [trade])
    else others.push(trade)
  }
  return [...bySlot].map(([slot, inSlot]) => ({ slot, trades: inSlot }))
}

/** The next slot, whose trades met the estimate of `before`; null before the first. */
export const takeSlot = (before: Position | null, { slot, trades }: Slot): Position => {
  const newest = trades.map((trade) => ({ trade, ageRoundsPpm: 0 }))
  if (before === null) return { slot, estimate: estimateFrom(newest, newest, 0), recent: newest }
  const imbalancePpm = imbalanceOf(trades, before.estimate.priceMicro)
  const agedPpm = agedBy(before.slot, slot, trades.length) + overtakenRounds * newestShareOf(imbalancePpm)
  const recent = [...before.recent.map(({ trade, ageRoundsPpm }) => ({ trade, ageRoundsPpm: ageRoundsPpm + agedPpm })), ...newest].filter(
    ({ ageRoundsPpm }) => ageRoundsPpm <= maxAgeRounds * ppm,
  )
  return { slot, estimate: estimateFrom(recent, newest, imbalancePpm), recent }
}

const agedBy = (fromSlot: number, toSlot: number, trades: number): number =>
  Math.max(Math.min(ppm, Math.floor((trades * ppm) / tradesOfRound)), Math.floor(((toSlot - fromSlot) * slotMs * ppm) / dayMs))

/** Four times the cube: an eighth of a side says nothing, two thirds of it everything. */
const newestShareOf = (imbalancePpm: number): number => {
  const cubedPpm = Math.floor((Math.floor((imbalancePpm * imbalancePpm) / ppm) * Math.abs(imbalancePpm)) / ppm)
  return Math.min(ppm, 4 * cubedPpm)
}

/** Of the weight of these trades, how much more lies above the estimate than below it. */
const imbalanceOf = (trades: readonly Trade[], priceMicro: AmountMicro): number => {
  const weighted = capWeights(trades.map((trade) => ({ trade, weight: trade.weight })))
  const marginMicro = (priceMicro * tolerancePpm) / BigInt(ppm)
  let [above, below, all] = [0n, 0n, 0n]
  for (const { trade, weight } of weighted) {
    all += weight
    if (trade.priceMicro > priceMicro + marginMicro) above += weight
    if (trade.priceMicro < priceMicro - marginMicro) below += weight
  }
  const sharePpm = all === 0n ? 0 : Number(((above - below) * BigInt(ppm)) / all)
  const sides = [new Set(trades.map(({ client }) => client)), new Set(trades.map(({ provider }) => provider))]
  const heard = Math.min(enoughForImbalance, ...sides.map(({ size }) => size))
  return Math.trunc((sharePpm * heard) / enoughForImbalance)
}

const estimateFrom = (recent: readonly Aged[], newest: readonly Aged[], imbalancePpm: number): Estimate => {
  const weighted = sortedByPrice(recent)
  const median = quantileOf(weighted, ppm / 2)
  const shiftPpm = Math.trunc((imbalancePpm * quantileGainPpm) / ppm)
  const quantilePpm = ppm / 2 + Math.max(-quantileReachPpm, Math.min(quantileReachPpm, shiftPpm))
  const edge = quantileOf(sortedByPrice(newest), quantilePpm)
  const blended = median + ((edge - median) * BigInt(newestShareOf(imbalancePpm))) / BigInt(ppm)
  const ledPpm = ppm + Math.trunc((imbalancePpm * leadPpm) / ppm)
  return {
    priceMicro: (blended * BigInt(ledPpm)) / BigInt(ppm),
    lowMicro: quantileOf(weighted, ppm / 4),
    highMicro: quantileOf(weighted, (3 * ppm) / 4),
    effectiveTradesMilli: effectiveTradesOf(weighted),
    imbalancePpm,
  }
}

const sortedByPrice = (aged: readonly Aged[]): readonly Weighted[] =>
  capWeights(aged.map(({ trade, ageRoundsPpm }) => ({ trade, weight: trade.weight * BigInt(halvedBy(ageRoundsPpm)) }))).toSorted((a, b) =>
    compareAmounts(a.trade.priceMicro, b.trade.priceMicro),
  )

type Weighted = { readonly trade: Trade; readonly weight: bigint }
const compareAmounts = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0)

/** The price below which this share of the weight lies; the middle of two when the share falls between them. */
const quantileOf = (sorted: readonly Weighted[], sharePpm: number): AmountMicro => {
  const total = sorted.reduce((sum, { weight }) => sum + weight, 0n) * BigInt(sharePpm)
  let below = 0n
  for (const [index, { trade, weight }] of sorted.entries()) {
    below += weight * BigInt(ppm)
    if (below === total) return (trade.priceMicro + (sorted[index + 1] ?? { trade }).trade.priceMicro) / 2n
    if (below > total) return trade.priceMicro
  }
  return sorted.at(-1)?.trade.priceMicro ?? 0n
}

/** Kish's effective sample size, (Σw)² ÷ Σw². */
const effectiveTradesOf = (weighted: readonly Weighted[]): number => {
  const sum = weighted.reduce((total, { weight }) => total + weight, 0n)
  const squares = weighted.reduce((total, { weight }) => total + weight * weight, 0n)
  return squares === 0n ? 0 : Number((1000n * sum * sum) / squares)
}

/**
 * No pair and no account counts for more than its cap. Each cap that bites makes the whole smaller, so it is done until they hold; a
 * market with one maker cannot hold them, and is left after a few passes as it was.
 */
export const capWeights = (weighted: readonly Weighted[]): readonly Weighted[] => {
  let capped = weighted.map(({ trade, weight }) => ({ trade, weight: weight * finer }))
  for (let pass = 0; pass < maxPasses; pass++) {
    const pairs = capGroups(capped, ({ client, provider }) => [client < provider ? client + provider : provider + client], pairsAtLeast)
    const accounts = capGroups(pairs.weighted, ({ client, provider }) => [client, provider], accountsAtLeast)
    capped = accounts.weighted
    if (pairs.hold && accounts.hold) break
  }
  return capped
}
/** Room for rounding in the passes. */
const finer = 1_000_000_000n
const maxPasses = 4

type Capped = { readonly weighted: Weighted[]; readonly hold: boolean }
const capGroups = (weighted: readonly Weighted[], groupsOf: (trade: Trade) => readonly string[], atLeast: bigint): Capped => {
  const sums = new Map<string, bigint>()
  for (const { trade, weight } of weighted) for (const group of groupsOf(trade)) sums.set(group, (sums.get(group) ?? 0n) + weight)
  const largest = [...sums.values()].reduce(maxOf, 0n)
  const cap = capOf([...sums.values()], atLeast)
  if (largest <= cap) return { weighted: [...weighted], hold: true }
  return {
    weighted: weighted.map(({ trade, weight }) => {
      const sum = groupsOf(trade).reduce((most, group) => maxOf(most, sums.get(group) ?? 0n), 0n)
      return { trade, weight: sum > cap ? (weight * cap) / sum : weight }
    }),
    hold: BigInt(sums.size) <= atLeast,
  }
}
const maxOf = (a: bigint, b: bigint): bigint => (a > b ? a : b)

/**
 * The largest cap that is at most 1/atLeast of what the caps leave. Where there are too few groups for that, 1/atLeast of
 * everything: then no large one outweighs another, and dust stays dust.
 */
const capOf = (sums: readonly bigint[], atLeast: bigint): bigint => {
  const ascending = sums.toSorted(compareAmounts)
  const total = ascending.reduce((sum, one) => sum + one, 0n)
  if (BigInt(ascending.length) <= atLeast) return total / atLeast
  // With the k smallest uncapped and the rest at the cap c: c · atLeast = below + (count − k) · c.
  let below = total
  for (let k = ascending.length - 1; k >= 0; k--) {
    const largest = ascending[k] ?? 0n
    below -= largest
    const capped = BigInt(ascending.length - k)
    if (capped >= atLeast) break
    const cap = below / (atLeast - capped)
    if (cap >= (ascending[k - 1] ?? 0n)) return cap >= largest ? largest : cap
  }
  return total / atLeast
}
