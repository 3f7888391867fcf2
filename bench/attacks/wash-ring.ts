import type { Measurement } from '../benchmark.ts'
import { createSociety, honestClient, reputationOf, trade } from './society.ts'

const washTrades = 20_000
const toPoints = (sharePpm: number): number => sharePpm / 10_000

/** A ring of k accounts trades among itself; one of them is then a provider, and so many honest clients ever paid it. */
const gainOf = (ring: number, honestTrades: number, throughOneMember: boolean): { readonly defended: number; readonly plain: number } => {
  const { facts, introductions } = createSociety()
  const account = (index: number): string => `ring ${index % ring}`
  const honest = Array.from({ length: honestTrades }, (_, index) => trade(honestClient(index), account(0), 'paid'))
  const wash = Array.from({ length: washTrades }, (_, index) => trade(account(1 + (index % (ring - 1))), account(index % 3), 'paid'))
  const broughtIn = throughOneMember
    ? [
        { sponsor: 'founder 0', account: 'ring 0' },
        ...Array.from({ length: ring - 1 }, (_, index) => ({ sponsor: 'ring 0', account: account(index + 1) })),
      ]
    : []
  const known = [...introductions, ...broughtIn]
  const notSelf = wash.filter(({ client, provider }) => client !== provider)
  const [without, withWash] = [reputationOf([...facts, ...honest], known), reputationOf([...facts, ...honest, ...notSelf], known)]
  return {
    defended: toPoints(withWash.ofProvider(account(0)).lowPpm - without.ofProvider(account(0)).lowPpm),
    plain: toPoints(withWash.plain(account(0)) - without.plain(account(0))),
  }
}

export const washRing = (): Measurement => {
  const worst = gainOf(50, 5, true)
  const cases = [
    [`5 accounts, nobody honest ever paid it`, gainOf(5, 0, false)],
    [`50 accounts, nobody honest ever paid it`, gainOf(50, 0, false)],
    [`50 accounts, 5 honest trades`, gainOf(50, 5, false)],
    [`50 accounts, 20 honest trades`, gainOf(50, 20, false)],
    [`50 accounts brought in by one member, 5 honest trades`, worst],
  ] as const
  const figure = Math.max(...cases.map(([, { defended }]) => defended))
  return {
    figure,
    floor: Math.max(...cases.map(([, { plain }]) => plain)),
    figureIs: `points of reputation (of 100) that ${washTrades} trades within a ring add to its provider, worst case`,
    floorIs: 'points they add where every trade counts alike',
    unit: 'points',
    goalText: 'at most a fifth of what they add without the defence',
    goalMet: figure <= Math.max(...cases.map(([, { plain }]) => plain)) / 5,
    details: cases.flatMap(([name, { defended, plain }]) => [
      { name: `${name}: gain`, value: defended, unit: 'points' },
      { name: `${name}: without the defence`, value: plain, unit: 'points' },
    ]),
  }
}
