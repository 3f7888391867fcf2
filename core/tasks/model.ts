import type { AmountMicro } from '../platform/amount.ts'
import type { AuctionMode } from '../orders/model.ts'
import type { Bytes32, EscrowState } from '../settlement/objects.ts'

/** A requester's task, as its steps show it. What may follow what is `mayFollow`; everything else here is data. */
export type TaskId = Bytes32
export const taskStates = ['waiting-for-bids', 'locking', 'running', 'delivered', 'settled', 'failed', 'refunded', 'cancelled'] as const
export type TaskState = (typeof taskStates)[number]

export type StepName =
  | 'requested'
  | 'bids'
  | 'locked'
  | 'sent'
  | 'received'
  | 'running'
  | 'delivered'
  | 'settled'
  | 'failed'
  | 'refunded'
  | 'cancelled'
export type TaskStep = { readonly name: StepName; readonly atMs: number; readonly detail: string }

export type Task = {
  readonly id: TaskId
  readonly askedAtMs: number
  readonly prompt: string
  readonly salt: Bytes32
  readonly classKey: string
  readonly maxOutputTokens: number
  readonly maxPriceMicro: AmountMicro
  readonly mode: AuctionMode
  /** The one provider that is asked, whose standing offer it takes; null asks everybody. */
  readonly onlyProviderKey: Bytes32 | null
  /** When the answer must be there; of a task that stands, of its last try. */
  readonly deadlineMs: number
  /** Null: it ends when nobody can serve it now. */
  readonly standing: { readonly untilMs: number; readonly workMs: number } | null
  /** One of several copies of a question, the first of which names them all; null: it is asked once. */
  readonly copy: { readonly first: TaskId; readonly number: number; readonly agreementPpm: number | null } | null
  readonly state: TaskState
  /** Why it failed or is not settled, for people. */
  readonly problem: string | null
  readonly revision: number
}

/** Why an answer is not paid by itself, as it is stored: beside these two, a sentence on what is wrong with it. */
export const waitsForCopies = 'The answer is here. It is paid when the other copies are in and agree with it.'
export const waitsForOwner = 'The answer is here. You wanted to see it before it is paid: release or dispute it on its escrow.'
export const holdOf = (reason: string | null): 'copies' | 'owner' | 'problem' | null => {
  if (reason === null) return null
  return reason === waitsForCopies ? 'copies' : reason === waitsForOwner ? 'owner' : 'problem'
}

export type BidOutcome = 'waiting' | 'won' | 'lost' | 'unacceptable' | 'vanished'

/** Locks after which a task that keeps failing is given up: each holds money until its provider or its deadline gives it back. */
export const maxAttempts = 5
/** How long one auction waits for a bid before it says that nobody can serve the request. */
export const auctionLifeMs = 15_000

const followers: Readonly<Record<TaskState, readonly TaskState[]>> = {
  'waiting-for-bids': ['locking', 'failed', 'cancelled'],
  locking: ['running', 'waiting-for-bids', 'settled', 'failed', 'cancelled'],
  running: ['delivered', 'settled', 'waiting-for-bids', 'failed', 'cancelled'],
  delivered: ['settled', 'refunded'],
  // The task failed, and later all of its money came back.
  failed: ['refunded'],
  settled: [],
  refunded: [],
  // What was locked by then came back, or the provider had delivered before it heard of it.
  cancelled: ['refunded', 'settled'],
}
export const mayFollow = (from: TaskState, to: TaskState): boolean => from === to || followers[from].includes(to)
export const isOver = (state: TaskState): boolean =>
  state === 'settled' || state === 'failed' || state === 'refunded' || state === 'cancelled'

/** What a settled escrow paid for a task, as the client sees it. */
export const pricePaid = (escrow: EscrowState): AmountMicro | null => escrow.payout?.providerMicro ?? null
