import type { MarketContract } from '../contract/contract.ts'
import type { Handlers } from '../contract/dispatcher.ts'
import { maxExportLines } from '../contract/audit.ts'
import { toHex } from '../platform/bytes.ts'
import { integer, record } from '../platform/codec.ts'
import { fail, ok } from '../platform/result.ts'
import { runCommand } from '../storage/commands.ts'
import type { Database } from '../storage/database.ts'
import type { ChainedEntry } from './model.ts'
import type { Audit } from './service.ts'

export type AuditHandlersDeps = {
  readonly audit: Audit
  readonly db: Database
  readonly nowMs: () => number
  readonly revision: () => number
}

const nothing = record<Record<string, never>>({})
const deletion = record<{ readonly deleted: number }>({ deleted: integer(0, Number.MAX_SAFE_INTEGER) })
/** Beside its entries a part may hold the first and the last line. */
const entriesAtOnce = maxExportLines - 2

export const auditHandlers = ({ audit, db, nowMs, revision }: AuditHandlersDeps): Handlers<MarketContract>['audit'] => ({
  status: () => ok({ revision: revision(), ...audit.status() }),
  list: ({ cursor, limit }) => {
    const beforeSeq = cursor === null ? Number.MAX_SAFE_INTEGER : Number(cursor)
    if (!Number.isSafeInteger(beforeSeq)) return fail('invalid-input', 'That is no page of this log. Start at the first one.')
    const rows = audit.page(beforeSeq, limit)
    const last = rows.at(-1)?.seq ?? 0
    const isMore = rows.length === limit && audit.page(last, 1).length > 0
    return ok({ rows: rows.map(rowOf), nextCursor: isMore ? String(last) : null, total: audit.status().entries })
  },
  check: () => {
    const checked = audit.check()
    const { entries } = audit.status()
    return ok(checked.ok ? { entries: checked.value, problem: null } : { entries, problem: checked.error.message })
  },
  export: ({ afterSeq }) => ok(audit.lines(afterSeq, entriesAtOnce)),
  keepFor: ({ requestId, days }) =>
    runCommand(db, { requestId, name: 'audit.keepFor', input: { days }, atMs: nowMs(), result: nothing }, () => {
      audit.keepFor(days)
      return ok({})
    }),
  delete: ({ requestId, beforeMs }) =>
    runCommand(db, { requestId, name: 'audit.delete', input: { beforeMs }, atMs: nowMs(), result: deletion }, () =>
      ok({ deleted: audit.deleteBefore(beforeMs) }),
    ),
})

const rowOf = ({ seq, atMs, kind, outcome, rule, member, reference, times }: ChainedEntry) => ({
  seq,
  atMs,
  kind,
  outcome,
  rule,
  member: member === null ? null : toHex(member),
  reference: reference === null ? null : toHex(reference),
  times,
})
