import type { Bytes32 } from '../settlement/objects.ts'
import type { Database } from '../storage/database.ts'

export type StoredEvidence = { readonly piece: Uint8Array; readonly foundAtMs: number }
export type EvidenceStore = ReturnType<typeof createEvidenceStore>

export const createEvidenceStore = (db: Database) => {
  const insert = db.prepare<[Uint8Array, Uint8Array, number]>('INSERT INTO evidence VALUES (?, ?, ?) ON CONFLICT DO NOTHING')
  const select = db.prepare<[number], { readonly piece: Buffer; readonly found_at_ms: bigint }>(
    'SELECT piece, found_at_ms FROM evidence ORDER BY found_at_ms DESC, id LIMIT ?',
  )
  return {
    add: (id: Bytes32, { piece, foundAtMs }: StoredEvidence): void => void insert.run(id, piece, foundAtMs),
    newest: (limit: number): readonly StoredEvidence[] =>
      select.all(limit).map((row) => ({ piece: new Uint8Array(row.piece), foundAtMs: Number(row.found_at_ms) })),
  }
}
