import { taggedHash, verifySignature, type Signer } from '../identity/signing.ts'
import { equalBytes } from '../platform/bytes.ts'
import { bytesOf, encodeBytes, integer, nullable, record, textUpTo, timeMs, wordOf } from '../platform/codec.ts'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'
import type { AccountId, Bytes32, Signature } from '../settlement/objects.ts'

/**
 * What this program decided for its owner. `request`: whether others' work is bid on and run; `switch`: provider mode itself; `guard`:
 * what was stopped on its way out; `log`: the log's own entries.
 */
export const auditKinds = ['policy', 'consent', 'approval', 'cap', 'request', 'switch', 'rules', 'key', 'guard', 'log'] as const
export type AuditKind = (typeof auditKinds)[number]

/** Words and hashes only: no field can hold a prompt, an answer or a key. */
export type AuditDecision = {
  readonly kind: AuditKind
  /** What came of it, such as `refuse`. */
  readonly outcome: string
  /** By which rule, such as `anthropic-api/community` or `tasks-a-day`. */
  readonly rule: string
  /** Whom it concerned; null where nobody else did. */
  readonly member: AccountId | null
  /** The escrow, consent or document it was about. */
  readonly reference: Bytes32 | null
}
export type AuditEntry = AuditDecision & {
  readonly seq: number
  /** By the clock of this computer, which may have been set back; the order is that of `seq`. */
  readonly atMs: number
  /** How often within a minute, where the same was decided again and again. */
  readonly times: number
}

/** Where the log begins or ends: the hash of the entry before its first, or of its last. Signed, so that neither end can be cut off unseen by whoever has no older end to put back. */
export type AuditMark = { readonly place: 'start' | 'end'; readonly seq: number; readonly hash: Bytes32; readonly atMs: number }
export type SignedMark = AuditMark & { readonly signature: Signature }

export const maxWordLength = 64
/** A word of an entry. */
export const wordPattern = /^[a-z0-9][a-z0-9/-]{0,63}$/
const word = textUpTo(maxWordLength)
const seq = integer(0, Number.MAX_SAFE_INTEGER)
const hashedCodec = record<AuditEntry & { readonly previous: Bytes32 }>({
  previous: bytesOf(32),
  seq,
  atMs: timeMs,
  kind: wordOf(auditKinds),
  outcome: word,
  rule: word,
  member: nullable(bytesOf(32)),
  reference: nullable(bytesOf(32)),
  times: integer(1, 1_000_000_000),
})
const markCodec = record<AuditMark>({ place: wordOf(['start', 'end'] as const), seq, hash: bytesOf(32), atMs: timeMs })

/** Before the first entry of a log that was never cut. */
export const noHash: Bytes32 = new Uint8Array(32)

/** SHA-256("RUV1/AUDIT-ENTRY" ‖ 0x00 ‖ federation ‖ CBOR of the hash before it and of its own fields in order). */
export const hashOfEntry = (federationId: Bytes32, previous: Bytes32, entry: AuditEntry): Bytes32 =>
  taggedHash('RUV1/AUDIT-ENTRY', federationId, encodeBytes(hashedCodec, { ...entry, previous }))
export const isMadeOfWords = ({ outcome, rule }: Pick<AuditEntry, 'outcome' | 'rule'>): boolean =>
  wordPattern.test(outcome) && wordPattern.test(rule)
export const signMark = (signer: Signer, federationId: Bytes32, mark: AuditMark): SignedMark => ({
  ...mark,
  signature: signer.sign('RUV1/AUDIT', federationId, encodeBytes(markCodec, mark)),
})

export type ChainedEntry = AuditEntry & { readonly hash: Bytes32 }
export type AuditKeys = { readonly federationId: Bytes32; readonly publicKey: Bytes32 }
type Broken = Failure<'broken'>
const broken = (sentence: string): Result<never, Broken> => fail('broken', sentence)

const isSigned = ({ federationId, publicKey }: AuditKeys, { signature, ...mark }: SignedMark): boolean =>
  verifySignature('RUV1/AUDIT', federationId, encodeBytes(markCodec, mark), signature, publicKey)

/** Follows a log entry by entry from its signed start to its signed end. */
export const createAuditVerifier = (keys: AuditKeys, start: SignedMark) => {
  let last = { seq: start.seq, hash: start.hash }
  let problem: string | null = isSigned(keys, start) && start.place === 'start' ? null : 'The signature of the beginning is wrong.'
  let count = 0
  return {
    take: (entry: ChainedEntry): void => {
      if (problem !== null) return
      if (entry.seq !== last.seq + 1) problem = `Entry ${entry.seq} does not follow entry ${last.seq}: something was taken out or put in.`
      else if (!equalBytes(hashOfEntry(keys.federationId, last.hash, entry), entry.hash)) problem = `Entry ${entry.seq} was changed.`
      last = { seq: entry.seq, hash: entry.hash }
      count++
    },
    /** How many entries there are, all of them as they were written. */
    finish: (end: SignedMark): Result<number, Broken> => {
      if (problem !== null) return broken(problem)
      if (!isSigned(keys, end) || end.place !== 'end') return broken('The signature of the end is wrong.')
      if (end.seq !== last.seq || !equalBytes(end.hash, last.hash))
        return broken(`The log ends at entry ${last.seq} instead of ${end.seq}.`)
      return ok(count)
    },
  }
}
export type AuditVerifier = ReturnType<typeof createAuditVerifier>
