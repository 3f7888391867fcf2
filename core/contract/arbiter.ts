import { command, event, query } from './definition.ts'
import {
  accountId,
  amountMicro,
  changed,
  classKey,
  escrowId,
  flag,
  hash,
  listUpTo,
  record,
  revision,
  text,
  timeMs,
  whole,
  wordOf,
} from './primitives.ts'
import { usageReceipt } from './tasks.ts'

export const maxStatementLength = 4_000
export const maxShownLength = 262_144
export const maxCases = 200
export const rulingOutcome = wordOf(['release', 'refund', 'half'])

const caseFields = {
  escrowId,
  phase: wordOf(['panel', 'settled']),
  classKey,
  amountMicro,
  /** What the provider asked for; a ruling gives it all of this, half of it, or nothing. */
  priceMicro: amountMicro,
  client: accountId,
  provider: accountId,
  disputedAtMs: timeMs,
  /** Then the dispute ends in the middle by itself. */
  ruleByMs: timeMs,
  /** So many of the seated must rule alike. */
  quorum: whole(1, 9),
  seats: whole(1, 9),
  ownRuling: rulingOutcome.nullable(),
  paidToProviderMicro: amountMicro.nullable(),
}
export const caseRow = record(caseFields)

/** What one party has shown; null and absent where it kept something to itself. Texts of strangers: shown as text only. */
export const exhibit = record({
  role: wordOf(['client', 'provider']),
  madeAtMs: timeMs,
  statement: text(maxStatementLength),
  /** The client's statement is the one it committed to when it opened the dispute. */
  reasonAsGiven: flag.nullable(),
  prompt: text(maxShownLength).nullable(),
  /** The prompt is the task that both sides signed for. */
  promptAsAsked: flag.nullable(),
  answer: text(maxShownLength).nullable(),
  /** The encrypted answer that was shown is the one that the provider registered. */
  answerAsDelivered: flag.nullable(),
  receipt: usageReceipt.nullable(),
})

export const arbiter = {
  /** Cases that wait for a ruling first. `onRoster`: this member may be drawn at all. */
  list: query({ input: {}, output: record({ revision, onRoster: flag, rows: listUpTo(caseRow, maxCases) }) }),
  get: query({
    input: { escrowId },
    output: record({
      ...caseFields,
      revision,
      taskCommit: hash,
      resultHash: hash,
      exhibits: listUpTo(exhibit, 2),
    }),
    errors: ['not-found'],
  }),
  /** Signed once: a second outcome for the same dispute would be proof against this arbiter. */
  rule: command({
    input: { escrowId, outcome: rulingOutcome },
    output: record({}),
    errors: ['not-found', 'wrong-phase', 'already-ruled', 'no-quorum'],
  }),
  changed: event(changed),
} as const
