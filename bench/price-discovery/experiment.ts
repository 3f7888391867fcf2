import { createChance, type Chance } from './chance.ts'
import type { Deal, Market } from './mechanism.ts'
import { equilibriumOf, scaled, type Environment, type Schedule } from './schedules.ts'

/**
 * The metrics of settlement.md §11, each the mean over rounds and seeds. Efficiency: surplus made, of the most there is. Alpha: how far
 * prices scatter around the equilibrium (Smith 1962). Accuracy: how near the published estimate is to it. All in percent.
 */
export type Metrics = { readonly efficiency: number; readonly alpha: number; readonly accuracy: number }

export type Experiment = {
  readonly environment: Environment
  readonly seeds: number
  readonly traders?: number
  readonly rounds?: number
  /** Rounds that are run and not counted: the estimate starts wrong by up to 60 %. */
  readonly settling?: number
  /** New values and costs in every round; the price is then held against that of the whole population. */
  readonly redraws?: boolean
  /** Values and costs change by this share in `round`. */
  readonly shock?: { readonly round: number; readonly by: number }
  /** The estimate starts at the equilibrium. */
  readonly startsRight?: boolean
}
export type MakeMarket = (options: { readonly traders: number; readonly startMicro: number; readonly chance: Chance }) => Market

export type Round = { readonly metrics: Metrics; readonly deals: readonly Deal[]; readonly schedule: Schedule }

const usualTraders = 24
const usualRounds = 40
const startError = 0.6
/** Redrawn schedules of one population: enough for its equilibrium to half a percent. */
const populationDraws = 200

/** Every round of one seed. */
export const runSeed = (experiment: Experiment, make: MakeMarket, seed: number): readonly Round[] => {
  const { environment, traders = usualTraders, rounds = usualRounds, shock, redraws = false } = experiment
  const chance = createChance(seed * 7_919 + 13)
  const drawn = environment.draw(traders, chance)
  const anchorMicro = redraws ? populationPrice(environment, traders) : equilibriumOf(drawn).priceMicro
  const wrongBy = experiment.startsRight === true ? 0 : (2 * chance() - 1) * startError
  const market = make({ traders, startMicro: anchorMicro * (1 + wrongBy), chance })
  return Array.from({ length: rounds }, (_, round) => {
    const base = redraws ? environment.draw(traders, chance) : drawn
    const schedule = shock !== undefined && round >= shock.round ? scaled(base, 1 + shock.by) : base
    const { priceMicro, surplusMicro } = equilibriumOf(schedule)
    const trueMicro = redraws ? anchorMicro : priceMicro
    const deals = market.trade(schedule)
    return { metrics: metricsOf(deals, schedule, trueMicro, surplusMicro, market.estimateMicro()), deals, schedule }
  })
}

const metricsOf = (
  deals: readonly Deal[],
  { values, costs }: Schedule,
  trueMicro: number,
  mostMicro: number,
  estimateMicro: number,
): Metrics => {
  const surplus = deals.reduce((sum, { client, provider }) => sum + (values[client] ?? 0) - (costs[provider] ?? 0), 0)
  const squares = deals.reduce((sum, { priceMicro }) => sum + (priceMicro - trueMicro) ** 2, 0)
  return {
    efficiency: mostMicro === 0 ? 100 : (100 * surplus) / mostMicro,
    alpha: deals.length === 0 ? 0 : (100 * Math.sqrt(squares / deals.length)) / trueMicro,
    accuracy: 100 * (1 - Math.abs(estimateMicro - trueMicro) / trueMicro),
  }
}

const populations = new Map<string, number>()
const populationPrice = (environment: Environment, traders: number): number => {
  const key = `${environment.name} ${traders}`
  const chance = createChance(1)
  const draws = (): readonly Schedule[] => Array.from({ length: populationDraws }, () => environment.draw(traders, chance))
  const together = (all: readonly Schedule[]): Schedule => ({
    values: all.flatMap(({ values }) => values),
    costs: all.flatMap(({ costs }) => costs),
  })
  const price = populations.get(key) ?? equilibriumOf(together(draws())).priceMicro
  populations.set(key, price)
  return price
}

export const meanOf = (numbers: readonly number[]): number => numbers.reduce((sum, one) => sum + one, 0) / Math.max(1, numbers.length)

const meanMetrics = (all: readonly Metrics[]): Metrics => ({
  efficiency: meanOf(all.map(({ efficiency }) => efficiency)),
  alpha: meanOf(all.map(({ alpha }) => alpha)),
  accuracy: meanOf(all.map(({ accuracy }) => accuracy)),
})

/** Means over all seeds: of the rounds after `settling`, and of each round. */
export type Outcome = Metrics & { readonly byRound: readonly Metrics[] }

export const run = (experiment: Experiment, make: MakeMarket): Outcome => {
  const seeds = Array.from({ length: experiment.seeds }, (_, seed) => runSeed(experiment, make, seed + 1))
  const rounds = experiment.rounds ?? usualRounds
  const byRound = Array.from({ length: rounds }, (_, round) => meanMetrics(seeds.flatMap((all) => all[round]?.metrics ?? [])))
  return { ...meanMetrics(byRound.slice(experiment.settling ?? 0)), byRound }
}
