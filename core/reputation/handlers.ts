import type { MarketContract } from '../contract/contract.ts'
import type { Handlers } from '../contract/dispatcher.ts'
import { maxHistoryDays, maxRecentTrades, maxStandings } from '../contract/reputation.ts'
import type { JudgedSettlement, Outcome, Speed } from '../facts/model.ts'
import { ok } from '../platform/result.ts'
import { lossesOf, type Interval, type Role } from './model.ts'
import type { Reputation } from './service.ts'

type HandlersDeps = { readonly reputation: Reputation; readonly accountId: string }

export const reputationHandlers = ({ reputation, accountId }: HandlersDeps): Handlers<MarketContract>['reputation'] => {
  const rowOf = (role: Role, account: string) => {
    const trades = reputation.settlements(role, account)
    const standing = reputation.standing(role, account)
    const ended = (...outcomes: readonly Outcome[]): number => trades.filter(({ outcome }) => outcomes.includes(outcome)).length
    return {
      accountId: account,
      role,
      own: account === accountId,
      ...intervalOf(standing),
      trades: trades.length,
      paid: ended('paid', 'expired-paid', 'ruled-paid'),
      split: ended('split', 'ruled-half', 'defaulted'),
      refunded: ended('refunded', 'ruled-refunded'),
      expired: ended('expired'),
      volumeMicro: trades.reduce((sum, { paidMicro }) => sum + paidMicro, 0n),
      lastAtMs: trades[0]?.atMs ?? 0,
    }
  }
  return {
    list: () => {
      const of = (role: Role) => reputation.parties(role, maxStandings / 2).map(({ account }) => rowOf(role, account))
      const rows = [...of('provider'), ...of('client')].toSorted((a, b) => b.lowPpm - a.lowPpm)
      return ok({ revision: reputation.revision(), rows })
    },
    explain: ({ accountId: account, role }) => {
      const { parts, evidenceMilli, exposureMicro, ...standing } = reputation.standing(role, account)
      const history = reputation.history(role, account, maxHistoryDays)
      return ok({
        revision: reputation.revision(),
        standing: rowOf(role, account),
        parts,
        losses: lossesOf({ parts, evidenceMilli, exposureMicro, ...standing }),
        evidenceMilli,
        trustPpm: reputation.trustPpm(account),
        exposureMicro,
        history: history.map(({ atMs, standing: then }) => ({ atMs, ...intervalOf(then), trades: then.trades })),
        recent: reputation
          .settlements(role, account)
          .slice(0, maxRecentTrades)
          .map((trade) => recentOf(role, trade)),
      })
    },
  }
}

const intervalOf = ({ lowPpm, midPpm, highPpm }: Interval): Interval => ({ lowPpm, midPpm, highPpm })

const recentOf = (role: Role, { id, atMs, client, provider, outcome, fault, speed, paidMicro }: JudgedSettlement) => ({
  escrowId: id,
  atMs,
  counterparty: role === 'provider' ? client : provider,
  outcome,
  fault,
  late: speed !== null && isLate(speed),
  paidMicro,
})

const isLate = ({ promisedFirstMs, firstMs, promisedTotalMs, totalMs }: Speed): boolean =>
  firstMs > promisedFirstMs || totalMs > promisedTotalMs
