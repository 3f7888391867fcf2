import { bell, type Chance } from './chance.ts'

/** What every client values one task at and what every provider's costs are, in µRUV (induced values, Smith 1962). */
export type Schedule = { readonly values: readonly number[]; readonly costs: readonly number[] }
export type Environment = { readonly name: string; readonly draw: (traders: number, chance: Chance) => Schedule }

/** Where the curves of every environment cross, about. */
export const unit = 1_000_000

const evenly = (from: number, to: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => from + ((to - from) * index) / (count - 1))
const about = (shares: readonly number[], chance: Chance): readonly number[] =>
  shares.map((share) => Math.round(unit * share * (0.98 + 0.04 * chance())))
const logNormal = (mean: number, count: number, chance: Chance): readonly number[] =>
  Array.from({ length: count }, () => Math.round(unit * Math.exp(mean + 0.5 * bell(chance))))
const flat = (count: number): readonly number[] => Array.from({ length: count }, () => 1)

/** The four of settlement.md §11. Flat supply is what AI capacity looks like: everybody pays their vendor about the same. */
export const environments: readonly Environment[] = [
  { name: 'symmetric', draw: (n, chance) => ({ values: about(evenly(1.5, 0.5, n), chance), costs: about(evenly(0.5, 1.5, n), chance) }) },
  { name: 'flat supply', draw: (n, chance) => ({ values: about(evenly(2, 0.4, n), chance), costs: about(flat(n), chance) }) },
  { name: 'flat demand', draw: (n, chance) => ({ values: about(flat(n), chance), costs: about(evenly(0.4, 2, n), chance) }) },
  { name: 'log-normal', draw: (n, chance) => ({ values: logNormal(0.1, n, chance), costs: logNormal(-0.1, n, chance) }) },
]

export const scaled = ({ values, costs }: Schedule, by: number): Schedule => ({
  values: values.map((value) => Math.round(value * by)),
  costs: costs.map((cost) => Math.round(cost * by)),
})

/** The middle of the prices at which supply meets demand, and the most surplus that trade can make. */
export type Equilibrium = { readonly priceMicro: number; readonly surplusMicro: number }

export const equilibriumOf = ({ values, costs }: Schedule): Equilibrium => {
  const demand = values.toSorted((a, b) => b - a)
  const supply = costs.toSorted((a, b) => a - b)
  const [lowest, highest] = [0, Number.MAX_SAFE_INTEGER]
  let surplusMicro = 0
  let traded = 0
  for (const [index, value] of demand.entries()) {
    const cost = supply[index] ?? highest
    if (value < cost) break
    surplusMicro += value - cost
    traded = index + 1
  }
  const from = Math.max(supply[traded - 1] ?? lowest, demand[traded] ?? lowest)
  const to = Math.min(demand[traded - 1] ?? highest, supply[traded] ?? highest)
  return { priceMicro: (from + to) / 2, surplusMicro }
}
