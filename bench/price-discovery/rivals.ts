import { shuffled, type Chance } from './chance.ts'
import type { Deal, Market } from './mechanism.ts'
import type { Schedule } from './schedules.ts'

type RivalOptions = { readonly startMicro: number; readonly chance: Chance }

/** The median of the prices of the round, which is what both rivals would publish. */
const publishing = (startMicro: number, trade: (schedule: Schedule) => readonly Deal[]): Market => {
  let estimateMicro = startMicro
  return {
    trade: (schedule) => {
      const deals = trade(schedule)
      const prices = deals.map(({ priceMicro }) => priceMicro).toSorted((a, b) => a - b)
      const [lower, upper] = [prices[Math.ceil(prices.length / 2) - 1], prices[Math.floor(prices.length / 2)]]
      if (lower !== undefined && upper !== undefined) estimateMicro = (lower + upper) / 2
      return deals
    },
    estimateMicro: () => estimateMicro,
  }
}

/** Shouts of one round: Gode and Sunder let each market run until nobody can trade any more. */
const shoutsPerTrader = 100

/**
 * The continuous double auction with zero-intelligence traders under their budget (ZI-C, Gode and Sunder 1993): whoever comes by shouts a
 * random price that would not lose money; a shout that crosses the best standing one trades at that one's price.
 */
export const createContinuousDoubleAuction = ({ startMicro, chance }: RivalOptions): Market =>
  publishing(startMicro, ({ values, costs }) => {
    const highestMicro = 2 * Math.max(...values, ...costs)
    const clients = new Set(values.keys())
    const providers = new Set(costs.keys())
    const deals: Deal[] = []
    let bid: { readonly trader: number; readonly priceMicro: number } | null = null
    let ask: { readonly trader: number; readonly priceMicro: number } | null = null
    for (let shout = 0; shout < shoutsPerTrader * (values.length + costs.length); shout++) {
      const isClient: boolean = chance() < 0.5
      const waiting = [...(isClient ? clients : providers)]
      const trader = waiting[Math.floor(chance() * waiting.length)]
      if (trader === undefined) continue
      if (isClient) {
        const priceMicro = chance() * (values[trader] ?? 0)
        if (bid === null || priceMicro > bid.priceMicro) bid = { trader, priceMicro }
      } else {
        const cost = costs[trader] ?? 0
        const priceMicro = cost + chance() * (highestMicro - cost)
        if (ask === null || priceMicro < ask.priceMicro) ask = { trader, priceMicro }
      }
      if (bid === null || ask === null || bid.priceMicro < ask.priceMicro) continue
      deals.push({ client: bid.trader, provider: ask.trader, priceMicro: isClient ? ask.priceMicro : bid.priceMicro })
      clients.delete(bid.trader)
      providers.delete(ask.trader)
      bid = null
      ask = null
    }
    return deals
  })

/** A provider in a market without a price asks up to half more than it costs. */
const greatestMarkup = 0.5

/** First-accept without a price: a client takes the first provider that comes by and asks no more than the task is worth to it. */
export const createNaiveMarket = ({ startMicro, chance }: RivalOptions): Market =>
  publishing(startMicro, ({ values, costs }) => {
    const providers = new Set(costs.keys())
    const asks = costs.map((cost) => cost * (1 + greatestMarkup * chance()))
    return shuffled(values.keys(), chance).flatMap((client) => {
      const affordable = [...providers].filter((provider) => (asks[provider] ?? 0) <= (values[client] ?? 0))
      const provider = affordable[Math.floor(chance() * affordable.length)]
      if (provider === undefined) return []
      providers.delete(provider)
      return [{ client, provider, priceMicro: asks[provider] ?? 0 }]
    })
  })
