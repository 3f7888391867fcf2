/** Snapshots that are put together from more than one call. */
import type { MarketClient } from '../api/client.ts'
import type { Fetched } from './follower.ts'
import type { Book, EscrowDetail, HistoryRow, WalletView } from './market-store.ts'

export const TASKS_SHOWN = 20
const ESCROWS_SHOWN = 8
const BOOK_ROWS = 50
const HISTORY_PAGE = 200
/** A longer history is not added up on this screen. */
const HISTORY_PAGES = 5

export const fetchBook = (client: MarketClient): Promise<Fetched<Book>> =>
  client.orders.book({ classKey: null, limit: BOOK_ROWS, offersCursor: null, requestsCursor: null })

export const fetchWallet = async (client: MarketClient): Promise<Fetched<WalletView>> => {
  const [summary, history] = await Promise.all([client.wallet.summary({}), fetchHistory(client)])
  if (!summary.ok) return summary
  return history.ok ? { ok: true, value: { summary: summary.value, history: history.value } } : history
}

const fetchHistory = async (client: MarketClient): Promise<Fetched<readonly HistoryRow[] | null>> => {
  const rows: HistoryRow[] = []
  let cursor: string | null = null
  for (let page = 0; page < HISTORY_PAGES; page++) {
    const answer = await client.wallet.history({ cursor, limit: HISTORY_PAGE })
    if (!answer.ok) return answer
    rows.push(...answer.value.rows)
    cursor = answer.value.nextCursor
    if (cursor === null) return { ok: true, value: rows }
  }
  return { ok: true, value: null }
}

export type Escrows = { readonly revision: number; readonly shown: readonly EscrowDetail[]; readonly total: number }

export const fetchEscrows = async (client: MarketClient): Promise<Fetched<Escrows>> => {
  const list = await client.escrow.list({ cursor: null, limit: ESCROWS_SHOWN })
  if (!list.ok) return list
  const details = await Promise.all(list.value.page.rows.map(({ id }) => client.escrow.get({ escrowId: id })))
  const shown = details.flatMap((detail) => (detail.ok ? [detail.value] : []))
  return { ok: true, value: { revision: list.value.revision, shown, total: list.value.page.total } }
}
