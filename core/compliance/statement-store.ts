import type { Database } from '../storage/database.ts'

export const statementKinds = ['attestation', 'acknowledgement', 'vendor-approval'] as const
export type StatementKind = (typeof statementKinds)[number]
export type StatementStore = ReturnType<typeof createStatementStore>

/** What this member has said about itself: at most one statement of a kind, encoded with its signature. */
export const createStatementStore = (db: Database) => {
  const upsert = db.prepare<[string, Uint8Array]>(
    'INSERT INTO member_statement VALUES (?, ?) ON CONFLICT DO UPDATE SET body = excluded.body',
  )
  const select = db.prepare<[string], { readonly body: Buffer }>('SELECT body FROM member_statement WHERE kind = ?')
  const remove = db.prepare<[string]>('DELETE FROM member_statement WHERE kind = ?')
  return {
    put: (kind: StatementKind, body: Uint8Array): void => void upsert.run(kind, body),
    get: (kind: StatementKind): Uint8Array | null => {
      const row = select.get(kind)
      return row === undefined ? null : new Uint8Array(row.body)
    },
    /** False when there was none. */
    remove: (kind: StatementKind): boolean => remove.run(kind).changes > 0,
  }
}
