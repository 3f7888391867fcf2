import { command, event, query } from './definition.ts'
import {
  accountId,
  amountMicro,
  changed,
  count,
  cursor,
  escrowId,
  hash,
  line,
  pageOf,
  pageRequest,
  positiveAmountMicro,
  record,
  revision,
  signedAmountMicro,
  timeMs,
  wordOf,
} from './primitives.ts'
import { filePart } from './proofs.ts'

export const maxMemoLength = 140

/** Reasons for which an order on one's own account may be refused. */
export const spendErrors = ['insufficient-funds', 'no-quorum', 'locked', 'refused'] as const

export const historyRow = record({
  /** Null when neither this node nor enough of its witnesses know any more. */
  atMs: timeMs.nullable(),
  kind: wordOf(['genesis', 'transfer', 'invite', 'escrow-locked', 'escrow-paid', 'escrow-returned', 'other']),
  amountMicro: signedAmountMicro,
  counterparty: accountId.nullable(),
  escrowId: escrowId.nullable(),
  /** The decree's, once there is one; for a waiting credit that of its source. */
  txHash: hash,
  /** `pending` until the witnesses have certified it. */
  state: wordOf(['pending', 'final']),
  memo: line(maxMemoLength),
})

/** A final decree of the own account. */
export const certified = record({ txHash: hash, step: count })

export const wallet = {
  summary: query({
    input: {},
    output: record({
      revision,
      accountId,
      availableMicro: amountMicro,
      /** In escrows this account opened and that have not ended. */
      lockedMicro: amountMicro,
      /** Pay for work that is streamed or delivered and not settled yet. Final credits not yet claimed count as available. */
      onTheWayMicro: amountMicro,
      /** Orders of this account that the witnesses have decided. */
      steps: count,
    }),
  }),
  /** Newest first. */
  history: query({ input: pageRequest, output: pageOf(historyRow) }),
  /** Everything final, newest first, as comma-separated values; the pages one after the other are the file. */
  exportCsv: query({ input: { cursor }, output: filePart }),
  transfer: command({
    input: { to: accountId, amountMicro: positiveAmountMicro, memo: line(maxMemoLength) },
    output: certified,
    errors: [...spendErrors, 'gift-limit', 'to-oneself'],
  }),
  changed: event(changed),
} as const
