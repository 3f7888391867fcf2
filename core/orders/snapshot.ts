import { NetworkError, type Network, type PeerAddress } from '../network/port.ts'
import type { Clock } from '../platform/clock.ts'
import { ok, type Failure, type Result } from '../platform/result.ts'
import { maxOrders, type Book } from './book.ts'
import { bucketOf, differingBuckets } from './digests.ts'
import { isHostile, type Shelf } from './shelf.ts'
import type { Shelves } from './shelves.ts'
import type { Brief, Entry } from './price-index.ts'
import { shortIdLength, type Side } from './side.ts'
import { maxPageBytes, maxPageOrders, syncIds, syncPages, syncQueries, type SyncIds, type SyncPage, type SyncQuery } from './wire.ts'

/**
 * How two books become alike, by the one that asks. It says how its 256 buckets look, hears the ids of those that differ, and
 * fetches the orders it lacks, each checked as if it had been announced, and the signed ends of orders that it still shows. Books that
 * are alike cost one message of 3 kB a side; a joining node differs in every bucket and fetches all.
 */
export const sides = { offers: 0, requests: 1 } as const
export type SideNumber = (typeof sides)[keyof typeof sides]
const requestTimeoutMs = 5_000
/** 100,000 orders take 8 s at the rate of `sync`; a peer that drips or never ends is left after this. */
export const maxFetchMs = 30_000
/** Ten pages more at the rate of `sync`. */
const retryAfterMs = 200
/** As many questions as a peer works on at a time (network/limits.ts). */
const lanes = 4

export type FetchDeps = { readonly network: Network; readonly clock: Clock }
type AnySide = Pick<Side<unknown, Brief>, 'digests' | 'entries' | 'envelopeOf'>
type AnyShelf = Pick<Shelf<unknown>, 'endings'>

export const answerSync = (book: Book, shelves: Shelves, payload: Uint8Array): Result<Uint8Array, Failure<'malformed'>> => {
  const query = syncQueries.decode(payload)
  if (!query.ok) return query
  const area = query.value.side === sides.offers ? 'offers' : 'requests'
  const [side, { endings }]: [AnySide, AnyShelf] = [book[area], shelves[area]]
  switch (query.value.kind) {
    case 'compare':
      return ok(syncIds.encode(idsThatDiffer(side, endings, query.value.digests)))
    case 'fetch':
      return ok(syncPages.encode(pageOf(side.envelopeOf, query.value.ids)))
    case 'endings':
      return ok(syncPages.encode(pageOf(endings.of, query.value.ids)))
  }
}

const idsThatDiffer = (side: AnySide, endings: AnyShelf['endings'], theirs: Uint8Array): SyncIds => {
  const buckets = differingBuckets(side.digests.encoded(), theirs)
  if (buckets.size === 0) return { buckets: new Uint8Array(), open: new Uint8Array(), ended: new Uint8Array() }
  const open: string[] = []
  for (const { shortId } of side.entries()) if (buckets.has(bucketOf(shortId))) open.push(shortId)
  const ended = [...endings.shortIds()].filter((shortId) => buckets.has(bucketOf(shortId)))
  return { buckets: Uint8Array.from(buckets), open: bytesOfIds(open), ended: bytesOfIds(ended) }
}

const pageOf = (envelopeOf: (shortId: string) => Uint8Array | null, wanted: Uint8Array): SyncPage => {
  const envelopes: Uint8Array[] = []
  const shortIds = shortIdsOf(wanted)
  let bytes = 0
  for (const [index, shortId] of shortIds.entries()) {
    const envelope = envelopeOf(shortId)
    bytes += envelope?.length ?? 0
    if (bytes > maxPageBytes) return { envelopes, left: shortIds.length - index }
    if (envelope !== null) envelopes.push(envelope)
  }
  return { envelopes, left: 0 }
}

export const bytesOfIds = (shortIds: readonly string[]): Uint8Array => new Uint8Array(Buffer.from(shortIds.join(''), 'latin1'))
const shortIdsOf = (ids: Uint8Array): readonly string[] => {
  const text = Buffer.from(ids).toString('latin1')
  return Array.from({ length: Math.floor(text.length / shortIdLength) }, (_, index) =>
    text.slice(index * shortIdLength, (index + 1) * shortIdLength),
  )
}

export type Fetching = {
  readonly side: SideNumber
  readonly own: AnySide
  /** Ids, by their first bytes, that it would be in vain to fetch again. */
  readonly declined: ReadonlySet<string>
  readonly take: (bytes: Uint8Array) => Result<unknown, Failure>
  readonly takeEnding: (bytes: Uint8Array) => Result<unknown, Failure>
  /** Told what is open here and that the peer neither has nor knows to be over, in the order of its coming. */
  readonly peerLacks: (entries: readonly Entry<Brief>[]) => void
}

/**
 * Fetches what one side of a peer's book has more than mine, and the ends of what mine has more; resolves with how many of these
 * were new. Ends at the first thing no honest peer sends, which is reported. Rejects with NetworkError.
 */
export const fetchSide = async (deps: FetchDeps, peer: PeerAddress, fetching: Fetching): Promise<number> => {
  const { network, clock } = deps
  const { side, own, declined } = fetching
  const lastMs = clock.nowMs() + maxFetchMs
  const ask = (query: SyncQuery): Promise<Uint8Array> => askPatiently(deps, peer, syncQueries.encode(query), lastMs)
  let taken = 0
  let isOver = false
  const isDone = (): boolean => isOver || clock.nowMs() >= lastMs
  const report = ({ code }: Failure): void => {
    isOver = true
    network.reportMisbehaviour(peer.peerId, `snapshot: ${code}`)
  }
  const digests = own.digests.encoded()
  const answer = syncIds.decode(await ask({ kind: 'compare', side, digests }))
  if (!answer.ok) {
    report(answer.error)
    return 0
  }
  const here = new Set<string>()
  for (const { shortId } of own.entries()) here.add(shortId)
  const open = [...new Set(shortIdsOf(answer.value.open))]
  const missing = open.filter((shortId) => !here.has(shortId) && !declined.has(shortId)).slice(0, maxOrders)
  const ended = new Set(shortIdsOf(answer.value.ended))
  const over = [...ended].filter((shortId) => here.has(shortId))
  const [differing, theirs] = [new Set(answer.value.buckets), new Set(open)]
  const isLacking = (shortId: string): boolean => differing.has(bucketOf(shortId)) && !theirs.has(shortId) && !ended.has(shortId)
  fetching.peerLacks([...own.entries()].filter(({ shortId }) => isLacking(shortId)))

  const fetchPage = async (kind: 'fetch' | 'endings', ids: string[], take: Fetching['take']): Promise<void> => {
    const wanted = ids.splice(0, maxPageOrders)
    const page = syncPages.decode(await ask({ kind, side, ids: bytesOfIds(wanted) }))
    if (isOver) return
    if (!page.ok) return report(page.error)
    const { envelopes, left } = page.value
    // A page that brings nothing is asked for once.
    if (envelopes.length > 0 && left < wanted.length) ids.push(...wanted.slice(wanted.length - left))
    const results = envelopes.map((envelope) => take(envelope))
    taken += results.filter((result) => result.ok).length
    const offence = results.find((result) => !result.ok && isHostile(result.error))
    if (offence?.ok === false) report(offence.error)
  }
  const runLane = async (): Promise<void> => {
    try {
      // First what is over: it makes room for what is new.
      while (over.length > 0 && !isDone()) await fetchPage('endings', over, fetching.takeEnding)
      while (missing.length > 0 && !isDone()) await fetchPage('fetch', missing, fetching.take)
    } catch (error) {
      isOver = true
      throw error
    }
  }
  await Promise.all(Array.from({ length: lanes }, runLane))
  return taken
}

/** Asks again while the peer says that this node asks too fast. */
const askPatiently = async ({ network, clock }: FetchDeps, peer: PeerAddress, query: Uint8Array, lastMs: number): Promise<Uint8Array> => {
  for (;;) {
    try {
      return await network.request(peer, 'sync', query, { timeoutMs: requestTimeoutMs })
    } catch (error) {
      if (!(error instanceof NetworkError && error.code === 'rate-limited') || clock.nowMs() >= lastMs) throw error
      await new Promise<void>((resolve) => void clock.after(retryAfterMs, resolve))
    }
  }
}
