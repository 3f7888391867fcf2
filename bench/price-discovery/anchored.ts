import {
  askMicro,
  bidMicro,
  clockAttempts,
  limitMicro,
  neutralStance,
  nextStance,
  type Outcome,
  type Stance,
} from '../../core/prices/clock.ts'
import { slotMs, takeSlot, type Position, type Trade } from '../../core/prices/model.ts'
import { shuffled, type Chance } from './chance.ts'
import type { Deal, Market } from './mechanism.ts'
import type { Schedule } from './schedules.ts'

/** One bid of a provider, by its place in the schedule. */
export type Offered = { readonly provider: number; readonly priceMicro: bigint; readonly reputationPpm?: number }
/** Decides an auction; the shipping one, or `cheapest` where millions have to be decided. */
export type Decide = (limitMicro: bigint, bids: readonly Offered[], chance: Chance) => Offered | null

export const cheapest: Decide = (_limit, bids, chance) =>
  shuffled(bids, chance).reduce<Offered | null>((best, bid) => (best === null || bid.priceMicro < best.priceMicro ? bid : best), null)

/** What a trader pretends, for itself; null: it does not show up at this attempt. */
export type Pretence = {
  readonly value: (valueMicro: bigint, attempt: number) => bigint | null
  readonly cost: (costMicro: bigint, attempt: number) => bigint | null
  /** Agrees, and is gone before the money is locked. */
  readonly walksAway: (chance: Chance) => boolean
}
export const honest: Pretence = { value: (value) => value, cost: (cost) => cost, walksAway: () => false }

export type AnchoredOptions = {
  readonly traders: number
  readonly startMicro: number
  readonly chance: Chance
  readonly decide?: Decide
  /** By side and place; honest where it is not given. */
  readonly pretenceOf?: (side: 'client' | 'provider', place: number) => Pretence
  /** Closings that others certify in the same slot. */
  readonly others?: (round: number, deals: readonly Deal[]) => readonly Trade[]
}

/**
 * The shipping clock and the shipping price, with traders that follow them. A round is one slot of the price: orders give way attempt by
 * attempt, and what closes makes the estimate that the next round is anchored to.
 */
export const createAnchoredMarket = (options: AnchoredOptions): Market => {
  const { traders, chance, decide = cheapest, pretenceOf = () => honest, others = () => [] } = options
  const neutral = (): Stance[] => Array.from({ length: traders }, () => neutralStance)
  const [clientStances, providerStances] = [neutral(), neutral()]
  let round = 0
  let position: Position = takeSlot(null, { slot: 0, trades: [tradeOf('founder', 0, 'founder', 'founder', options.startMicro, 1n)] })
  const estimate = (): bigint => position.estimate.priceMicro

  const auction = (limit: bigint, waiting: ReadonlySet<number>, schedule: Schedule, attempt: number): Offered | null => {
    const bids = [...waiting].flatMap((provider) => {
      const cost = pretenceOf('provider', provider).cost(BigInt(schedule.costs[provider] ?? 0), attempt)
      const stance = providerStances[provider] ?? neutralStance
      const bid = cost === null ? null : bidMicro(askMicro(cost, estimate(), stance, attempt), limit, estimate())
      return bid === null ? [] : [{ provider, priceMicro: bid }]
    })
    return bids.length === 0 ? null : decide(limit, bids, chance)
  }

  const trade = (schedule: Schedule): readonly Deal[] => {
    const clients = new Set(schedule.values.keys())
    const providers = new Set(schedule.costs.keys())
    const servedAt = { client: new Map<number, number>(), provider: new Map<number, number>() }
    const deals: Deal[] = []
    for (let attempt = 0; attempt < clockAttempts; attempt++)
      for (const client of shuffled(clients, chance)) {
        const value = pretenceOf('client', client).value(BigInt(schedule.values[client] ?? 0), attempt)
        if (value === null) continue
        const limit = limitMicro(value, estimate(), clientStances[client] ?? neutralStance, attempt)
        const won = auction(limit, providers, schedule, attempt)
        if (won === null) continue
        const [clientWalks, providerWalks] = [
          pretenceOf('client', client).walksAway(chance),
          pretenceOf('provider', won.provider).walksAway(chance),
        ]
        if (clientWalks || !providerWalks) clients.delete(client)
        if (providerWalks || !clientWalks) providers.delete(won.provider)
        if (clientWalks || providerWalks) continue
        servedAt.client.set(client, attempt)
        servedAt.provider.set(won.provider, attempt)
        deals.push({ client, provider: won.provider, priceMicro: Number(won.priceMicro) })
      }
    learn(schedule, servedAt)
    publish(deals)
    return deals
  }
  const learn = (
    schedule: Schedule,
    servedAt: { readonly client: ReadonlyMap<number, number>; readonly provider: ReadonlyMap<number, number> },
  ) => {
    for (const [place, value] of schedule.values.entries()) {
      const stance = clientStances[place] ?? neutralStance
      const wouldPay = limitMicro(BigInt(Number.MAX_SAFE_INTEGER), estimate(), stance, 0)
      clientStances[place] = nextStance(stance, outcomeOf(servedAt.client.get(place), BigInt(value) >= wouldPay))
    }
    for (const [place, cost] of schedule.costs.entries()) {
      const stance = providerStances[place] ?? neutralStance
      const wouldAsk = askMicro(0n, estimate(), stance, 0)
      providerStances[place] = nextStance(stance, outcomeOf(servedAt.provider.get(place), BigInt(cost) <= wouldAsk))
    }
  }
  const publish = (deals: readonly Deal[]): void => {
    round++
    const own = deals.map(({ client, provider, priceMicro }, index) =>
      tradeOf(
        `${round}.${String(index).padStart(4, '0')}`,
        round,
        `client ${client}`,
        `provider ${provider}`,
        priceMicro,
        BigInt(priceMicro),
      ),
    )
    const trades = [...own, ...others(round, deals)]
    if (trades.length > 0) position = takeSlot(position, { slot: round, trades })
  }
  return { trade, estimateMicro: () => Number(estimate()) }
}

const outcomeOf = (attempt: number | undefined, couldTrade: boolean): Outcome =>
  attempt !== undefined ? { kind: 'served', attempt } : couldTrade ? { kind: 'unserved' } : { kind: 'outpriced' }

export const tradeOf = (id: string, slot: number, client: string, provider: string, priceMicro: number, weight: bigint): Trade => ({
  id,
  atMs: slot * slotMs,
  priceMicro: BigInt(Math.round(priceMicro)),
  weight,
  client,
  provider,
})
