import { NetworkError, type Network, type PeerAddress } from '../network/port.ts'
import type { Clock } from '../platform/clock.ts'
import { ok, type Failure, type Result } from '../platform/result.ts'
import { maxOrders, type Book } from './book.ts'
import { offers, requests } from './model.ts'
import { isHostile } from './shelf.ts'
import { maxPageOrders, snapshotPages, snapshotQueries } from './wire.ts'

/** How a joining node gets the book of one that is there: page by page, each order checked as if it had been announced. */
export const sides = { offers: 0, requests: 1 } as const
const pageTimeoutMs = 5_000
/** 100,000 orders take as long at the rate of `sync`; a peer that drips or never ends is left after it. */
export const maxFetchMs = 30_000

/** Ten pages more at the rate of `sync`. */
const retryAfterMs = 200

export type FetchDeps = { readonly network: Network; readonly clock: Clock }

export const answerSnapshot = (book: Book, payload: Uint8Array): Result<Uint8Array, Failure<'malformed'>> => {
  const query = snapshotQueries.decode(payload)
  if (!query.ok) return query
  const { side, offset } = query.value
  const page =
    side === sides.offers
      ? { orders: book.offers.page(null, offset, maxPageOrders).map(offers.encode), total: book.offers.count() }
      : { orders: book.requests.page(null, offset, maxPageOrders).map(requests.encode), total: book.requests.count() }
  return ok(snapshotPages.encode(page))
}

/**
 * Fetches one side of a peer's book; resolves with how many orders were new. Ends at the first thing no honest peer sends,
 * which is reported. Rejects with NetworkError.
 */
export const fetchSide = async (
  deps: FetchDeps,
  peer: PeerAddress,
  side: (typeof sides)[keyof typeof sides],
  take: (bytes: Uint8Array) => Result<unknown, Failure>,
): Promise<number> => {
  const { network, clock } = deps
  const lastMs = clock.nowMs() + maxFetchMs
  let taken = 0
  for (let offset = 0; offset < maxOrders && clock.nowMs() < lastMs;) {
    const page = await fetchPage(deps, peer, side, offset, lastMs)
    const results = page.ok ? page.value.orders.map((order) => take(order)) : [page]
    const offence = results.find((result) => !result.ok && isHostile(result.error))
    if (offence?.ok === false) network.reportMisbehaviour(peer.peerId, `snapshot: ${offence.error.code}`)
    if (!page.ok) break
    taken += results.filter((result) => result.ok).length
    offset += results.length
    if (offence !== undefined || results.length === 0 || offset >= page.value.total) break
  }
  return taken
}

/** A page, asked for again while the peer says that this node asks too fast. */
const fetchPage = async ({ network, clock }: FetchDeps, peer: PeerAddress, side: number, offset: number, lastMs: number) => {
  const query = snapshotQueries.encode({ side, offset })
  for (;;) {
    try {
      return snapshotPages.decode(await network.request(peer, 'sync', query, { timeoutMs: pageTimeoutMs }))
    } catch (error) {
      if (!(error instanceof NetworkError && error.code === 'rate-limited') || clock.nowMs() >= lastMs) throw error
      await new Promise<void>((resolve) => void clock.after(retryAfterMs, resolve))
    }
  }
}
