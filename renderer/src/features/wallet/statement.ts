import type { HistoryRow } from '../../store/types.ts'

/** What happened on an account in a time, between what it held before and after. */
export type Statement = {
  readonly openingMicro: bigint
  /** Oldest first. */
  readonly rows: readonly HistoryRow[]
  readonly closingMicro: bigint
}

/** A calendar month as `2026-01`; null is everything. */
export type Month = string | null

/** @param monthOf where its reader is; a movement nobody remembers the time of belongs to what was before it */
export const statementOf = (newestFirst: readonly HistoryRow[], month: Month, monthOf: (atMs: number) => string): Statement => {
  let openingMicro = 0n
  let closingMicro = 0n
  const rows: HistoryRow[] = []
  let last = ''
  for (const row of newestFirst.filter(({ state }) => state === 'final').toReversed()) {
    // The chain's order counts: its decrees follow each other also where the clocks of those who remember them do not.
    const own = row.atMs === null ? last : monthOf(row.atMs)
    last = own > last ? own : last
    if (month !== null && last > month) break
    closingMicro += row.amountMicro
    if (month === null || last === month) rows.push(row)
    else openingMicro += row.amountMicro
  }
  return { openingMicro, rows, closingMicro }
}

/** The months in which something happened, the newest first. */
export const monthsOf = (newestFirst: readonly HistoryRow[], monthOf: (atMs: number) => string): readonly string[] => [
  ...new Set(
    newestFirst
      .flatMap(({ atMs, state }) => (atMs === null || state === 'pending' ? [] : [monthOf(atMs)]))
      .toSorted()
      .toReversed(),
  ),
]
