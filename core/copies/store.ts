import type { AccountId } from '../settlement/objects.ts'
import type { Database } from '../storage/database.ts'

export type CopyStore = ReturnType<typeof createCopyStore>
/** Which copy this data folder left last: its name among the account's folders, the version, and the hash of what was in it. */
export type OwnCopy = { readonly slot: Uint8Array; readonly version: number; readonly contentHash: Uint8Array }

/** What this data folder left with the witnesses; and, on a witness, what members left here. */
export const createCopyStore = (db: Database) => {
  const own = db.prepare<[], { slot: Buffer; version: bigint; content_hash: Buffer }>('SELECT slot, version, content_hash FROM own_copy')
  const saveOwn = db.prepare(
    `INSERT INTO own_copy VALUES (1, ?, ?, ?)
     ON CONFLICT (one) DO UPDATE SET slot = excluded.slot, version = excluded.version, content_hash = excluded.content_hash`,
  )
  const kept = db.prepare<[Uint8Array, number], { body: Buffer }>(
    'SELECT body FROM kept_copy WHERE account = ? ORDER BY version DESC LIMIT ?',
  )
  const versionOf = db.prepare<[Uint8Array, Uint8Array], { version: bigint; at_ms: bigint }>(
    'SELECT version, at_ms FROM kept_copy WHERE account = ? AND slot = ?',
  )
  const keep = db.prepare(
    `INSERT INTO kept_copy VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (account, slot) DO UPDATE SET version = excluded.version, at_ms = excluded.at_ms, body = excluded.body`,
  )
  const trim = db.prepare(
    'DELETE FROM kept_copy WHERE account = ? AND slot NOT IN (SELECT slot FROM kept_copy WHERE account = ? ORDER BY version DESC LIMIT ?)',
  )
  const count = db.prepare<[], { count: bigint }>('SELECT count(*) AS count FROM kept_copy')
  const forget = db.prepare('DELETE FROM kept_copy WHERE at_ms < ?')
  return {
    own: (): OwnCopy | null => {
      const row = own.get()
      return row === undefined
        ? null
        : { slot: new Uint8Array(row.slot), version: Number(row.version), contentHash: new Uint8Array(row.content_hash) }
    },
    saveOwn: ({ slot, version, contentHash }: OwnCopy): void => void saveOwn.run(slot, version, contentHash),
    kept: (account: AccountId, limit: number): readonly Uint8Array[] => kept.all(account, limit).map(({ body }) => new Uint8Array(body)),
    keptVersion: (account: AccountId, slot: Uint8Array): { readonly version: number; readonly atMs: number } | null => {
      const row = versionOf.get(account, slot)
      return row === undefined ? null : { version: Number(row.version), atMs: Number(row.at_ms) }
    },
    /** The newest version of a slot, and of the account's slots the newest `maxSlots`. */
    keep: (account: AccountId, slot: Uint8Array, version: number, atMs: number, body: Uint8Array, maxSlots: number): void =>
      db.atomically(() => {
        keep.run(account, slot, version, atMs, body)
        trim.run(account, account, maxSlots)
      }),
    keptCount: (): number => Number(count.get()?.count ?? 0n),
    forgetBefore: (atMs: number): void => void forget.run(atMs),
  }
}
