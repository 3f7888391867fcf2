import type { Signer } from '../identity/signing.ts'
import { assert } from '../platform/assert.ts'
import { toHex } from '../platform/bytes.ts'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import type { Result, Failure } from '../platform/result.ts'
import type { Bytes32 } from '../settlement/objects.ts'
import type { Database } from '../storage/database.ts'
import { entryLine, firstLine, lastLine } from './export.ts'
import {
  createAuditVerifier,
  hashOfEntry,
  isMadeOfWords,
  noHash,
  signMark,
  type AuditDecision,
  type AuditKind,
  type AuditMark,
  type ChainedEntry,
  type SignedMark,
} from './model.ts'
import { createAuditStore } from './store.ts'

export type AuditDeps = {
  readonly db: Database
  readonly signer: Signer
  readonly federationId: Bytes32
  readonly clock: Clock
  readonly log: Log
  readonly changed: () => void
}
type Noted = Pick<AuditDecision, 'kind' | 'outcome' | 'rule'> & Partial<AuditDecision>

export type Audit = ReturnType<typeof createAudit>

/** A year: long enough to answer for what was served under a consent of 90 days. */
export const keptDaysByDefault = 365
/** About 20 MB; beyond it the oldest tenth goes. */
const maxAuditEntries = 100_000
/** So many different decisions a minute are told apart; a flood of others is counted without its senders. */
const maxToldApart = 200
const tallyMs = 60_000
const dayMs = 24 * 3_600_000
const cutEveryMs = 3_600_000
/** Time goes on as it should when an entry of these days is a day old. */
const recentMs = 30 * dayMs
const readAtOnce = 1_000

/** The log of every decision: append-only, each entry hashed with the one before it, both ends signed by this account. */
export const createAudit = (deps: AuditDeps, maxEntries = maxAuditEntries) => {
  const { db, signer, federationId, clock, log } = deps
  const keys = { federationId, publicKey: signer.publicKey }
  const store = createAuditStore(db)
  const tallies = new Map<string, { readonly noted: Noted; more: number }>()
  let cancelTally: (() => void) | null = null
  let nextCutMs = 0

  const setMark = (mark: AuditMark): void => store.setMark(signMark(signer, federationId, mark))
  const markOf = (place: AuditMark['place']): SignedMark => {
    const mark = store.mark(place)
    assert(mark !== null, 'a log has two ends')
    return mark
  }
  const start = (): SignedMark => markOf('start')
  const end = (): SignedMark => markOf('end')
  /** Of a log whose end somebody took away the break stays visible: its new end is one entry after what is there. */
  const begin = (): void => {
    const atMs = clock.nowMs()
    const isNew = store.mark('start') === null && store.newest() === null
    if (store.mark('start') === null) setMark({ place: 'start', seq: 0, hash: noHash, atMs })
    if (store.mark('end') === null) setMark({ place: 'end', seq: isNew ? 0 : (store.newest() ?? start()).seq + 1, hash: noHash, atMs })
  }
  db.atomically(begin)

  const append = ({ member = null, reference = null, ...noted }: Noted, times: number): void => {
    assert(isMadeOfWords(noted), 'an audit entry is made of words')
    const last = end()
    const entry = { ...noted, member, reference, times, seq: last.seq + 1, atMs: clock.nowMs() }
    const hash = hashOfEntry(federationId, last.hash, entry)
    store.add({ ...entry, hash })
    setMark({ place: 'end', seq: entry.seq, hash, atMs: entry.atMs })
  }
  /** A decision stands whether or not it can be written down: stopping must work on a full disk. Part of a command, it shares its fate. */
  const write = (work: () => void): void => {
    if (db.inTransaction()) db.atomically(work)
    else
      try {
        db.transaction(work)
      } catch (error) {
        log.write('error', 'decision not logged', { reason: String(error) })
        return
      }
    deps.changed()
  }
  const note = (noted: Noted): void =>
    write(() => {
      append(noted, 1)
      if (clock.nowMs() >= nextCutMs) cutOld()
    })

  /** The newest entry to go, or any before it, replaced by a signed mark from which the rest can still be followed. */
  const cutUpTo = (seq: number, rule: 'by-owner' | 'retention' | 'size'): number => {
    const last = store.get(seq)
    if (last === null) return 0
    const removed = store.removeUpTo(seq)
    setMark({ place: 'start', seq, hash: last.hash, atMs: clock.nowMs() })
    append({ kind: 'log', outcome: 'deleted', rule }, removed)
    return removed
  }
  /** A clock that was set back leaves younger entries before older ones: nothing goes with what is not old enough. */
  const cutBefore = (beforeMs: number, rule: 'by-owner' | 'retention'): number =>
    cutUpTo((store.firstSince(beforeMs) ?? end().seq + 1) - 1, rule)
  const keepDays = (): number | null => {
    const chosen = store.keepDays()
    return chosen === undefined ? keptDaysByDefault : chosen
  }
  /** A clock that jumps ahead and back must not take a year of decisions along. */
  const isTimeKnown = (): boolean => {
    const recent = store.get(store.firstSince(clock.nowMs() - recentMs) ?? 0)
    return recent !== null && recent.atMs <= clock.nowMs() - dayMs
  }
  const cutOld = (): void => {
    nextCutMs = clock.nowMs() + cutEveryMs
    const days = keepDays()
    if (days !== null && isTimeKnown()) cutBefore(clock.nowMs() - days * dayMs, 'retention')
    if (store.count() > maxEntries) cutUpTo(start().seq + maxEntries / 10, 'size')
  }

  const flush = (): void => {
    cancelTally?.()
    cancelTally = null
    const repeated = [...tallies.values()].filter(({ more }) => more > 0)
    tallies.clear()
    if (repeated.length === 0) return
    write(() => {
      for (const { noted, more } of repeated) append(noted, more)
    })
  }

  return {
    /** Writes one decision down. */
    note,
    /** For what others can cause as often as they like: the first is written at once, the same again within a minute as one entry. */
    tally: (noted: Noted): void => {
      const keyOf = ({ kind, outcome, rule, member = null }: Noted) => [kind, outcome, rule, member === null ? '' : toHex(member)].join(' ')
      const isFlood = tallies.size >= maxToldApart && !tallies.has(keyOf(noted))
      const counted = isFlood ? { kind: noted.kind, outcome: noted.outcome, rule: noted.rule } : noted
      const same = tallies.get(keyOf(counted))
      if (same !== undefined) return void same.more++
      tallies.set(keyOf(counted), { noted: { ...counted, reference: null }, more: 0 })
      cancelTally ??= clock.after(tallyMs, flush)
      note(counted)
    },
    flush,
    /** What ever came to this outcome, as far back as the log reaches. */
    referencesOf: (kind: AuditKind, outcome: string): readonly Bytes32[] => store.references(kind, outcome),
    /** Newest first. */
    page: (beforeSeq: number, limit: number): readonly ChainedEntry[] => store.before(beforeSeq, limit),
    status: () => {
      const first = store.after(start().seq, 1)[0]
      return { entries: store.count(), sinceMs: first?.atMs ?? null, wasCut: start().seq > 0, cutAtMs: start().atMs, keepDays: keepDays() }
    },
    keepFor: (days: number | null): void =>
      db.atomically(() => {
        store.setKeepDays(days)
        append({ kind: 'log', outcome: 'retention', rule: days === null ? 'for-ever' : `${days}-days` }, 1)
        cutOld()
      }),
    deleteBefore: (beforeMs: number): number => db.atomically(() => cutBefore(beforeMs, 'by-owner')),
    /** Lines of the export after entry `afterSeq`; null begins it. `nextSeq` null: that was the last. */
    lines: (afterSeq: number | null, limit: number): { readonly lines: readonly string[]; readonly nextSeq: number | null } => {
      const from = afterSeq ?? start().seq
      const entries = store.after(from, limit)
      const lines = [...(afterSeq === null ? [firstLine(keys, start())] : []), ...entries.map(entryLine)]
      const lastSeq = entries.at(-1)?.seq ?? from
      const isDone = lastSeq >= end().seq || entries.length === 0
      return { lines: isDone ? [...lines, lastLine(end())] : lines, nextSeq: isDone ? null : lastSeq }
    },
    /** Follows the whole chain: how many entries it has, or what is wrong with it. */
    check: (): Result<number, Failure<'broken'>> => {
      const verifier = createAuditVerifier(keys, start())
      for (let seq = start().seq, more = true; more;) {
        const entries = store.after(seq, readAtOnce)
        entries.forEach(verifier.take)
        seq = entries.at(-1)?.seq ?? seq
        more = entries.length === readAtOnce
      }
      return verifier.finish(end())
    },
  }
}

/** For what is wired without a log. */
export const silentAudit: Pick<Audit, 'note' | 'tally'> = { note: () => undefined, tally: () => undefined }
