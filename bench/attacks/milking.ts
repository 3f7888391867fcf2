import { microPerRuv } from '../../core/platform/amount.ts'
import type { Measurement } from '../benchmark.ts'
import { createSociety, honestClient, reputationOf, trade, usualMicro } from './society.ts'

const goodTrades = 100
/** What a provider everybody trusts could have under way at a time if nothing bounded it: every client's largest task. */
const openTasks = 120
const largeTaskMicro = 100n * usualMicro
const inRuv = (micro: bigint): number => Number(micro) / Number(microPerRuv)

/** A provider is honest with small tasks until it is trusted, then takes all the large ones it can get and delivers nothing worth paying. */
export const milking = (): Measurement => {
  const { facts, introductions } = createSociety()
  const known = [...introductions, { sponsor: 'founder 1', account: 'milker' }]
  const milked = Array.from({ length: goodTrades }, (_, index) => trade(honestClient(index), 'milker', 'paid'))
  const before = reputationOf([...facts, ...milked], known).ofProvider('milker')
  const cheated = Array.from({ length: 5 }, (_, index) => trade(honestClient(index + 50), 'milker', 'ruled-refunded'))
  const after = reputationOf([...facts, ...milked, ...cheated], known).ofProvider('milker')
  const unbounded = inRuv(largeTaskMicro) * openTasks
  return {
    figure: inRuv(before.exposureMicro),
    floor: unbounded,
    figureIs: `RUV that a provider with ${goodTrades} good small trades may have under way when it turns: what it can take at most`,
    floorIs: `RUV under way where nothing bounds it: ${openTasks} tasks of ${inRuv(largeTaskMicro)} RUV`,
    unit: 'RUV',
    goalText: 'no more than what it earned honestly before',
    goalMet: inRuv(before.exposureMicro) <= goodTrades * inRuv(usualMicro),
    details: [
      { name: 'earned honestly before', value: goodTrades * inRuv(usualMicro), unit: 'RUV' },
      { name: 'reputation before', value: before.lowPpm / 10_000, unit: 'points' },
      { name: 'reputation after five lost disputes', value: after.lowPpm / 10_000, unit: 'points' },
    ],
  }
}
