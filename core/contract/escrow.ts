import { command, event, query } from './definition.ts'
import {
  accountId,
  amountMicro,
  changed,
  classKey,
  count,
  durationMs,
  escrowId,
  flag,
  hash,
  line,
  listUpTo,
  pageOf,
  pageRequest,
  record,
  revision,
  taskId,
  text,
  timeMs,
  whole,
  wordOf,
} from './primitives.ts'
import { certified } from './wallet.ts'

/** As `arbiter.ts` has it; that file imports from files that import this one. */
const maxStatementLength = 4_000
export const maxExits = 10
/** An opening and at most five own steps (settlement.md §0). */
export const maxDecrees = 6
export const maxWitnesses = 100

export const escrowMove = wordOf([
  'release',
  'refund',
  'split',
  'deliver',
  'expire-refund',
  'expire-release',
  'dispute',
  'seat-panel',
  'rule',
  'expire-default',
])

export const payout = record({ providerMicro: amountMicro, clientMicro: amountMicro })

/** A move that this member may make, now or later, without anybody's good will. */
export const exit = record({
  move: escrowMove,
  /** When it opens; null when it is open already. */
  fromMs: timeMs.nullable(),
  /** When it closes; null when it stays. */
  untilMs: timeMs.nullable(),
  /** What it would pay; null when that is not settled by the move alone. */
  pays: payout.nullable(),
})

const rowFields = {
  id: escrowId,
  phase: wordOf(['open', 'delivered', 'disputed', 'panel', 'settled']),
  role: wordOf(['client', 'provider']),
  classKey,
  amountMicro,
  /** Signed by the provider after delivery; null before. */
  priceMicro: amountMicro.nullable(),
  counterparty: accountId,
  taskId: taskId.nullable(),
  openedAtMs: timeMs,
  deliverByMs: timeMs,
  /** Set by a registered delivery. */
  reviewByMs: timeMs.nullable(),
  exits: listUpTo(exit, maxExits),
  /** Set once settled; the two add up to the amount. */
  payout: payout.nullable(),
  settledBy: escrowMove.nullable(),
  /** A split that one side has signed and the other may still sign. */
  splitOffer: record({ by: wordOf(['client', 'provider']), toProviderMicro: amountMicro }).nullable(),
}
export const escrowRow = record(rowFields)

/** What made a step final: enough witnesses signed that they will never sign another. */
export const certificateSummary = record({
  step: count,
  move: wordOf(['open', ...escrowMove.options]),
  /** When it was made where the step says so, otherwise when this node learned of it; null when an older version did. */
  atMs: timeMs.nullable(),
  txHash: hash,
  epoch: count,
  /** 0 = nobody contested it. */
  view: count,
  /** Positions of those who signed, in the committee's order. */
  signers: listUpTo(whole(0, maxWitnesses - 1), maxWitnesses),
  quorum: whole(1, maxWitnesses),
  committeeSize: whole(1, maxWitnesses),
})

export const moveErrors = ['not-found', 'not-yours', 'wrong-phase', 'too-late', 'no-quorum', 'refused'] as const

export const escrow = {
  /** Those that are not settled first, then newest first. */
  list: query({ input: pageRequest, output: record({ revision, page: pageOf(escrowRow) }) }),
  get: query({
    input: { escrowId },
    output: record({
      ...rowFields,
      revision,
      certificates: listUpTo(certificateSummary, maxDecrees),
      /** Who would judge a dispute: `quorum` of `seats` drawn by lot, or, without enough judges, nobody but its default. */
      panel: record({ quorum: whole(1, 9), seats: whole(1, 9), hasJudges: flag }),
      /** How long they have. */
      ruleMs: durationMs,
    }),
    errors: ['not-found'],
  }),
  /** By the client: pays the provider's signed price, or everything when there is none. */
  release: command({ input: { escrowId }, output: certified, errors: moveErrors }),
  /** By the provider: everything goes back to the client. */
  refund: command({ input: { escrowId }, output: certified, errors: moveErrors }),
  proposeSplit: command({
    input: { escrowId, toProviderMicro: amountMicro },
    output: record({}),
    errors: [...moveErrors, 'above-amount', 'counterparty-unreachable'],
  }),
  /** Signs the split exactly as shown; refused when the other side has changed it meanwhile. */
  acceptSplit: command({ input: { escrowId, toProviderMicro: amountMicro }, output: certified, errors: [...moveErrors, 'split-changed'] }),
  /**
   * By the client of a delivered escrow, while its review lasts. The statement is committed to now; it and whatever else is shown
   * reach the arbiters that are drawn, and nobody else.
   */
  dispute: command({
    input: { escrowId, statement: text(maxStatementLength, 1), showTask: flag, showAnswer: flag },
    output: certified,
    errors: moveErrors,
  }),
  /** By the provider of a disputed escrow, as often as it likes until the ruling. */
  respond: command({
    input: { escrowId, statement: text(maxStatementLength), showAnswer: flag },
    output: record({}),
    errors: ['not-found', 'not-yours', 'wrong-phase', 'answer-elsewhere'],
  }),
  getDispute: query({
    input: { escrowId },
    output: record({
      revision,
      openedAtMs: timeMs,
      /** Then it ends by its default: half of the price. */
      ruleByMs: timeMs,
      quorum: whole(1, 9),
      seats: whole(1, 9),
      /** Empty until it is drawn. */
      panel: listUpTo(record({ name: line(64), operator: line(32), accountId }), 9),
      /** What this side has said and shows. */
      statement: text(maxStatementLength),
      showsTask: flag,
      showsAnswer: flag,
      /** Arbiters who can read it by now. */
      readers: whole(0, 9),
    }),
    errors: ['not-found'],
  }),
  changed: event(changed),
} as const
