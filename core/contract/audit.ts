import { command, event, query } from './definition.ts'
import {
  accountId,
  changed,
  count,
  flag,
  hash,
  line,
  listUpTo,
  pageOf,
  pageRequest,
  record,
  revision,
  timeMs,
  whole,
  wordOf,
} from './primitives.ts'

export const maxAuditWord = 64
export const maxExportLines = 2_002
export const maxExportLineLength = 1_000
export const maxKeepDays = 3_650

/** The log of every decision that this program took for its owner. It holds rules, times and ids; no texts, answers or keys. */
export const audit = {
  status: query({
    input: {},
    output: record({
      revision,
      entries: count,
      /** Of the oldest entry; null while there is none. */
      sinceMs: timeMs.nullable(),
      /** Whether something older was deleted, and when last. The rest can still be checked. */
      wasCut: flag,
      cutAtMs: timeMs,
      /** Older entries are deleted by themselves; null keeps them. */
      keepDays: whole(1, maxKeepDays).nullable(),
    }),
  }),
  /** Newest first. */
  list: query({
    input: pageRequest,
    output: pageOf(
      record({
        seq: count,
        atMs: timeMs,
        kind: wordOf(['policy', 'consent', 'approval', 'cap', 'request', 'switch', 'rules', 'key', 'guard', 'log']),
        outcome: line(maxAuditWord),
        rule: line(maxAuditWord),
        member: accountId.nullable(),
        reference: hash.nullable(),
        times: count,
      }),
    ),
  }),
  /** Follows the chain of hashes from one signed end to the other; `problem` says what is wrong with it. */
  check: query({ input: {}, output: record({ entries: count, problem: line(300).nullable() }) }),
  /** JSON lines in parts: begin with null and go on with `nextSeq` until it is null. `headless audit verify FILE` checks the whole. */
  export: query({
    input: { afterSeq: count.nullable() },
    output: record({ lines: listUpTo(line(maxExportLineLength), maxExportLines), nextSeq: count.nullable() }),
  }),
  keepFor: command({ input: { days: whole(1, maxKeepDays).nullable() }, output: record({}), errors: [] }),
  /** Everything older than this; a signed mark stays from which the rest can still be checked. */
  delete: command({ input: { beforeMs: timeMs }, output: record({ deleted: count }), errors: [] }),
  changed: event(changed),
} as const
