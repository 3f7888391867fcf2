import type { Bytes32, Signature } from '../settlement/objects.ts'
import type { Database } from '../storage/database.ts'

export type StoredConsent = {
  readonly id: Bytes32
  /** Encoded. */
  readonly body: Uint8Array
  /** Null once it is withdrawn. Whoever kept a copy could write it back, so `createConsents` asks the log of decisions too. */
  readonly signature: Signature | null
  /** What was shown. */
  readonly text: string
  /** The name in the key store of the key that it was given for. */
  readonly keyRef: string | null
  readonly seenMs: number
  readonly revokedAtMs: number | null
}
type NewConsent = Omit<StoredConsent, 'revokedAtMs' | 'signature'> & { readonly signature: Signature }
type Row = {
  readonly id: Buffer
  readonly body: Buffer
  readonly signature: Buffer | null
  readonly text: string
  readonly key_ref: string | null
  readonly seen_ms: bigint
  readonly revoked_at_ms: bigint | null
}
export type ConsentStore = ReturnType<typeof createConsentStore>

const consentOf = (row: Row): StoredConsent => ({
  id: new Uint8Array(row.id),
  body: new Uint8Array(row.body),
  signature: row.signature === null ? null : new Uint8Array(row.signature),
  text: row.text,
  keyRef: row.key_ref,
  seenMs: Number(row.seen_ms),
  revokedAtMs: row.revoked_at_ms === null ? null : Number(row.revoked_at_ms),
})

export const createConsentStore = (db: Database) => {
  const insert = db.prepare<[Uint8Array, Uint8Array, Uint8Array, string, string | null, number]>(
    'INSERT INTO consent VALUES (?, ?, ?, ?, ?, ?, NULL)',
  )
  const selectOne = db.prepare<[Uint8Array], Row>('SELECT * FROM consent WHERE id = ?')
  const selectNewest = db.prepare<[number], Row>('SELECT * FROM consent ORDER BY rowid DESC LIMIT ?')
  const see = db.prepare<[number, Uint8Array]>('UPDATE consent SET seen_ms = ? WHERE id = ?')
  const revoke = db.prepare<[number, Uint8Array]>(
    'UPDATE consent SET signature = NULL, revoked_at_ms = ? WHERE id = ? AND revoked_at_ms IS NULL',
  )
  return {
    add: ({ id, body, signature, text, keyRef, seenMs }: NewConsent): void => void insert.run(id, body, signature, text, keyRef, seenMs),
    get: (id: Bytes32): StoredConsent | null => {
      const row = selectOne.get(id)
      return row === undefined ? null : consentOf(row)
    },
    newest: (limit: number): readonly StoredConsent[] => selectNewest.all(limit).map(consentOf),
    see: (id: Bytes32, atMs: number): void => void see.run(atMs, id),
    /** False when it is withdrawn already, or unknown. */
    revoke: (id: Bytes32, atMs: number): boolean => revoke.run(atMs, id).changes > 0,
  }
}
