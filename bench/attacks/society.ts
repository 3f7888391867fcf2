import type { Fault, Outcome } from '../../core/facts/model.ts'
import { ppm } from '../../core/platform/fixed-point.ts'
import { contextOf, type Introduction, type PairRecord } from '../../core/reputation/context.ts'
import { judge, type FactSource } from '../../core/reputation/judge.ts'
import { boundsOf, dayMs, type Settlement, type Standing } from '../../core/reputation/model.ts'
import { createChance, type Chance } from '../price-discovery/chance.ts'

/** A federation that has traded for two months, and whoever attacks it. Everything is judged by the shipping reputation. */
export const nowMs = 1_750_000_000_000
export const usualMicro = 1_000_000n
const members = 150
const providers = 30
const tradesEach = 20
/** One answer in thirty fails. */
const failureRate = 1 / 30
const founders = ['founder 0', 'founder 1', 'founder 2']

export const honestProvider = (index: number): string => `member ${index % providers}`
export const honestClient = (index: number): string => `member ${providers + (index % (members - providers))}`

let made = 0
export const trade = (client: string, provider: string, outcome: Outcome, changes: Partial<Settlement> = {}): Settlement => ({
  id: String(made++).padStart(9, '0'),
  atMs: nowMs,
  client,
  provider,
  lockedMicro: 2n * usualMicro,
  paidMicro: outcome === 'paid' ? usualMicro : 0n,
  outcome,
  speed: null,
  fault: null as Fault | null,
  ...changes,
})

/** Everybody was brought in by a founder and trades with whom they happen to meet. */
export const createSociety = (
  seed = 1,
): { readonly facts: readonly Settlement[]; readonly introductions: readonly Introduction[]; readonly chance: Chance } => {
  const chance = createChance(seed)
  const introductions = Array.from({ length: members }, (_, index) => ({ sponsor: founders[index % 3] ?? '', account: `member ${index}` }))
  const facts = Array.from({ length: (members - providers) * tradesEach }, (_, index) =>
    trade(honestClient(index), honestProvider(Math.floor(chance() * providers)), chance() < failureRate ? 'expired' : 'paid', {
      atMs: nowMs - Math.floor(chance() * 60) * dayMs,
    }),
  )
  return { facts, introductions, chance }
}

/** The shipping reputation over these facts. */
export const reputationOf = (facts: readonly Settlement[], introductions: readonly Introduction[]) => {
  const pairs = new Map<string, { client: string; provider: string; well: number; ended: number }>()
  const bySide = { client: new Map<string, Settlement[]>(), provider: new Map<string, Settlement[]>() }
  for (const fact of facts) {
    const key = `${fact.client}|${fact.provider}`
    const pair = pairs.get(key) ?? { client: fact.client, provider: fact.provider, well: 0, ended: 0 }
    pair.ended++
    if (fact.outcome === 'paid') pair.well++
    pairs.set(key, pair)
    for (const side of ['client', 'provider'] as const) {
      const own = bySide[side].get(fact[side])
      if (own === undefined) bySide[side].set(fact[side], [fact])
      else own.push(fact)
    }
  }
  const records: readonly PairRecord[] = [...pairs.values()]
  const context = contextOf({ pairs: records, introductions, payments: facts.slice(-1_000), genesis: founders }, nowMs)
  const source: FactSource = {
    settlementsOf: (role, account) => bySide[role].get(account) ?? [],
    broughtInBy: (sponsor) => introductions.filter((one) => one.sponsor === sponsor).map(({ account }) => account),
  }
  return {
    context,
    ofProvider: (account: string): Standing => judge('provider', account, source, context),
    /** What the same facts say where every trade counts alike, whoever made it: the lower bound of the plain share of good ones. */
    plain: (account: string): number => {
      const own = source.settlementsOf('provider', account)
      const good = own.filter(({ outcome }) => outcome === 'paid').length
      return boundsOf((1 + good) * ppm, (1 + own.length - good) * ppm).lowPpm
    },
  }
}
