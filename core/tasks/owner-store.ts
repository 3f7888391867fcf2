import type { BackendKind } from '../orders/model.ts'
import type { Database } from '../storage/database.ts'
import { decodeRules, encodeRules } from './choice.ts'
import type { JobSum } from './job-store.ts'
import { noOwnerRules, unreadableRules, type OwnerRules } from './owner-rules.ts'

/** `tasks` are the owner's own: they count against the same caps as those of others. */
export type OwnUse = {
  readonly atMs: number
  readonly backend: BackendKind
  readonly outputTokens: number
  readonly costMillicents: number
}
/** A row of it, to be corrected. */
type OwnUseId = bigint
type SumRow = { readonly tasks: bigint; readonly tokens: bigint; readonly cost: bigint }
export type OwnerStore = ReturnType<typeof createOwnerStore>

export const createOwnerStore = (db: Database) => {
  const selectRules = db.prepare<[], { readonly rules: string }>('SELECT rules FROM owner_rules')
  const upsertRules = db.prepare<[string]>('INSERT INTO owner_rules VALUES (1, ?) ON CONFLICT DO UPDATE SET rules = excluded.rules')
  const insertUse = db.prepare<[number, number, number, string]>('INSERT INTO own_use VALUES (?, ?, ?, ?)')
  const updateUse = db.prepare<[number, number, OwnUseId]>('UPDATE own_use SET output_tokens = ?, cost_millicents = ? WHERE rowid = ?')
  const forgetUse = db.prepare<[number]>('DELETE FROM own_use WHERE at_ms < ?')
  const selectSums = db.prepare<[number, string | null], SumRow>(
    `SELECT count(*) AS tasks, coalesce(sum(output_tokens), 0) AS tokens, coalesce(sum(cost_millicents), 0) AS cost
     FROM own_use WHERE at_ms >= ? AND coalesce(backend = ?, 1)`,
  )
  let rules: OwnerRules | null = null
  return {
    rules: (): OwnerRules => {
      const row = rules === null ? selectRules.get() : undefined
      rules ??= row === undefined ? noOwnerRules : (decodeRules(row.rules) ?? unreadableRules)
      return rules
    },
    setRules: (next: OwnerRules): void => {
      upsertRules.run(encodeRules(next))
      rules = next
    },
    addUse: ({ atMs, backend, outputTokens, costMillicents }: OwnUse, keepFromMs: number): OwnUseId => {
      forgetUse.run(keepFromMs)
      return insertUse.run(atMs, outputTokens, costMillicents, backend).lastInsertRowid
    },
    /** What it came to in the end. */
    correctUse: (id: OwnUseId, { outputTokens, costMillicents }: Pick<OwnUse, 'outputTokens' | 'costMillicents'>): void =>
      void updateUse.run(outputTokens, costMillicents, id),
    /** On backends of one kind, or on all. */
    usedSince: (sinceMs: number, backend: BackendKind | null = null): Omit<JobSum, 'earnedMicro'> => {
      const row = selectSums.get(sinceMs, backend)
      return { tasks: Number(row?.tasks ?? 0n), outputTokens: Number(row?.tokens ?? 0n), costMillicents: Number(row?.cost ?? 0n) }
    },
  }
}
