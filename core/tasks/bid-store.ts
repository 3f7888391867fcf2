import type { Bytes32 } from '../settlement/objects.ts'
import type { Database } from '../storage/database.ts'
import type { BidOutcome, TaskId } from './model.ts'

export type StoredBid = {
  readonly bidId: Bytes32
  readonly bid: Uint8Array
  readonly atMs: number
  readonly outcome: BidOutcome
  /** Of its bidder, when it was ranked; null where that is not known. */
  readonly reputationPpm: number | null
  /** By its owner’s own word. */
  readonly isPreferred: boolean
}
type Row = {
  readonly bid_id: Buffer
  readonly bid: Buffer
  readonly at_ms: bigint
  readonly outcome: BidOutcome
  readonly reputation_ppm: bigint | null
  readonly preferred: bigint
}

/** The bids that a task was offered, as they came. */
export const bidRows = (db: Database) => {
  const upsert = db.prepare(
    'INSERT INTO task_bid VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (task, bid_id) DO UPDATE SET outcome = excluded.outcome',
  )
  const selectAll = db.prepare<[Uint8Array], Row>(
    'SELECT bid_id, bid, at_ms, outcome, reputation_ppm, preferred FROM task_bid WHERE task = ? ORDER BY at_ms, bid_id LIMIT 100',
  )
  const selectOne = db.prepare<[Uint8Array, Uint8Array], { readonly bid: Buffer }>('SELECT bid FROM task_bid WHERE task = ? AND bid_id = ?')
  return {
    putBid: (id: TaskId, { bidId, bid, atMs, outcome, reputationPpm, isPreferred }: StoredBid): void =>
      void upsert.run(id, bidId, bid, atMs, outcome, reputationPpm, isPreferred ? 1 : 0),
    bids: (id: TaskId): readonly StoredBid[] =>
      selectAll.all(id).map(({ bid_id, bid, at_ms, outcome, reputation_ppm, preferred }) => ({
        bidId: new Uint8Array(bid_id),
        bid: new Uint8Array(bid),
        atMs: Number(at_ms),
        outcome,
        reputationPpm: reputation_ppm === null ? null : Number(reputation_ppm),
        isPreferred: preferred === 1n,
      })),
    /** The encoded bid. */
    bid: (id: TaskId, bidId: Bytes32): Uint8Array | null => {
      const row = selectOne.get(id, bidId)
      return row === undefined ? null : new Uint8Array(row.bid)
    },
  }
}
