import type { Bytes32 } from '../settlement/objects.ts'
import type { Database } from '../storage/database.ts'
import { auditKinds, type AuditKind, type AuditMark, type ChainedEntry, type SignedMark } from './model.ts'

type EntryRow = {
  readonly seq: bigint
  readonly at_ms: bigint
  readonly kind: string
  readonly outcome: string
  readonly rule: string
  readonly member: Buffer | null
  readonly reference: Buffer | null
  readonly times: bigint
  readonly hash: Buffer
}
type MarkRow = { readonly seq: bigint; readonly hash: Buffer; readonly at_ms: bigint; readonly signature: Buffer }
export type AuditStore = ReturnType<typeof createAuditStore>

const entryOf = (row: EntryRow): ChainedEntry => ({
  seq: Number(row.seq),
  atMs: Number(row.at_ms),
  // Whoever changed the table by hand is found out by the hash.
  kind: auditKinds.find((kind) => kind === row.kind) ?? 'log',
  outcome: row.outcome,
  rule: row.rule,
  member: row.member === null ? null : new Uint8Array(row.member),
  reference: row.reference === null ? null : new Uint8Array(row.reference),
  times: Number(row.times),
  hash: new Uint8Array(row.hash),
})

export const createAuditStore = (db: Database) => {
  const insert = db.prepare<[number, number, string, string, string, Uint8Array | null, Uint8Array | null, number, Bytes32]>(
    'INSERT INTO audit_entry VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
  )
  const selectOlder = db.prepare<[number, number], EntryRow>('SELECT * FROM audit_entry WHERE seq < ? ORDER BY seq DESC LIMIT ?')
  const selectNewer = db.prepare<[number, number], EntryRow>('SELECT * FROM audit_entry WHERE seq > ? ORDER BY seq LIMIT ?')
  const selectOne = db.prepare<[number], EntryRow>('SELECT * FROM audit_entry WHERE seq = ?')
  const selectCount = db.prepare<[], { readonly total: bigint }>('SELECT count(*) AS total FROM audit_entry')
  const selectFirstSince = db.prepare<[number], { readonly seq: bigint | null }>('SELECT min(seq) AS seq FROM audit_entry WHERE at_ms >= ?')
  const selectReferences = db.prepare<[string, string], { readonly reference: Buffer }>(
    'SELECT reference FROM audit_entry WHERE kind = ? AND outcome = ? AND reference IS NOT NULL',
  )
  const remove = db.prepare<[number]>('DELETE FROM audit_entry WHERE seq <= ?')
  const selectMark = db.prepare<[string], MarkRow>('SELECT seq, hash, at_ms, signature FROM audit_mark WHERE place = ?')
  const upsertMark = db.prepare<[string, number, Bytes32, number, Uint8Array]>('INSERT OR REPLACE INTO audit_mark VALUES (?, ?, ?, ?, ?)')
  const selectKeepDays = db.prepare<[], { readonly keep_days: bigint | null }>('SELECT keep_days FROM audit_setting')
  const upsertKeepDays = db.prepare<[number | null]>('INSERT OR REPLACE INTO audit_setting VALUES (1, ?)')
  return {
    add: ({ seq, atMs, kind, outcome, rule, member, reference, times, hash }: ChainedEntry): void =>
      void insert.run(seq, atMs, kind, outcome, rule, member, reference, times, hash),
    /** Newest first. */
    before: (seq: number, limit: number): readonly ChainedEntry[] => selectOlder.all(seq, limit).map(entryOf),
    /** Oldest first. */
    after: (seq: number, limit: number): readonly ChainedEntry[] => selectNewer.all(seq, limit).map(entryOf),
    get: (seq: number): ChainedEntry | null => {
      const row = selectOne.get(seq)
      return row === undefined ? null : entryOf(row)
    },
    newest: (): ChainedEntry | null => {
      const row = selectOlder.get(Number.MAX_SAFE_INTEGER, 1)
      return row === undefined ? null : entryOf(row)
    },
    count: (): number => Number(selectCount.get()?.total ?? 0n),
    /** The first entry that is not older; null when all are. */
    firstSince: (atMs: number): number | null => {
      const first = selectFirstSince.get(atMs)?.seq ?? null
      return first === null ? null : Number(first)
    },
    references: (kind: AuditKind, outcome: string): readonly Bytes32[] =>
      selectReferences.all(kind, outcome).map(({ reference }) => new Uint8Array(reference)),
    removeUpTo: (seq: number): number => remove.run(seq).changes,
    mark: (place: AuditMark['place']): SignedMark | null => {
      const row = selectMark.get(place)
      if (row === undefined) return null
      const [hash, signature] = [new Uint8Array(row.hash), new Uint8Array(row.signature)]
      return { place, seq: Number(row.seq), hash, atMs: Number(row.at_ms), signature }
    },
    setMark: ({ place, seq, hash, atMs, signature }: SignedMark): void => void upsertMark.run(place, seq, hash, atMs, signature),
    /** Undefined until somebody chose. */
    keepDays: (): number | null | undefined => {
      const row = selectKeepDays.get()
      return row === undefined ? undefined : row.keep_days === null ? null : Number(row.keep_days)
    },
    setKeepDays: (days: number | null): void => void upsertKeepDays.run(days),
  }
}
