import type { Bytes32 } from '../settlement/objects.ts'
import type { Database } from '../storage/database.ts'

/** What is known of a device beside the account's chain. */
export type DeviceNote = {
  readonly key: Bytes32
  /** Empty where another computer linked it. */
  readonly name: string
  readonly linkedAtMs: number | null
  readonly isRevoked: boolean
  readonly revokedAtMs: number | null
}
type Row = {
  readonly key: Buffer
  readonly name: string
  readonly linked_at_ms: bigint | null
  readonly is_revoked: bigint
  readonly revoked_at_ms: bigint | null
}
export type DeviceStore = ReturnType<typeof createDeviceStore>

export const createDeviceStore = (db: Database) => {
  const all = db.prepare<[number], Row>('SELECT * FROM device ORDER BY linked_at_ms, key LIMIT ?')
  const name = db.prepare('INSERT INTO device VALUES (?, ?, NULL, 0, NULL) ON CONFLICT (key) DO UPDATE SET name = excluded.name')
  const link = db.prepare(
    `INSERT INTO device VALUES (?, '', ?, 0, NULL)
     ON CONFLICT (key) DO UPDATE SET linked_at_ms = excluded.linked_at_ms, is_revoked = 0, revoked_at_ms = NULL`,
  )
  const revoke = db.prepare(
    `INSERT INTO device VALUES (?, '', NULL, 1, ?) ON CONFLICT (key) DO UPDATE SET is_revoked = 1, revoked_at_ms = excluded.revoked_at_ms`,
  )
  return {
    list: (limit: number): readonly DeviceNote[] => all.all(limit).map(noteOf),
    name: (key: Bytes32, text: string): void => void name.run(key, text),
    linked: (key: Bytes32, atMs: number | null): void => void link.run(key, atMs),
    revoked: (key: Bytes32, atMs: number | null): void => void revoke.run(key, atMs),
  }
}

const noteOf = (row: Row): DeviceNote => ({
  key: new Uint8Array(row.key),
  name: row.name,
  linkedAtMs: row.linked_at_ms === null ? null : Number(row.linked_at_ms),
  isRevoked: row.is_revoked === 1n,
  revokedAtMs: row.revoked_at_ms === null ? null : Number(row.revoked_at_ms),
})
