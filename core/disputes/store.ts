import type { Bytes32, ObjectId, RulingOutcome } from '../settlement/objects.ts'
import type { Database } from '../storage/database.ts'
import type { PartyRole } from './model.ts'

export type Statement = {
  readonly role: PartyRole
  readonly statement: string
  readonly salt: Bytes32
  readonly showsTask: boolean
  readonly showsAnswer: boolean
  /** 0 for what is said with the dispute itself. */
  readonly saidAtMs: number
  readonly readers: number
}
export type CourtKind = 'case' | 'seat' | 'box' | 'exhibit' | 'ruling'
export type DisputeStore = ReturnType<typeof createDisputeStore>

type StatementRow = {
  readonly role: PartyRole
  readonly statement: string
  readonly salt: Buffer
  readonly shows_task: bigint
  readonly shows_answer: bigint
  readonly said_at_ms: bigint
  readonly readers: bigint
}
const bytes = (buffer: Buffer): Uint8Array => new Uint8Array(buffer)

export const createDisputeStore = (db: Database) => {
  const putStatement = db.prepare('INSERT OR REPLACE INTO dispute_statement VALUES (?, ?, ?, ?, ?, ?, 0, ?)')
  const selectStatement = db.prepare<[Uint8Array], StatementRow>('SELECT * FROM dispute_statement WHERE escrow = ?')
  /** A dispute is shown with its escrow, whose revision tells the screens what is newer. */
  const bumpRevision = db.prepare('UPDATE escrow_revision SET revision = revision + 1')
  const updateReaders = db.prepare('UPDATE dispute_statement SET readers = ? WHERE escrow = ?')
  const putRuling = db.prepare('INSERT INTO arbiter_ruling VALUES (?, ?, ?) ON CONFLICT DO NOTHING')
  const selectRuling = db.prepare<[Uint8Array], { readonly outcome: RulingOutcome; readonly signed_order: Buffer }>(
    'SELECT outcome, signed_order FROM arbiter_ruling WHERE escrow = ?',
  )
  const putItem = db.prepare('INSERT OR REPLACE INTO court_item VALUES (?, ?, ?, ?, ?)')
  const selectItem = db.prepare<[CourtKind, Uint8Array, Uint8Array], { readonly body: Buffer }>(
    'SELECT body FROM court_item WHERE kind = ? AND subject = ? AND part = ?',
  )
  const selectItems = db.prepare<[CourtKind, Uint8Array, Uint8Array, number], { readonly part: Buffer; readonly body: Buffer }>(
    'SELECT part, body FROM court_item WHERE kind = ? AND subject = ? AND part > ? ORDER BY part LIMIT ?',
  )
  const deleteItem = db.prepare('DELETE FROM court_item WHERE kind = ? AND subject = ? AND part = ?')
  const deleteItems = db.prepare('DELETE FROM court_item WHERE kind = ? AND subject = ?')
  return {
    statement: (escrow: ObjectId): Statement | null => {
      const row = selectStatement.get(escrow)
      if (row === undefined) return null
      const { role, statement, salt, readers } = row
      const shows = { showsTask: row.shows_task === 1n, showsAnswer: row.shows_answer === 1n }
      return { role, statement, salt: bytes(salt), ...shows, saidAtMs: Number(row.said_at_ms), readers: Number(readers) }
    },
    /** What was sent before has to be sent again. */
    saveStatement: (escrow: ObjectId, { role, statement, salt, showsTask, showsAnswer, saidAtMs }: Omit<Statement, 'readers'>): void =>
      db.atomically(() => {
        putStatement.run(escrow, role, statement, salt, showsTask ? 1 : 0, showsAnswer ? 1 : 0, saidAtMs)
        bumpRevision.run()
      }),
    saveReaders: (escrow: ObjectId, readers: number): void =>
      db.atomically(() => {
        updateReaders.run(readers, escrow)
        bumpRevision.run()
      }),
    /** The first one stays: a second would be proof against this arbiter. */
    saveRuling: (escrow: ObjectId, outcome: RulingOutcome, order: Uint8Array): void => void putRuling.run(escrow, outcome, order),
    ruling: (escrow: ObjectId): { readonly outcome: RulingOutcome; readonly order: Uint8Array } | null => {
      const row = selectRuling.get(escrow)
      return row === undefined ? null : { outcome: row.outcome, order: bytes(row.signed_order) }
    },
    putItem: (kind: CourtKind, subject: Uint8Array, part: Uint8Array, body: Uint8Array, atMs: number): void =>
      void putItem.run(kind, subject, part, body, atMs),
    item: (kind: CourtKind, subject: Uint8Array, part: Uint8Array): Uint8Array | null => {
      const row = selectItem.get(kind, subject, part)
      return row === undefined ? null : bytes(row.body)
    },
    /** In the order of their parts, from the one after `after`. */
    items: (
      kind: CourtKind,
      subject: Uint8Array,
      limit: number,
      after: Uint8Array = new Uint8Array(),
    ): readonly { readonly part: Uint8Array; readonly body: Uint8Array }[] =>
      selectItems.all(kind, subject, after, limit).map(({ part, body }) => ({ part: bytes(part), body: bytes(body) })),
    deleteItem: (kind: CourtKind, subject: Uint8Array, part: Uint8Array): void => void deleteItem.run(kind, subject, part),
    deleteItems: (kind: CourtKind, subject: Uint8Array): void => void deleteItems.run(kind, subject),
  }
}
