import type { Database } from '../storage/database.ts'
import type { AccountId, Bytes32, ObjectId } from './objects.ts'

/** What a witness keeps for members who come back with less than they had. For `+?` see witness-store.ts. */
export const memberRows = (db: Database) => {
  const revoked = db.prepare<[Uint8Array, Uint8Array], { key: Buffer }>('SELECT key FROM revoked_key WHERE account = ? AND key = ?')
  const revoke = db.prepare('INSERT INTO revoked_key VALUES (?, ?) ON CONFLICT DO NOTHING')
  const reinstate = db.prepare('DELETE FROM revoked_key WHERE account = ? AND key = ?')
  const provisions = db.prepare<[Uint8Array, number, number], { sequence: bigint; escrow: Buffer }>(
    'SELECT sequence, escrow FROM provision WHERE provider = +? AND sequence > +? ORDER BY sequence LIMIT +?',
  )
  const provide = db.prepare('INSERT INTO provision VALUES (NULL, ?, ?) ON CONFLICT DO NOTHING')
  const endProvision = db.prepare('DELETE FROM provision WHERE escrow = ?')
  const arrivedAt = db.prepare<[Uint8Array, number], { at_ms: bigint | null }>('SELECT at_ms FROM arrival WHERE object = ? AND step = ?')
  return {
    isRevoked: (account: AccountId, key: Bytes32): boolean => revoked.get(account, key) !== undefined,
    revokeKey: (account: AccountId, key: Bytes32): void => void revoke.run(account, key),
    reinstateKey: (account: AccountId, key: Bytes32): void => void reinstate.run(account, key),
    /** Its unsettled escrows, in the order in which they came to be known. */
    provisions: (provider: AccountId, after: number, limit: number) =>
      provisions
        .all(provider, after, limit)
        .map(({ sequence, escrow }) => ({ sequence: Number(sequence), escrow: new Uint8Array(escrow) })),
    saveProvision: (provider: AccountId, escrow: ObjectId): void => void provide.run(provider, escrow),
    endProvision: (escrow: ObjectId): void => void endProvision.run(escrow),
    arrivedAtMs: (object: ObjectId, step: number): number | null => {
      const atMs = arrivedAt.get(object, step)?.at_ms ?? null
      return atMs === null ? null : Number(atMs)
    },
  }
}
