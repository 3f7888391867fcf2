import { command, event, query } from './definition.ts'
import {
  accountId,
  amountMicro,
  changed,
  classKey,
  count,
  cursor,
  durationMs,
  flag,
  hash,
  line,
  listUpTo,
  maxPageSize,
  offerId,
  pageOf,
  positiveAmountMicro,
  record,
  revision,
  taskId,
  timeMs,
  whole,
  wordOf,
} from './primitives.ts'

export const maxModelLength = 100
export const maxOutputTokensLimit = 65_536
export const maxConcurrent = 64

/** How an answer is charged; the escrow's amount is the hard cap. */
export const pricing = record({
  perTaskMicro: amountMicro,
  perThousandInputTokensMicro: amountMicro,
  perThousandOutputTokensMicro: amountMicro,
  minimumMicro: amountMicro,
})

export const backendKind = wordOf(['practice', 'local', 'anthropic', 'claude-cli'])
export const auctionMode = wordOf(['first', 'best'])
/** Promised counted from the task's arrival. */
export const promise = record({ firstTokenMs: durationMs, totalMs: durationMs })

export const offerRow = record({
  id: offerId,
  provider: accountId,
  classKey,
  backend: backendKind,
  model: line(maxModelLength),
  pricing,
  promise,
  concurrent: whole(0, maxConcurrent),
  /** Tasks left today; null when the provider sets no daily cap. */
  leftToday: count.nullable(),
  validUntilMs: timeMs,
  own: flag,
})

export const requestRow = record({
  id: hash,
  client: accountId,
  classKey,
  /** Upper edge of the size class of the task's text; the text itself stays sealed. */
  inputBucketBytes: count,
  maxOutputTokens: whole(1, maxOutputTokensLimit),
  maxPriceMicro: amountMicro,
  mode: auctionMode,
  validUntilMs: timeMs,
  own: flag,
})

/** An offer of mine: up in the book, or kept while provider mode rests and put up again as it was. */
export const ownOffer = record({
  offerId: offerId.nullable(),
  state: wordOf(['open', 'resting']),
  classKey,
  pricing,
  promise,
  concurrent: whole(0, maxConcurrent),
  validUntilMs: timeMs.nullable(),
})
/** A request of mine that waits for bids; it is withdrawn by cancelling its task. */
export const ownRequest = record({
  taskId,
  classKey,
  maxPriceMicro: amountMicro,
  bids: count,
  /** Takes a standing offer: one provider alone is asked. */
  toOne: flag,
  /** Waits for a provider, also one that is not there yet. */
  stands: flag,
  untilMs: timeMs,
})

/** `unwanted`: its provider is one that this member never wants again. */
const offerFilter = wordOf(['own', 'unwanted', 'expired', 'used-up', 'too-large', 'too-slow', 'too-dear'])

export const maxTaskBytes = 262_144

export const orders = {
  /** What a task would cost now and who could serve it; of the offers that could not, what keeps them out. Asks nobody. */
  quote: query({
    input: {
      classKey,
      promptBytes: whole(1, maxTaskBytes),
      maxOutputTokens: whole(1, maxOutputTokensLimit),
      /** Null: any price. */
      maxPriceMicro: positiveAmountMicro.nullable(),
      /** The answer must begin within this; null: whenever. */
      firstTokenMs: durationMs.nullable(),
    },
    output: record({
      revision,
      offers: count,
      fitting: count,
      /** An offer counts for the first filter that keeps it out, in this order. */
      excluded: listUpTo(record({ filter: offerFilter, offers: count }), 7),
      /** Of the cheapest that fits: what it is expected to cost, and the most that can be charged. */
      best: record({ expectedMicro: amountMicro, capMicro: amountMicro }).nullable(),
      /** The lowest price limit at which somebody could serve it; null when the price is not the reason. */
      leastLimitMicro: amountMicro.nullable(),
      /** The same in one sentence, for people. */
      reason: line(300),
    }),
  }),
  /** Offers cheapest first, requests newest first, both as of one revision. */
  book: query({
    input: { classKey: classKey.nullable(), limit: whole(1, maxPageSize), offersCursor: cursor, requestsCursor: cursor },
    output: record({ revision, offers: pageOf(offerRow), requests: pageOf(requestRow) }),
  }),
  mine: query({
    input: {},
    output: record({
      revision,
      /** What is taken of what I offer, over all of my offers; null while provider mode is off. */
      taken: record({ running: count, promised: count, slots: count, leftToday: count }).nullable(),
      /** Why what rests is not up, for people. */
      restsBecause: line(300).nullable(),
      offers: listUpTo(ownOffer, 64),
      requests: listUpTo(ownRequest, 64),
    }),
  }),
  /** One open offer, wherever it stands in the book. */
  offer: query({ input: { offerId }, output: record({ revision, offer: offerRow }), errors: ['not-found'] }),
  publishOffer: command({
    input: {
      /** The backend that serves it; without one the only one that is on. */
      backendId: whole(0, 1_000_000_000).optional(),
      classKey,
      pricing,
      promise,
      concurrent: whole(1, maxConcurrent),
      tasksPerDay: whole(1, 1_000_000).nullable(),
      validForMs: durationMs,
    },
    output: record({ offerId }),
    errors: ['provider-stopped', 'no-backend', 'class-taken', 'policy-refused', 'too-many-offers'],
  }),
  withdrawOffer: command({ input: { offerId }, output: record({}), errors: ['not-found'] }),
  changed: event(changed),
} as const
