import { event, query } from './definition.ts'
import { accountId, amountMicro, changed, count, escrowId, flag, listUpTo, record, revision, timeMs, whole, wordOf } from './primitives.ts'

const share = whole(0, 1_000_000)
const tradeRole = wordOf(['provider', 'client'])
/** In parts per million; wide when there is little to go by. */
export const interval = { lowPpm: share, midPpm: share, highPpm: share } as const

/** One role of one account, from certified escrows that this node knows. */
export const standing = record({
  accountId,
  role: tradeRole,
  own: flag,
  /** The interval the account's true worth lies in; the lower end ranks. */
  ...interval,
  /** Settled escrows behind it, and how they ended. */
  trades: count,
  paid: count,
  split: count,
  refunded: count,
  expired: count,
  volumeMicro: amountMicro,
  lastAtMs: timeMs,
})
export const maxStandings = 500

/** What the number is made of. */
export const standingParts = record({
  /** How well the trades went. */
  success: record(interval),
  /** How often there was any answer by the deadline. */
  availability: record(interval),
  /** Promised against measured times. */
  latencyPpm: share,
  /** Trades that a panel decided against this side. */
  disputesLost: record(interval),
})
/** How much higher the lower end were if only this were perfect: what the account loses its points by. */
export const standingLosses = record({
  /** There are few trades, or few partners that this federation trusts. */
  evidencePpm: share,
  successPpm: share,
  availabilityPpm: share,
  latencyPpm: share,
  disputesPpm: share,
})
export const maxHistoryDays = 30
export const maxRecentTrades = 50
export const tradeOutcome = wordOf([
  'paid',
  'expired-paid',
  'split',
  'refunded',
  'expired',
  'ruled-paid',
  'ruled-refunded',
  'ruled-half',
  'defaulted',
])

export const reputation = {
  list: query({ input: {}, output: record({ revision, rows: listUpTo(standing, maxStandings) }) }),
  /** Why an account has its number. */
  explain: query({
    input: { accountId, role: tradeRole },
    output: record({
      revision,
      standing,
      parts: standingParts,
      losses: standingLosses,
      /** The trades are worth as much as this many usual, fresh ones with different trusted partners, in thousandths. */
      evidenceMilli: count,
      /** How far the genesis members trust the account, through whom they paid and introduced. */
      trustPpm: share,
      /** The most that may be under way with it at a time. */
      exposureMicro: amountMicro,
      /** One point a day, oldest first; today's is the standing. */
      history: listUpTo(record({ atMs: timeMs, ...interval, trades: count }), maxHistoryDays),
      /** Newest first. */
      recent: listUpTo(
        record({
          escrowId,
          atMs: timeMs,
          counterparty: accountId,
          outcome: tradeOutcome,
          /** Null where it was the provider's, or nothing failed. */
          fault: wordOf(['client', 'network', 'model-refusal']).nullable(),
          /** A promise of the provider's was broken. */
          late: flag,
          paidMicro: amountMicro,
        }),
        maxRecentTrades,
      ),
    }),
  }),
  changed: event(changed),
} as const
