import { atMs, badPage, badRequestId, changed, id, requestId, type ContractExamples } from './example-parts.ts'

export const audit: ContractExamples['audit'] = {
  status: {
    input: {},
    output: { revision: 6, entries: 1_200, sinceMs: atMs, wasCut: true, cutAtMs: atMs, keepDays: 365 },
    bad: [[{ all: true }, 'has the unknown field "all"']],
  },
  list: {
    input: { cursor: null, limit: 50 },
    output: {
      rows: [
        {
          seq: 1_201,
          atMs,
          kind: 'policy',
          outcome: 'refuse',
          rule: 'anthropic-api/community',
          member: id('b'),
          reference: null,
          times: 12,
        },
        { seq: 1_200, atMs, kind: 'approval', outcome: 'run-once', rule: 'approval', member: id('b'), reference: id('e'), times: 1 },
      ],
      nextCursor: '1200',
      total: 1_200,
    },
    bad: badPage,
  },
  check: { input: {}, output: { entries: 1_200, problem: 'Entry 7 was changed.' }, bad: [[{ all: true }, 'has the unknown field "all"']] },
  export: {
    input: { afterSeq: null },
    output: { lines: ['{"format":"claude-market-audit/1"}', '{"seq":1}'], nextSeq: 1 },
    bad: [[{ afterSeq: -1 }, '"afterSeq" must be a whole number']],
  },
  keepFor: {
    input: { requestId, days: 90 },
    output: {},
    bad: [badRequestId, [{ days: 0 }, '"days" must be a whole number from 1 to 3650']],
  },
  delete: {
    input: { requestId, beforeMs: atMs },
    output: { deleted: 400 },
    bad: [badRequestId, [{ beforeMs: -1 }, '"beforeMs" must be a whole number']],
  },
  changed,
}
