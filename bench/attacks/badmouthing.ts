import type { Measurement } from '../benchmark.ts'
import { createSociety, honestProvider, reputationOf, trade } from './society.ts'

const attackersEach = 50
const toPoints = (sharePpm: number): number => sharePpm / 10_000

/**
 * Clients lock money for a rival's bids and never send their task: the escrow expires, their money comes back, and it looks as if the
 * provider had failed.
 */
const lossOf = (clients: number, introduced: boolean): { readonly defended: number; readonly plain: number } => {
  const { facts, introductions } = createSociety()
  const victim = honestProvider(7)
  const name = (index: number): string => `slanderer ${index % clients}`
  const attack = Array.from({ length: clients * attackersEach }, (_, index) => trade(name(index), victim, 'expired'))
  const known = introduced
    ? [...introductions, ...Array.from({ length: clients }, (_, index) => ({ sponsor: 'founder 0', account: name(index) }))]
    : introductions
  const [before, after] = [reputationOf(facts, known), reputationOf([...facts, ...attack], known)]
  return {
    defended: toPoints(before.ofProvider(victim).lowPpm - after.ofProvider(victim).lowPpm),
    plain: toPoints(before.plain(victim) - after.plain(victim)),
  }
}

export const badmouthing = (): Measurement => {
  const cases = [
    ['20 strangers', lossOf(20, false)],
    ['1 trusted member', lossOf(1, true)],
    ['5 trusted members', lossOf(5, true)],
  ] as const
  const worst = cases[2][1]
  return {
    figure: worst.defended,
    floor: worst.plain,
    figureIs: `points of reputation (of 100) that five trusted members take from a rival with ${attackersEach} unsent tasks each`,
    floorIs: 'points they take where every trade counts alike',
    unit: 'points',
    goalText: 'at most a third of what they take without the defence, and nothing by strangers',
    goalMet: worst.defended <= worst.plain / 3 && cases[0][1].defended === 0,
    details: cases.flatMap(([name, { defended, plain }]) => [
      { name: `${name}: loss`, value: defended, unit: 'points' },
      { name: `${name}: without the defence`, value: plain, unit: 'points' },
    ]),
  }
}
