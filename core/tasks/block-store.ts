import type { AccountId } from '../settlement/objects.ts'
import type { Database } from '../storage/database.ts'

/** Members whose tasks this provider never runs again, until it changes its mind. */
export type BlockStore = ReturnType<typeof createBlockStore>

export const createBlockStore = (db: Database) => {
  const insert = db.prepare<[Uint8Array, number]>('INSERT INTO blocked_member VALUES (?, ?) ON CONFLICT DO NOTHING')
  const remove = db.prepare<[Uint8Array]>('DELETE FROM blocked_member WHERE account = ?')
  const selectOne = db.prepare<[Uint8Array], { readonly account: Buffer }>('SELECT account FROM blocked_member WHERE account = ?')
  const selectAll = db.prepare<[number], { readonly account: Buffer }>('SELECT account FROM blocked_member ORDER BY at_ms DESC LIMIT ?')
  return {
    add: (account: AccountId, atMs: number): void => void insert.run(account, atMs),
    /** False when it was not blocked. */
    remove: (account: AccountId): boolean => remove.run(account).changes > 0,
    has: (account: AccountId): boolean => selectOne.get(account) !== undefined,
    newest: (limit: number): readonly AccountId[] => selectAll.all(limit).map(({ account }) => new Uint8Array(account)),
  }
}
