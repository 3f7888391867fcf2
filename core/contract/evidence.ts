import { event, query } from './definition.ts'
import { maxWitnesses } from './escrow.ts'
import { accountId, changed, count, flag, hash, listUpTo, publicKey, record, revision, timeMs, whole, wordOf } from './primitives.ts'

export const maxEvidenceRows = 500

/** A proven contradiction: who signed two statements that exclude each other, and where. */
export const evidenceRow = record({
  id: hash,
  /** `two-orders` is often a restored backup; `two-rulings` is an arbiter's; `two-finals` the whole committee's; the rest a witness's. */
  offence: wordOf([
    'two-notarizations',
    'two-finalizations',
    'skip-and-finalization',
    'two-proposals',
    'two-rulings',
    'two-orders',
    'two-finals',
  ]),
  /** The key that signed both; null for the committee. */
  culprit: publicKey.nullable(),
  /** The account whose owner signed twice. */
  account: accountId.nullable(),
  /** The witness's place in the committee of that epoch. */
  witness: whole(0, maxWitnesses - 1).nullable(),
  objectId: hash,
  epoch: count,
  step: count,
  view: count,
  foundAtMs: timeMs,
})

export const evidence = {
  /** Newest first. `broken`: two contradicting steps were certified, so this node accepts nothing of this federation any more. */
  list: query({ input: {}, output: record({ revision, broken: flag, rows: listUpTo(evidenceRow, maxEvidenceRows) }) }),
  changed: event(changed),
} as const
