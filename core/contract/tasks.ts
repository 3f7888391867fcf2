import { command, event, query } from './definition.ts'
import { auctionMode, backendKind, maxModelLength, maxOutputTokensLimit, promise } from './orders.ts'
import {
  accountId,
  amountMicro,
  classKey,
  count,
  durationMs,
  escrowId,
  flag,
  hash,
  line,
  listUpTo,
  offerId,
  pageOf,
  pageRequest,
  positiveAmountMicro,
  record,
  revision,
  taskId,
  text,
  timeMs,
  whole,
  wordOf,
} from './primitives.ts'
import { interval } from './reputation.ts'
import { spendErrors } from './wallet.ts'

export const maxPromptLength = 262_144
/** About 16 characters a token of the longest answer. */
export const maxAnswerLength = 1_048_576
/** With what its requester hid filled back in, which may make it longer. */
export const maxFilledAnswerLength = 2 * maxAnswerLength
export const maxPreviewFindings = 1_000
export const maxOutputEventLength = 16_384
export const promptStartLength = 160
export const maxDetailLength = 300
export const maxSteps = 100
export const maxBids = 100

export const findingKind = wordOf([
  'known-secret',
  'anthropic-key',
  'private-key',
  'recovery-phrase',
  'access-token',
  'credential',
  'email',
  'phone',
  'iban',
  'card',
  'passport',
  'identity-number',
  'birth-date',
])
/** Whether what is found in the prompt is replaced before it leaves, and put back into the answer; otherwise secrets stop it. */
const placeholders = flag.optional()

export const taskState = wordOf(['waiting-for-bids', 'locking', 'running', 'delivered', 'settled', 'failed', 'refunded', 'cancelled'])

export const taskStep = record({
  name: wordOf(['requested', 'bids', 'locked', 'sent', 'received', 'running', 'delivered', 'settled', 'failed', 'refunded', 'cancelled']),
  atMs: timeMs,
  /** What happened, for people; may quote a peer, so show it as text. */
  detail: line(maxDetailLength),
})

export const bidRow = record({
  provider: accountId,
  backend: backendKind,
  model: line(maxModelLength),
  /** The most it can cost, and what it would with an answer half as long as it may be. */
  capMicro: amountMicro,
  expectedMicro: amountMicro,
  /** Of the provider, as this node sees it now. */
  standing: record({ ...interval, trades: count }),
  /**
   * What the auction went by; null where it is not known. `standingPpm`: the lower bound at that time. `scorePpm`: that squared, over the
   * expected price, less for a slow promise; relative to the best of this task's bids.
   */
  ranked: record({ standingPpm: whole(0, 1_000_000), scorePpm: whole(0, 1_000_000) }).nullable(),
  promise,
  atMs: timeMs,
  /** Which of the task's auctions it was made in: there is another one after a provider has failed. */
  round: whole(0, maxBids),
  /** Its provider was one that this member wants again: it went before bids that cost the same. */
  preferred: flag,
  /** `unacceptable`: its provider is one that this member never wants again. */
  outcome: wordOf(['waiting', 'won', 'lost', 'unacceptable', 'vanished']),
})

export const usageReceipt = record({
  provider: accountId,
  priceMicro: amountMicro,
  inputTokens: count,
  outputTokens: count,
  transcriptHash: hash,
  startedAtMs: timeMs,
  firstTokenAtMs: timeMs,
  finishedAtMs: timeMs,
})

export const maxCopies = 5

const summaryFields = {
  taskId,
  state: taskState,
  classKey,
  promptStart: text(promptStartLength),
  askedAtMs: timeMs,
  maxPriceMicro: amountMicro,
  /** What was paid, once settled. */
  priceMicro: amountMicro.nullable(),
  /** The escrow that pays for it now; a task that fails over has another one later. */
  escrowId: escrowId.nullable(),
  provider: accountId.nullable(),
}
export const taskRow = record(summaryFields)

/** One of several copies of a question. */
export const taskCopy = record({
  taskId,
  state: taskState,
  provider: accountId.nullable(),
  priceMicro: amountMicro.nullable(),
  escrowId: escrowId.nullable(),
  /** How far its answer agrees with the others; null until all are in, or without another. */
  agreementPpm: whole(0, 1_000_000).nullable(),
})

export const taskDetail = record({
  ...summaryFields,
  revision,
  /** As it was written. */
  prompt: text(maxPromptLength),
  /** What its provider reads, where that is not the same: with placeholders for what was hidden. */
  reads: text(maxPromptLength).nullable(),
  deadlineMs: timeMs,
  mode: auctionMode,
  maxOutputTokens: whole(1, maxOutputTokensLimit),
  steps: listUpTo(taskStep, maxSteps),
  bids: listUpTo(bidRow, maxBids),
  /** So far; output events go on at `answer.length`. */
  answer: text(maxFilledAnswerLength),
  /** The answer comes from the practice backend and means nothing. */
  simulated: flag,
  receipt: usageReceipt.nullable(),
  /** Why it failed, was refunded or is not paid by itself, for people. */
  problem: line(maxDetailLength).nullable(),
  /**
   * Whom its answer waits for once it is here, instead of being paid by itself: the other copies, its owner who chose so when it was
   * asked, or its owner because of its `problem`. Null: it is paid by itself, or nothing is left to pay.
   */
  hold: wordOf(['copies', 'owner', 'problem']).nullable(),
  /** All copies of the question, this one among them; none when it was asked once. */
  copies: listUpTo(taskCopy, maxCopies),
})

export const maxSearchLength = 200
export const maxSnippetLength = 400
export const maxSnippetParts = 64

export const foundTask = record({
  task: taskRow,
  /** Around the first words that were found, of the question or of the answer. */
  snippet: listUpTo(record({ text: line(maxSnippetLength, 1), isHit: flag }), maxSnippetParts),
})

/**
 * Waits this long for somebody who can serve it, also while this program is closed; nothing is locked meanwhile. Without it a task
 * that nobody can serve now ends at once.
 */
const standsForMs = durationMs.optional()
/** The answer waits for its owner, who pays or disputes its escrow; otherwise it is paid as soon as it is in order. */
const byHand = flag.optional()
const askErrors = [...spendErrors, 'not-acknowledged', 'secret-found', 'deadline-out-of-range', 'too-many-tasks'] as const

export const tasks = {
  ask: command({
    input: {
      prompt: text(maxPromptLength, 1),
      placeholders,
      classKey,
      maxOutputTokens: whole(1, maxOutputTokensLimit),
      maxPriceMicro: positiveAmountMicro,
      mode: auctionMode,
      /** From now until the answer must be there. */
      deadlineMs: durationMs,
      standsForMs,
      byHand,
      /**
       * So many different providers answer it, each for an escrow of its own at most at the price limit. What agrees is paid when all are
       * in; what differs waits for its owner. The task id is that of the first copy.
       */
      copies: whole(1, maxCopies).optional(),
    },
    output: record({ taskId }),
    errors: askErrors,
  }),
  /** Asks the provider of one standing offer and nobody else, at the offer's price; refused when the offer is gone or does not fit. */
  take: command({
    input: {
      offerId,
      prompt: text(maxPromptLength, 1),
      placeholders,
      maxOutputTokens: whole(1, maxOutputTokensLimit),
      maxPriceMicro: positiveAmountMicro,
      deadlineMs: durationMs,
      standsForMs,
      byHand,
    },
    output: record({ taskId }),
    errors: [...askErrors, 'offer-gone', 'offer-does-not-fit'],
  }),
  cancel: command({ input: { taskId }, output: record({}), errors: ['not-found', 'too-late'] }),
  /** What a provider would read of this, and what was found in it: the same words that `ask` seals. */
  preview: query({
    input: { prompt: text(maxPromptLength, 1), placeholders: flag },
    output: record({
      reads: text(maxPromptLength),
      findings: listUpTo(record({ kind: findingKind, start: count, end: count }), maxPreviewFindings),
      /** Why `ask` would refuse it. */
      problem: line(maxDetailLength).nullable(),
    }),
  }),
  /** What was typed and not asked yet; null when there is nothing. */
  draft: query({ input: {}, output: record({ text: text(maxPromptLength, 1).nullable() }) }),
  /** Keeps it, in place of the one before; an empty text keeps nothing. One with a secret in it is not written down. */
  keepDraft: command({ input: { text: text(maxPromptLength) }, output: record({}), errors: ['secret-found'] }),
  get: query({ input: { taskId }, output: taskDetail, errors: ['not-found'] }),
  /** Newest first. */
  list: query({ input: pageRequest, output: pageOf(taskRow) }),
  /** What holds all of these words, or words that begin like them, in its question or its answer; newest first. */
  search: query({ input: { words: text(maxSearchLength, 1), ...pageRequest }, output: pageOf(foundTask) }),
  changed: event(record({ revision, taskId })),
  /** `text` belongs at `offset` (UTF-16 units) of the answer; a hole means that an event was lost: get the task again. */
  output: event(record({ taskId, offset: count, text: text(maxOutputEventLength, 1) })),
} as const
