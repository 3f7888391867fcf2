import type { AmountMicro } from '../platform/amount.ts'
import { ppm } from '../platform/fixed-point.ts'
import type { Context } from './model.ts'
import { trustFrom } from './trust.ts'

/** How often a client's trades with a provider ended well, of those that say something. */
export type PairRecord = { readonly client: string; readonly provider: string; readonly well: number; readonly ended: number }
/** Who brought in whom with starter credit. */
export type Introduction = { readonly sponsor: string; readonly account: string }
export type Payment = { readonly client: string; readonly paidMicro: AmountMicro }

/** What all standings rest on together. */
export type Ground = {
  readonly pairs: readonly PairRecord[]
  readonly introductions: readonly Introduction[]
  /** The last payments, for what is usual. */
  readonly payments: readonly Payment[]
  /** Founder and first holders of the supply: whom whoever joins has chosen to trust. */
  readonly genesis: readonly string[]
}

export const contextOf = ({ pairs, introductions, payments, genesis }: Ground, nowMs: number): Context => {
  const trust = trustFrom(
    [
      ...pairs.map(({ client, provider, well }) => ({ from: client, to: provider, count: well })),
      ...introductions.map(({ sponsor, account }) => ({ from: sponsor, to: account, count: 1 })),
    ],
    genesis,
  )
  const trustOf = (account: string): number => trust.get(account) ?? 0
  return {
    trustOf,
    clusterOf: clustersOf(introductions, new Set(genesis)),
    reliabilityOf: reliabilityIn(pairs),
    usualMicro: usualPayment(payments, trustOf),
    nowMs,
  }
}

/** The member a genesis member brought in, or who came by themselves, at the head of whoever came through them. */
const clustersOf = (introductions: readonly Introduction[], genesis: ReadonlySet<string>): ((account: string) => string) => {
  const sponsors = new Map<string, string>()
  for (const { sponsor, account } of introductions) {
    const known = sponsors.get(account)
    // Of several the first in order, so that the order in which they were heard of cannot matter.
    if (known === undefined || sponsor < known) sponsors.set(account, sponsor)
  }
  return (account) => {
    const path = new Set<string>([account])
    let head = account
    for (;;) {
      const sponsor = sponsors.get(head)
      if (sponsor === undefined || genesis.has(sponsor) || genesis.has(head)) return head
      // Accounts that brought in each other: the first of the circle stands for it.
      if (path.has(sponsor)) return [...path].toSorted()[0] ?? head
      path.add(sponsor)
      head = sponsor
    }
  }
}

/** (1 + ended well) ÷ (2 + ended), over everybody but the provider in question. */
const reliabilityIn = (pairs: readonly PairRecord[]): Context['reliabilityOf'] => {
  const totals = new Map<string, { readonly well: number; readonly ended: number }>()
  const ofPair = new Map<string, PairRecord>()
  for (const pair of pairs) {
    const sum = totals.get(pair.client) ?? { well: 0, ended: 0 }
    totals.set(pair.client, { well: sum.well + pair.well, ended: sum.ended + pair.ended })
    ofPair.set(pair.client + pair.provider, pair)
  }
  return (client, exceptProvider) => {
    const { well, ended } = totals.get(client) ?? { well: 0, ended: 0 }
    const except = ofPair.get(client + exceptProvider) ?? { well: 0, ended: 0 }
    return Math.floor(((1 + well - except.well) * ppm) / (2 + ended - except.ended))
  }
}

/** The median payment, each weighed by how far its client is trusted, so that a flood of tiny trades does not make tiny usual. */
const usualPayment = (payments: readonly Payment[], trustOf: (account: string) => number): AmountMicro => {
  const weighed = payments
    .map(({ client, paidMicro }) => ({ paidMicro, weight: trustOf(client) }))
    .toSorted((a, b) => (a.paidMicro < b.paidMicro ? -1 : a.paidMicro > b.paidMicro ? 1 : 0))
  const all = weighed.reduce((sum, { weight }) => sum + weight, 0)
  let sum = 0
  return weighed.find(({ weight }) => (sum += weight) * 2 >= all && all > 0)?.paidMicro ?? 1n
}
