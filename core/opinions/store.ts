import { toHex } from '../platform/bytes.ts'
import type { AccountId } from '../settlement/objects.ts'
import type { Database } from '../storage/database.ts'
import type { Opinion, OpinionRole, OpinionWord } from './model.ts'

type Row = { readonly account: Buffer; readonly role: OpinionRole; readonly word: OpinionWord; readonly at_ms: bigint }

export const createOpinionStore = (db: Database) => {
  const upsert = db.prepare<[Uint8Array, string, string, number]>(
    'INSERT INTO opinion VALUES (?, ?, ?, ?) ON CONFLICT (account, role) DO UPDATE SET word = excluded.word, at_ms = excluded.at_ms',
  )
  const remove = db.prepare<[Uint8Array, string]>('DELETE FROM opinion WHERE account = ? AND role = ?')
  const selectOne = db.prepare<[Uint8Array, string], { readonly word: OpinionWord }>(
    'SELECT word FROM opinion WHERE account = ? AND role = ?',
  )
  const selectNever = db.prepare<[], { readonly account: Buffer }>(`SELECT account FROM opinion WHERE role = 'provider' AND word = 'never'`)
  const selectAll = db.prepare<[number], Row>('SELECT account, role, word, at_ms FROM opinion ORDER BY at_ms DESC, account LIMIT ?')
  return {
    put: ({ account, role, word, atMs }: Opinion): void => void upsert.run(account, role, word, atMs),
    remove: (account: AccountId, role: OpinionRole): void => void remove.run(account, role),
    wordOn: (account: AccountId, role: OpinionRole): OpinionWord | null => selectOne.get(account, role)?.word ?? null,
    /** In hex. */
    neverProviders: (): ReadonlySet<string> => new Set(selectNever.all().map(({ account }) => toHex(account))),
    newest: (limit: number): readonly Opinion[] =>
      selectAll.all(limit).map(({ account, role, word, at_ms }) => ({ account: new Uint8Array(account), role, word, atMs: Number(at_ms) })),
  }
}
