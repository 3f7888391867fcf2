import { id, requestId, atMs, pricing, promise, changed, badId, badRequestId, badPage, type ContractExamples } from './example-parts.ts'

const taskRow = {
  taskId: id('a'),
  state: 'settled',
  classKey: 'practice-small',
  promptStart: 'Summarise this:\n…',
  askedAtMs: atMs,
  maxPriceMicro: 5_000n,
  priceMicro: 3_000n,
  escrowId: id('e'),
  provider: id('b'),
} as const

const offerRow = {
  id: id('1'),
  provider: id('b'),
  classKey: 'practice-small',
  backend: 'practice',
  model: 'practice-1',
  pricing,
  promise,
  concurrent: 2,
  leftToday: null,
  validUntilMs: atMs,
  own: false,
} as const

export const orders: ContractExamples['orders'] = {
  quote: {
    input: { classKey: 'practice-small', promptBytes: 400, maxOutputTokens: 500, maxPriceMicro: 5_000n, firstTokenMs: null },
    output: {
      revision: 9,
      offers: 3,
      fitting: 1,
      excluded: [
        { filter: 'own', offers: 1 },
        { filter: 'too-dear', offers: 1 },
      ],
      best: { expectedMicro: 2_000n, capMicro: 4_000n },
      leastLimitMicro: null,
      reason: '1 of 3 known offers fits: 1 is your own, 1 costs more than your limit.',
    },
    bad: [
      [{ promptBytes: 0 }, '"promptBytes" must be a whole number from 1 to 262144'],
      [{ maxPriceMicro: '0' }, '"maxPriceMicro" must be µRUV'],
      [{ firstTokenMs: -1 }, '"firstTokenMs" must be a whole number'],
    ],
  },
  book: {
    input: { classKey: 'practice-small', limit: 100, offersCursor: null, requestsCursor: null },
    output: {
      revision: 9,
      offers: {
        rows: [offerRow],
        nextCursor: null,
        total: 1,
      },
      requests: {
        rows: [
          {
            id: id('2'),
            client: id('a'),
            classKey: 'practice-small',
            inputBucketBytes: 1_024,
            maxOutputTokens: 500,
            maxPriceMicro: 5_000n,
            mode: 'first',
            validUntilMs: atMs,
            own: true,
          },
        ],
        nextCursor: null,
        total: 1,
      },
    },
    bad: [
      [{ classKey: 'Has Spaces' }, '"classKey" must be a model class'],
      [{ limit: 1.5 }, '"limit" must be a whole number'],
      [{ offersCursor: 7 }, '"offersCursor" must be a page mark'],
    ],
  },
  mine: {
    input: {},
    output: {
      revision: 9,
      taken: { running: 1, promised: 0, slots: 2, leftToday: 40 },
      restsBecause: 'Paused.',
      offers: [
        { offerId: id('1'), state: 'open', classKey: 'practice-small', pricing, promise, concurrent: 2, validUntilMs: atMs },
        { offerId: null, state: 'resting', classKey: 'practice-large', pricing, promise, concurrent: 2, validUntilMs: null },
      ],
      requests: [
        { taskId: id('a'), classKey: 'practice-small', maxPriceMicro: 5_000n, bids: 2, toOne: false, stands: true, untilMs: atMs },
      ],
    },
    bad: [[{ classKey: null }, 'has the unknown field "classKey"']],
  },
  offer: { input: { offerId: id('1') }, output: { revision: 9, offer: offerRow }, bad: [badId('offerId')] },
  publishOffer: {
    input: { requestId, classKey: 'llama3.1:8b', pricing, promise, concurrent: 2, tasksPerDay: null, validForMs: 3_600_000 },
    output: { offerId: id('1') },
    bad: [
      badRequestId,
      [{ pricing: { perTaskMicro: '1' } }, '"pricing.perThousandInputTokensMicro" is missing'],
      [{ concurrent: 65 }, '"concurrent" must be a whole number from 1 to 64'],
      [{ validForMs: 0 }, '"validForMs" must be a whole number'],
    ],
  },
  withdrawOffer: { input: { requestId, offerId: id('1') }, output: {}, bad: [badRequestId, badId('offerId')] },
  changed,
}

export const tasks: ContractExamples['tasks'] = {
  ask: {
    input: {
      requestId,
      prompt: 'Summarise this:\n\t…',
      classKey: 'practice-small',
      maxOutputTokens: 500,
      maxPriceMicro: 5_000n,
      mode: 'best',
      deadlineMs: 60_000,
      standsForMs: 3_600_000,
      copies: 3,
      byHand: true,
    },
    output: { taskId: id('a') },
    bad: [
      badRequestId,
      [{ prompt: '' }, '"prompt" must not be empty'],
      [{ prompt: 'x'.repeat(262_145) }, '"prompt" must have at most 262144 characters'],
      [{ mode: 'cheapest' }, '"mode" must be one of first, best'],
      [{ maxOutputTokens: 0 }, '"maxOutputTokens" must be a whole number from 1 to 65536'],
      [{ maxPriceMicro: null }, '"maxPriceMicro" must be µRUV'],
      [{ placeholders: 'yes' }, '"placeholders" must be true or false'],
      [{ byHand: 1 }, '"byHand" must be true or false'],
      [{ deadlineMs: Number.MAX_VALUE }, '"deadlineMs" must be a whole number'],
    ],
  },
  take: {
    input: {
      requestId,
      offerId: id('1'),
      prompt: 'Summarise this:\n\t…',
      maxOutputTokens: 500,
      maxPriceMicro: 5_000n,
      deadlineMs: 60_000,
    },
    output: { taskId: id('a') },
    bad: [
      badRequestId,
      badId('offerId'),
      [{ prompt: '' }, '"prompt" must not be empty'],
      [{ mode: 'best' }, 'has the unknown field "mode"'],
    ],
  },
  preview: {
    input: { prompt: 'Mail ada@example.org.', placeholders: true },
    output: { reads: 'Mail [EMAIL-1].', findings: [{ kind: 'email', start: 5, end: 20 }], problem: null },
    bad: [
      [{ prompt: '' }, '"prompt" must not be empty'],
      [{ placeholders: 1 }, '"placeholders" must be true or false'],
    ],
  },
  draft: { input: {}, output: { text: null }, bad: [[{ text: '' }, 'has the unknown field "text"']] },
  keepDraft: {
    input: { requestId, text: 'Summarise this:' },
    output: {},
    bad: [badRequestId, [{ text: 'x'.repeat(262_145) }, '"text" must have at most 262144 characters']],
  },
  cancel: { input: { requestId, taskId: id('a') }, output: {}, bad: [badRequestId, badId('taskId')] },
  search: {
    input: { words: 'blue sky', cursor: null, limit: 20 },
    output: {
      rows: [
        {
          task: taskRow,
          snippet: [
            { text: 'blue', isHit: true },
            { text: ' because …', isHit: false },
          ],
        },
      ],
      nextCursor: '3',
      total: 4,
    },
    bad: [
      [{ words: '' }, '"words" must not be empty'],
      [{ words: 'x'.repeat(201) }, '"words" must have at most 200 characters'],
      [{ limit: 1_000 }, '"limit" must be a whole number from 1 to 200'],
    ],
  },
  get: {
    input: { taskId: id('a') },
    output: {
      ...taskRow,
      revision: 5,
      prompt: 'Mail ada@example.org:\n…',
      reads: 'Mail [EMAIL-1]:\n…',
      deadlineMs: atMs,
      mode: 'best',
      maxOutputTokens: 500,
      steps: [{ name: 'requested', atMs, detail: '3 providers asked' }],
      bids: [
        {
          provider: id('b'),
          backend: 'practice',
          model: 'practice-1',
          capMicro: 5_000n,
          expectedMicro: 3_000n,
          round: 0,
          standing: { lowPpm: 500_000, midPpm: 800_000, highPpm: 950_000, trades: 12 },
          ranked: { standingPpm: 500_000, scorePpm: 1_000_000 },
          promise,
          atMs,
          preferred: false,
          outcome: 'won',
        },
      ],
      answer: 'Simulated answer.\n',
      simulated: true,
      receipt: {
        provider: id('b'),
        priceMicro: 3_000n,
        inputTokens: 10,
        outputTokens: 20,
        transcriptHash: id('9'),
        startedAtMs: atMs,
        firstTokenAtMs: atMs,
        finishedAtMs: atMs,
      },
      problem: null,
      hold: null,
      copies: [{ taskId: id('a'), state: 'settled', provider: id('b'), priceMicro: 3_000n, escrowId: id('e'), agreementPpm: 940_000 }],
    },
    bad: [badId('taskId')],
  },
  list: { input: { cursor: 'abc', limit: 1 }, output: { rows: [taskRow], nextCursor: null, total: 1 }, bad: badPage },
  changed: { revision: 6, taskId: id('a') },
  output: { taskId: id('a'), offset: 18, text: 'more\n' },
}
