import { event, query } from './definition.ts'
import { accountId, amountMicro, changed, count, flag, listUpTo, record, revision, timeMs, whole, wordOf } from './primitives.ts'

/** One role of one account, from certified escrows that this node knows. */
export const standing = record({
  accountId,
  role: wordOf(['provider', 'client']),
  own: flag,
  /** The interval the true rate of good outcomes lies in, as parts per million; wide when there is little to go by. */
  lowPpm: whole(0, 1_000_000),
  midPpm: whole(0, 1_000_000),
  highPpm: whole(0, 1_000_000),
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

export const reputation = {
  list: query({ input: {}, output: record({ revision, rows: listUpTo(standing, maxStandings) }) }),
  changed: event(changed),
} as const
