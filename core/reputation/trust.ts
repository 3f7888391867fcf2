import { ppm } from '../platform/fixed-point.ts'

/**
 * How far the genesis members trust each account: personalised PageRank over who paid whom and who brought in whom, from the genesis
 * members outwards (settlement.md §10). An account nobody trusted ever paid or introduced has no trust, however much it trades with others
 * like it, so wash trades among strangers count for nothing. In whole numbers, so that every node finds the same.
 */
export type Payments = { readonly from: string; readonly to: string; readonly count: number }

/** Fixed, so that nobody has to agree on when it has converged: 0.85⁴⁰ is under 0.2 %. */
const rounds = 40
const passedOnPercent = 85
/** Shared out in every round; with the largest edge weight it stays a safe integer. */
const wholeMass = 1_000_000_000_000
/** √1, √2, √3 in thousandths: a third payment is still news, a tenth is not. */
const edgeWeights = [1_000, 1_414, 1_732] as const

type Edge = { readonly to: string; readonly weight: number }

/** Trust of every account that has any, in ppm of what a well-connected member has. */
export const trustFrom = (payments: readonly Payments[], genesis: readonly string[]): ReadonlyMap<string, number> => {
  const seeds = [...new Set(genesis)].toSorted()
  const edges = edgesOf(payments)
  let mass = new Map(seeds.map((seed) => [seed, Math.floor(wholeMass / seeds.length)]))
  for (let round = 0; round < rounds; round++) mass = spread(mass, edges, seeds)
  return relativeTo(usualMass(mass, new Set(seeds)), mass, new Set(seeds))
}

const edgesOf = (payments: readonly Payments[]): ReadonlyMap<string, readonly Edge[]> => {
  const counts = new Map<string, Map<string, number>>()
  for (const { from, to, count } of payments) {
    if (from === to || count <= 0) continue
    const of = counts.get(from) ?? new Map<string, number>()
    of.set(to, (of.get(to) ?? 0) + count)
    counts.set(from, of)
  }
  return new Map(
    [...counts].map(([from, of]) => [from, [...of].map(([to, count]) => ({ to, weight: edgeWeights[Math.min(count, 3) - 1] ?? 0 }))]),
  )
}

const spread = (mass: ReadonlyMap<string, number>, edges: ReadonlyMap<string, readonly Edge[]>, seeds: readonly string[]) => {
  const next = new Map<string, number>()
  let given = 0
  for (const [from, held] of mass) {
    const out = edges.get(from) ?? []
    const weights = out.reduce((sum, { weight }) => sum + weight, 0)
    const passedOn = Math.floor((held * passedOnPercent) / 100)
    for (const { to, weight } of out) {
      const part = Math.floor((passedOn * weight) / weights)
      next.set(to, (next.get(to) ?? 0) + part)
      given += part
    }
  }
  // What is not passed on, and what got stuck at accounts that paid nobody, starts again at the genesis members.
  const each = seeds.length === 0 ? 0 : Math.floor((wholeMass - given) / seeds.length)
  for (const seed of seeds) next.set(seed, (next.get(seed) ?? 0) + each)
  return next
}

/**
 * Half of what the member has in whose hands, counted from the richest, the middle of all trust lies. Not the median of accounts, which
 * whoever makes a thousand of them could pull down.
 */
const usualMass = (mass: ReadonlyMap<string, number>, seeds: ReadonlySet<string>): number => {
  const held = [...mass].flatMap(([account, amount]) => (seeds.has(account) ? [] : [amount])).toSorted((a, b) => b - a)
  const all = held.reduce((sum, amount) => sum + amount, 0)
  let sum = 0
  const middle = held.find((amount) => (sum += amount) * 2 >= all) ?? 0
  return Math.max(1, Math.floor(middle / 2))
}

const relativeTo = (usual: number, mass: ReadonlyMap<string, number>, seeds: ReadonlySet<string>): ReadonlyMap<string, number> =>
  new Map([...mass].map(([account, held]) => [account, seeds.has(account) || held >= usual ? ppm : Math.floor((held * ppm) / usual)]))
