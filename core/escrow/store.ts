import { assert } from '../platform/assert.ts'
import { decodeBytes, encodeBytes } from '../platform/codec.ts'
import type { Failure, Result } from '../platform/result.ts'
import {
  decodeAuthorisedTx,
  decodeDecree,
  encodeAuthorisedTx,
  encodeDecree,
  escrowStateCodec,
  signedReceiptCodec,
} from '../settlement/encoding.ts'
import type { AuthorisedTx, Decree, EscrowState, ObjectId, SignedUsageReceipt } from '../settlement/objects.ts'
import type { Database } from '../storage/database.ts'

export type EscrowRole = 'client' | 'provider'
export type TrackedEscrow = {
  readonly state: EscrowState
  readonly role: EscrowRole
  /** When this node learned of the opening. */
  readonly openedAtMs: number
  /** The provider's signed price, once the answer was streamed; and when this node got it. */
  readonly receipt: SignedUsageReceipt | null
  readonly receiptAtMs: number | null
  /** A split that one side has signed for the next step. */
  readonly splitProposal: AuthorisedTx | null
  /** Signed by this node and not decided yet. */
  readonly pendingMove: AuthorisedTx | null
}
export type EscrowPosition = { readonly settled: boolean; readonly openedAtMs: number; readonly id: ObjectId }
export type EscrowStore = ReturnType<typeof createEscrowStore>

type Row = {
  readonly id: Buffer
  readonly role: EscrowRole
  readonly state: Buffer
  readonly opened_at_ms: bigint
  readonly receipt: Buffer | null
  readonly receipt_at_ms: bigint | null
  readonly split_proposal: Buffer | null
  readonly pending_move: Buffer | null
}

export const createEscrowStore = (db: Database) => {
  const rowOfId = db.prepare<[Uint8Array], Row>('SELECT * FROM escrow WHERE id = ?')
  const insert = db.prepare(`INSERT INTO escrow (id, role, state, phase, opened_at_ms) VALUES (?, ?, ?, 'open', ?)`)
  const insertStep = db.prepare('INSERT INTO escrow_step VALUES (?, ?, ?, ?)')
  const updateState = db.prepare('UPDATE escrow SET state = ?, phase = ?, split_proposal = NULL, pending_move = NULL WHERE id = ?')
  const updateReceipt = db.prepare('UPDATE escrow SET receipt = ?, receipt_at_ms = ? WHERE id = ?')
  const updateSplit = db.prepare('UPDATE escrow SET split_proposal = ? WHERE id = ?')
  const updatePending = db.prepare('UPDATE escrow SET pending_move = ? WHERE id = ?')
  const stepRows = db.prepare<[Uint8Array], { decree: Buffer }>('SELECT decree FROM escrow_step WHERE escrow = ? ORDER BY step')
  const timeRows = db.prepare<[Uint8Array], { known_at_ms: bigint | null }>(
    'SELECT known_at_ms FROM escrow_step WHERE escrow = ? ORDER BY step',
  )
  const unsettledRows = db.prepare<[], Row>(`SELECT * FROM escrow WHERE phase <> 'settled'`)
  const payableRows = db.prepare<[], Row>(
    `SELECT * FROM escrow WHERE phase <> 'settled' AND role = 'provider' AND (receipt IS NOT NULL OR phase <> 'open')`,
  )
  const firstRows = db.prepare<[number], Row>(`SELECT * FROM escrow ORDER BY (phase = 'settled'), -opened_at_ms, id LIMIT ?`)
  const nextRows = db.prepare<[number, number, Uint8Array, number], Row>(
    `SELECT * FROM escrow WHERE ((phase = 'settled'), -opened_at_ms, id) > (?, ?, ?)
     ORDER BY (phase = 'settled'), -opened_at_ms, id LIMIT ?`,
  )
  const total = db.prepare<[], { count: bigint }>('SELECT count(*) AS count FROM escrow')
  const bumpRevision = db.prepare('UPDATE escrow_revision SET revision = revision + 1')
  const revisionRow = db.prepare<[], { revision: bigint }>('SELECT revision FROM escrow_revision')

  return {
    /** A new revision with everything in it; part of the transaction under way, if there is one. */
    transaction: <T>(work: () => T): T =>
      db.atomically(() => {
        bumpRevision.run()
        return work()
      }),
    revision: (): number => Number(revisionRow.get()?.revision ?? 0n),
    count: (): number => Number(total.get()?.count ?? 0n),
    get: (id: ObjectId): TrackedEscrow | null => {
      const row = rowOfId.get(id)
      return row === undefined ? null : trackedOf(row)
    },
    /** Every certified step in order, the account decree that opened it first. */
    decrees: (id: ObjectId): readonly Decree[] => stepRows.all(id).map(({ decree }) => stored(decodeDecree(bytes(decree)))),
    /** When this node learned of each step; null for those that a version before migration 18 learned. */
    stepTimes: (id: ObjectId): readonly (number | null)[] =>
      timeRows.all(id).map(({ known_at_ms }) => (known_at_ms === null ? null : Number(known_at_ms))),
    unsettled: (): readonly TrackedEscrow[] => unsettledRows.all().map(trackedOf),
    /** Where this side has done its work and waits for its pay. */
    payable: (): readonly TrackedEscrow[] => payableRows.all().map(trackedOf),
    /** Those not settled first, then newest first; `after` null begins. */
    page: (after: EscrowPosition | null, limit: number): readonly TrackedEscrow[] => {
      const rows = after === null ? firstRows.all(limit) : nextRows.all(after.settled ? 1 : 0, -after.openedAtMs, after.id, limit)
      return rows.map(trackedOf)
    },

    open: (opened: EscrowState, role: EscrowRole, opening: Decree, atMs: number): void => {
      insert.run(opened.id, role, encodeBytes(escrowStateCodec, opened), atMs)
      insertStep.run(opened.id, 0, encodeDecree(opening), atMs)
    },
    /** Whatever was signed for the step is answered by it. */
    saveStep: (after: EscrowState, decree: Decree, atMs: number | null): void => {
      insertStep.run(after.id, after.step, encodeDecree(decree), atMs)
      updateState.run(encodeBytes(escrowStateCodec, after), after.phase, after.id)
    },
    saveReceipt: (id: ObjectId, receipt: SignedUsageReceipt, atMs: number): void => {
      updateReceipt.run(encodeBytes(signedReceiptCodec, receipt), atMs, id)
    },
    saveSplitProposal: (id: ObjectId, proposal: AuthorisedTx): void => void updateSplit.run(encodeAuthorisedTx(proposal), id),
    savePendingMove: (id: ObjectId, order: AuthorisedTx | null): void => {
      updatePending.run(order === null ? null : encodeAuthorisedTx(order), id)
    },
  }
}

/** Terms are a few hundred bytes, receipts less. */
const maxStateBytes = 4_096

const bytes = (buffer: Buffer): Uint8Array => new Uint8Array(buffer)

/** What this node wrote itself decodes, or the database is damaged. */
const stored = <T>(decoded: Result<T, Failure>): T => {
  assert(decoded.ok, `a stored escrow row cannot be read${decoded.ok ? '' : `: ${decoded.error.message}`}`)
  return decoded.value
}
const orderOrNull = (buffer: Buffer | null): AuthorisedTx | null => (buffer === null ? null : stored(decodeAuthorisedTx(bytes(buffer))))

const trackedOf = (row: Row): TrackedEscrow => ({
  state: stored(decodeBytes(escrowStateCodec, bytes(row.state), maxStateBytes, 'escrow')),
  role: row.role,
  openedAtMs: Number(row.opened_at_ms),
  receipt: row.receipt === null ? null : stored(decodeBytes(signedReceiptCodec, bytes(row.receipt), maxStateBytes, 'receipt')),
  receiptAtMs: row.receipt_at_ms === null ? null : Number(row.receipt_at_ms),
  splitProposal: orderOrNull(row.split_proposal),
  pendingMove: orderOrNull(row.pending_move),
})
