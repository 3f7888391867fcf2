import { command, event, query } from './definition.ts'
import { maxOutputTokensLimit } from './orders.ts'
import {
  accountId,
  changed,
  classKey,
  count,
  hash,
  line,
  listUpTo,
  positiveAmountMicro,
  record,
  revision,
  text,
  timeMs,
  whole,
  wordOf,
} from './primitives.ts'
import { maxReasonLength } from './provider.ts'
import { interval } from './reputation.ts'
import { maxPromptLength } from './tasks.ts'

export const maxApprovals = 64
export const maxFindings = 20
/** A click that was meant for something else lands within this. */
export const armingDelayMs = 700

export const approvals = {
  /** Tasks that wait for their provider's word, oldest first. */
  list: query({
    input: {},
    output: record({
      revision,
      rows: listUpTo(
        record({
          /** The escrow that pays for it. */
          id: hash,
          requester: accountId,
          /** What certified trades say about it as a client. */
          standing: record({ ...interval, trades: count }),
          /** Settled trades with this requester so far. */
          tradesBefore: count,
          /** Tasks of this requester that ran here and were not paid; what was refused is not among them. */
          failedBefore: count,
          classKey,
          /** The whole text; a stranger's, so shown as text only. */
          prompt: text(maxPromptLength),
          /** What the scanners noticed, for people. */
          findings: listUpTo(line(maxReasonLength), maxFindings),
          maxOutputTokens: whole(1, maxOutputTokensLimit),
          /** What it can earn at most. */
          capMicro: positiveAmountMicro,
          /** What the backend can bill for it at most, rounded up. */
          worstCostCents: count,
          receivedAtMs: timeMs,
          /** Before this nothing can be approved, so that no click lands by accident; `refuseAtMs` while the scanners still read. */
          armedAtMs: timeMs,
          /** Then silence counts as a refusal. */
          refuseAtMs: timeMs,
        }),
        maxApprovals,
      ),
    }),
  }),
  decide: command({
    input: { id: hash, decision: wordOf(['run-once', 'refuse', 'refuse-and-block']) },
    output: record({}),
    errors: ['too-late', 'too-early', 'held'],
  }),
  changed: event(changed),
} as const
