import { atMs, badPage, changed, id, pricing, type ContractExamples } from './example-parts.ts'

const estimate = {
  priceMicro: 120_000n,
  lowMicro: 110_000n,
  highMicro: 130_000n,
  effectiveTradesMilli: 18_400,
  imbalancePpm: -125_000,
  basis: 'own',
} as const
const badClass = [{ classKey: 'Claude Large' }, '"classKey" must be a model class'] as const
const classKey = 'practice-small'

export const prices: ContractExamples['prices'] = {
  classes: {
    input: {},
    output: {
      revision: 5,
      rows: [
        { classKey, estimate, dayAgoMicro: 125_000n, trades: 12, volumeMicro: 1_400_000n, lastAtMs: atMs },
        { classKey: 'llama3.1:8b', estimate: null, dayAgoMicro: null, trades: 0, volumeMicro: 0n, lastAtMs: null },
      ],
    },
    bad: [[{ of: 1 }, 'has the unknown field "of"']],
  },
  depth: {
    input: { classKey },
    output: {
      revision: 5,
      estimate,
      asks: [{ priceMicro: 121_000n, orders: 2 }],
      bids: [{ priceMicro: 119_000n, orders: 1 }],
      spreadMicro: 2_000n,
    },
    bad: [badClass],
  },
  candles: {
    input: { classKey, span: 'hour', untilMs: null, limit: 100 },
    output: {
      revision: 5,
      rows: [
        {
          fromMs: atMs,
          openMicro: 118_000n,
          highMicro: 131_000n,
          lowMicro: 117_000n,
          closeMicro: 120_000n,
          volumeMicro: 340_000n,
          trades: 3,
        },
      ],
    },
    bad: [
      badClass,
      [{ span: 'week' }, '"span" must be one of ten-minutes, hour, day'],
      [{ limit: 301 }, '"limit" must be a whole number from 1 to 300'],
    ],
  },
  trades: {
    input: { classKey, limit: 50, cursor: null },
    output: {
      revision: 5,
      page: {
        rows: [{ escrowId: id('e'), atMs, client: id('a'), provider: id('b'), priceMicro: 120_000n, paidMicro: 95_000n }],
        nextCursor: null,
        total: 1,
      },
    },
    bad: [badClass, ...badPage],
  },
  suggestOffer: {
    input: { classKey, attempt: 0 },
    output: {
      suggestion: { lowMicro: 110_000n, midMicro: 120_000n, highMicro: 130_000n, reasons: ['from-trades', 'falling'] },
      pricing,
    },
    bad: [badClass, [{ attempt: 21 }, '"attempt" must be a whole number from 0 to 20']],
  },
  suggestRequest: {
    input: { classKey, inputBytes: 3_000, maxOutputTokens: 500, attempt: 2 },
    output: { suggestion: { lowMicro: 60_000n, midMicro: 66_000n, highMicro: 72_000n, reasons: ['from-trades', 'gives-way'] } },
    bad: [badClass, [{ maxOutputTokens: 0 }, '"maxOutputTokens" must be a whole number from 1 to 65536']],
  },
  changed,
}
