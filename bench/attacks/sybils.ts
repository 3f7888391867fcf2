import type { Measurement } from '../benchmark.ts'
import { byShippingAuction } from '../price-discovery/auction-house.ts'
import { shuffled } from '../price-discovery/chance.ts'
import { createSociety, honestProvider, reputationOf, usualMicro } from './society.ts'

const newcomers = 100
const auctions = 300
const biddersEach = 16
const incumbents = 30

/** Fresh accounts without a past bid for tasks beside the members, up to a tenth cheaper; whoever wins a task may cheat its client. */
export const sybils = (): Measurement => {
  const { facts, introductions, chance } = createSociety()
  const { ofProvider } = reputationOf(facts, introductions)
  const fresh = ofProvider('newcomer').lowPpm
  const bidders = [
    ...Array.from({ length: incumbents }, (_, index) => ({
      provider: index,
      isFresh: false,
      reputationPpm: ofProvider(honestProvider(index)).lowPpm,
    })),
    ...Array.from({ length: newcomers }, (_, index) => ({ provider: incumbents + index, isFresh: true, reputationPpm: fresh })),
  ]
  const won = (heedsReputation: boolean, undercutPercent: number): number => {
    let wins = 0
    for (let auction = 0; auction < auctions; auction++) {
      const bids = shuffled(bidders, chance)
        .slice(0, biddersEach)
        .map(({ provider, isFresh, reputationPpm }) => ({
          provider,
          priceMicro: isFresh ? (usualMicro * BigInt(100 - undercutPercent)) / 100n : usualMicro,
          ...(heedsReputation ? { reputationPpm } : {}),
        }))
      if ((byShippingAuction(2n * usualMicro, bids, chance)?.provider ?? 0) >= incumbents) wins++
    }
    return (100 * wins) / auctions
  }
  const cuts = [0, 10, 50]
  const [defended, open] = [cuts.map((cut) => won(true, cut)), cuts.map((cut) => won(false, cut))]
  return {
    figure: defended[1] ?? 0,
    floor: open[1] ?? 0,
    figureIs: `of tasks that go to ${newcomers} fresh accounts bidding 10 % below ${incumbents} members`,
    floorIs: 'of tasks that go to them where reputation does not count',
    unit: '%',
    goalText: 'at most a twentieth of the tasks',
    goalMet: (defended[1] ?? 100) <= 5,
    details: cuts.flatMap((cut, index) => [
      { name: `${cut} % cheaper: tasks won`, value: defended[index] ?? 0, unit: '%' },
      { name: `${cut} % cheaper: without the defence`, value: open[index] ?? 0, unit: '%' },
    ]),
  }
}
