import type { Pretence } from './anchored.ts'
import { honest } from './anchored.ts'
import { meanOf, runSeed, type Experiment, type MakeMarket, type Round } from './experiment.ts'

/** A quarter of each side does not follow the clock honestly. */
export const isStrategist = (place: number): boolean => place % 4 === 0

export const strategies: readonly { readonly name: string; readonly pretence: Pretence }[] = [
  {
    name: 'shading by 10 %',
    pretence: { ...honest, value: (value) => (value * 9n) / 10n, cost: (cost) => (cost * 11n) / 10n },
  },
  {
    // Waits until the others have given way by a sixth.
    name: 'sniping',
    pretence: { ...honest, value: (value, attempt) => (attempt < 6 ? null : value), cost: (cost, attempt) => (attempt < 6 ? null : cost) },
  },
  { name: 'walking away from 3 of 10', pretence: { ...honest, walksAway: (chance) => chance() < 0.3 } },
]

export const pretendingAs =
  (pretence: Pretence) =>
  (_side: 'client' | 'provider', place: number): Pretence =>
    isStrategist(place) ? pretence : honest

/** What the strategists earn in these rounds, in µRUV. */
const earnedBy = ({ deals, schedule }: Round): number =>
  deals.reduce(
    (sum, { client, provider, priceMicro }) =>
      sum +
      (isStrategist(client) ? (schedule.values[client] ?? 0) - priceMicro : 0) +
      (isStrategist(provider) ? priceMicro - (schedule.costs[provider] ?? 0) : 0),
    0,
  )

/** By how many percent more the same traders earn by pretending than by being honest, in the same seeds. */
export const gainOf = (experiment: Experiment, honestly: MakeMarket, pretending: MakeMarket): number => {
  const earned = (make: MakeMarket): number =>
    meanOf(Array.from({ length: experiment.seeds }, (_, seed) => meanOf(runSeed(experiment, make, seed + 1).map(earnedBy))))
  return 100 * (earned(pretending) / earned(honestly) - 1)
}
