import { command, event, query } from './definition.ts'
import {
  accountId,
  amountMicro,
  changed,
  classKey,
  count,
  escrowId,
  hash,
  listUpTo,
  pageOf,
  pageRequest,
  record,
  revision,
  taskId,
  timeMs,
  whole,
  wordOf,
} from './primitives.ts'
import { certified } from './wallet.ts'

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
    output: record({ ...rowFields, revision, certificates: listUpTo(certificateSummary, maxDecrees) }),
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
  changed: event(changed),
} as const
