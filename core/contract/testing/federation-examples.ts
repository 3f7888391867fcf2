import { atMs, badId, badRequestId, changed, id, peer, requestId, type ContractExamples } from './example-parts.ts'

const seat = (digit: string) => ({ publicKey: id(digit), peerId: peer, addresses: ['/ip4/127.0.0.1/tcp/4001'], isOwn: false })
const judge = (digit: string) => ({ name: 'Ada', operator: 'A company', publicKey: id(digit), accountId: id(digit), isOwn: false })
export const federation: ContractExamples['federation'] = {
  status: {
    input: {},
    output: {
      revision: 3,
      epoch: 1,
      startsAtMs: atMs,
      faults: 1,
      quorum: 3,
      committee: [seat('a'), seat('b'), seat('c'), { ...seat('d'), isOwn: true }],
      arbiters: [judge('a')],
      next: { epoch: 2, startsAtMs: atMs + 60_000, added: [seat('e')], removed: [seat('a')], arbitersAdded: [], arbitersRemoved: [] },
      noticeMs: 60_000,
      mayPropose: true,
      proposals: [
        {
          id: id('f'),
          epoch: 2,
          startsAtMs: atMs + 120_000,
          decideByMs: atMs + 60_000,
          added: [seat('e')],
          removed: [seat('a')],
          arbitersAdded: [judge('b')],
          arbitersRemoved: [judge('a')],
          witnesses: 4,
          faults: 1,
          endorsedBy: [0, 2],
          needed: 3,
          mayEndorse: true,
        },
      ],
    },
    bad: [[{ epoch: 1 }, 'has the unknown field "epoch"']],
  },
  propose: {
    input: {
      requestId,
      changes: [{ kind: 'replace', publicKey: id('a'), card: 'KEY,PEER,SEED,/dns4/example.org/tcp/4001' }],
      startsAtMs: null,
    },
    output: { id: id('f') },
    bad: [
      badRequestId,
      [{ changes: [{ kind: 'swap' }] }, '"changes.0.kind" must be a change of kind add, remove, replace, add-arbiter or remove-arbiter'],
      [{ startsAtMs: -1 }, '"startsAtMs" must be a whole number'],
    ],
  },
  endorse: {
    input: { requestId, id: id('f') },
    output: { endorsements: 2, needed: 3 },
    bad: [badRequestId, badId('id')],
  },
  submit: { input: { requestId, id: id('f') }, output: { epoch: 2 }, bad: [badRequestId, badId('id')] },
  changed,
}

export const proofs: ContractExamples['proofs'] = {
  read: {
    input: { subject: { kind: 'escrow', escrowId: id('e') }, cursor: null },
    output: { part: 'claude-market-proof 1\n', nextCursor: null },
    bad: [
      [{ subject: { kind: 'everything' } }, '"subject.kind" must be something of kind account, escrow or decree'],
      [{ cursor: '' }, '"cursor" must be a page mark'],
    ],
  },
}
