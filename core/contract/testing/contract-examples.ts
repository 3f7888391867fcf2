import { id, requestId, peer, atMs, decree, changed, badId, badRequestId, badPage, type ContractExamples } from './example-parts.ts'
import { audit } from './audit-examples.ts'
import { devices } from './device-examples.ts'
import { federation, proofs } from './federation-examples.ts'
import { prices } from './price-examples.ts'
import { provider } from './provider-examples.ts'
import { approvals, consents, credentials, incoming, opinions, reputation, settings, setup } from './consent-and-home-examples.ts'
import { orders, tasks } from './trade-examples.ts'

const escrowRow = {
  id: id('e'),
  phase: 'delivered',
  role: 'client',
  classKey: 'practice-small',
  amountMicro: 5_000n,
  priceMicro: 3_000n,
  counterparty: id('b'),
  taskId: id('a'),
  openedAtMs: atMs,
  deliverByMs: atMs + 60_000,
  reviewByMs: atMs + 120_000,
  exits: [
    { move: 'release', fromMs: null, untilMs: null, pays: { providerMicro: 3_000n, clientMicro: 2_000n } },
    { move: 'dispute', fromMs: null, untilMs: atMs + 120_000, pays: null },
  ],
  payout: null,
  settledBy: null,
  splitOffer: { by: 'provider', toProviderMicro: 2_500n },
} as const

const app: ContractExamples['app'] = {
  info: {
    input: {},
    output: {
      revision: 1,
      version: '0.1.0',
      contractVersion: 1,
      federation: { id: id('f'), name: 'Practice', kind: 'practice', supplyMicro: 9_000_000_000_000_000n, witnesses: 4, faults: 1 },
      roles: { witness: false, provider: true },
      practice: true,
      peerId: peer,
      nowMs: atMs,
    },
    bad: [[{ verbose: true }, 'has the unknown field "verbose"']],
  },
  changed,
}

const wallet: ContractExamples['wallet'] = {
  summary: {
    input: {},
    output: { revision: 2, accountId: id('a'), availableMicro: 7_000_000n, lockedMicro: 5_000n, onTheWayMicro: 0n, steps: 3 },
    bad: [[{ accountId: id('a') }, 'has the unknown field "accountId"']],
  },
  history: {
    input: { cursor: null, limit: 50 },
    output: {
      rows: [
        {
          atMs,
          kind: 'escrow-locked',
          amountMicro: -5_000n,
          counterparty: id('b'),
          escrowId: id('e'),
          txHash: id('d'),
          state: 'final',
          memo: '',
        },
        {
          atMs,
          kind: 'genesis',
          amountMicro: 7_005_000n,
          counterparty: null,
          escrowId: null,
          txHash: id('c'),
          state: 'pending',
          memo: 'supply',
        },
      ],
      nextCursor: '1750000000000.7',
      total: 12,
    },
    bad: badPage,
  },
  exportCsv: {
    input: { cursor: null },
    output: { part: 'time,kind\r\n', nextCursor: '7' },
    bad: [[{ cursor: '' }, '"cursor" must be a page mark']],
  },
  transfer: {
    input: { requestId, to: id('b'), amountMicro: 2_500_000n, memo: 'thanks' },
    output: decree,
    bad: [
      badRequestId,
      badId('to'),
      [{ amountMicro: 2_500_000 }, '"amountMicro" must be µRUV as a whole decimal number'],
      [{ amountMicro: '0' }, '"amountMicro" must be µRUV as a whole decimal number from 1 to 9000000000000000'],
      [{ amountMicro: '9000000000000001' }, '"amountMicro" must be µRUV as a whole decimal number from 1 to 9000000000000000'],
      [{ amountMicro: '-1' }, '"amountMicro" must be'],
      [{ amountMicro: '1.5' }, '"amountMicro" must be'],
      [{ amountMicro: '1'.repeat(100_000) }, '"amountMicro" must be'],
      [{ memo: 'x'.repeat(141) }, '"memo" must have at most 140 characters'],
      [{ memo: 'seen\u202Eness' }, '"memo" must be one line without control characters'],
    ],
  },
  changed,
}

const invites: ContractExamples['invites'] = {
  create: {
    input: { requestId, amountMicro: 10_000_000n },
    output: { link: 'claude-market:invite/AAAA', txHash: id('d') },
    bad: [badRequestId, [{ amountMicro: '0' }, '"amountMicro" must be']],
  },
  list: {
    input: {},
    output: {
      revision: 2,
      heldMicro: 10_000_000n,
      rows: [
        {
          account: id('c'),
          amountMicro: 10_000_000n,
          madeAtMs: atMs,
          expiresAtMs: atMs + 30 * 24 * 3_600_000,
          state: 'ready',
          claimedBy: null,
        },
      ],
    },
    bad: [[{ cursor: null }, 'has the unknown field "cursor"']],
  },
  link: {
    input: { account: id('c') },
    output: { link: 'claude-market:invite/AAAA' },
    bad: [badId('account')],
  },
  claim: {
    input: { requestId, link: 'claude-market:invite/AAAA' },
    output: { amountMicro: 10_000_000n, sponsor: id('b'), decree, wasClaimed: false },
    bad: [
      badRequestId,
      [{ link: '' }, '"link" must not be empty'],
      [{ link: 'x'.repeat(50_001) }, '"link" must have at most 50000 characters'],
    ],
  },
}

const escrowBad = [badRequestId, badId('escrowId')] as const
const escrow: ContractExamples['escrow'] = {
  list: {
    input: { cursor: null, limit: 20 },
    output: { revision: 8, page: { rows: [escrowRow], nextCursor: null, total: 1 } },
    bad: badPage,
  },
  get: {
    input: { escrowId: id('e') },
    output: {
      ...escrowRow,
      revision: 8,
      certificates: [{ step: 0, move: 'open', atMs, txHash: id('e'), epoch: 0, view: 0, signers: [0, 1, 3], quorum: 3, committeeSize: 4 }],
      panel: { quorum: 2, seats: 3, hasJudges: true },
      ruleMs: 600_000,
    },
    bad: [badId('escrowId')],
  },
  release: { input: { requestId, escrowId: id('e') }, output: decree, bad: escrowBad },
  refund: { input: { requestId, escrowId: id('e') }, output: decree, bad: escrowBad },
  proposeSplit: {
    input: { requestId, escrowId: id('e'), toProviderMicro: 0n },
    output: {},
    bad: [...escrowBad, [{ toProviderMicro: '-1' }, '"toProviderMicro" must be µRUV']],
  },
  acceptSplit: {
    input: { requestId, escrowId: id('e'), toProviderMicro: 2_500n },
    output: decree,
    bad: [...escrowBad, [{ toProviderMicro: '01' }, '"toProviderMicro" must be µRUV']],
  },
  dispute: {
    input: { requestId, escrowId: id('e'), statement: 'No answer came.', showTask: true, showAnswer: false },
    output: decree,
    bad: [
      ...escrowBad,
      [{ statement: '' }, '"statement" must not be empty'],
      [{ statement: 'x'.repeat(4_001) }, '"statement" must have at most'],
    ],
  },
  respond: {
    input: { requestId, escrowId: id('e'), statement: '', showAnswer: true },
    output: {},
    bad: [...escrowBad, [{ statement: 'x'.repeat(4_001) }, '"statement" must have at most']],
  },
  getDispute: {
    input: { escrowId: id('e') },
    output: {
      revision: 8,
      openedAtMs: atMs,
      ruleByMs: atMs,
      quorum: 2,
      seats: 3,
      panel: [{ name: 'Ada', operator: '', accountId: id('a') }],
      statement: 'No answer came.',
      showsTask: true,
      showsAnswer: false,
      readers: 3,
    },
    bad: [badId('escrowId')],
  },
  changed,
}

const caseRow = {
  escrowId: id('e'),
  phase: 'panel',
  classKey: 'practice-small',
  amountMicro: 5_000n,
  priceMicro: 3_000n,
  client: id('a'),
  provider: id('b'),
  disputedAtMs: atMs,
  ruleByMs: atMs,
  quorum: 2,
  seats: 3,
  ownRuling: null,
  paidToProviderMicro: null,
} as const
const arbiter: ContractExamples['arbiter'] = {
  list: { input: {}, output: { revision: 1, onRoster: true, rows: [caseRow] }, bad: [[{ all: true }, 'has the unknown field "all"']] },
  get: {
    input: { escrowId: id('e') },
    output: {
      ...caseRow,
      revision: 1,
      taskCommit: id('c'),
      resultHash: id('d'),
      exhibits: [
        {
          role: 'client',
          madeAtMs: atMs,
          statement: 'No answer came.',
          reasonAsGiven: true,
          prompt: 'Say hello.',
          promptAsAsked: true,
          answer: null,
          answerAsDelivered: null,
          receipt: null,
        },
      ],
    },
    bad: [badId('escrowId')],
  },
  rule: {
    input: { requestId, escrowId: id('e'), outcome: 'half' },
    output: {},
    bad: [badRequestId, badId('escrowId'), [{ outcome: 'all' }, '"outcome" must be one of release, refund, half']],
  },
  changed,
}

const evidence: ContractExamples['evidence'] = {
  list: {
    input: {},
    output: {
      revision: 1,
      broken: false,
      rows: [
        {
          id: id('e'),
          offence: 'two-notarizations',
          culprit: id('1'),
          account: null,
          witness: 3,
          objectId: id('a'),
          epoch: 0,
          step: 4,
          view: 0,
          foundAtMs: atMs,
        },
      ],
    },
    bad: [[{ culprit: id('1') }, 'has the unknown field "culprit"']],
  },
  changed,
}

const network: ContractExamples['network'] = {
  status: {
    input: {},
    output: {
      revision: 11,
      self: { peerId: peer, addresses: ['/ip4/127.0.0.1/tcp/4001'] },
      peers: [{ peerId: peer, addresses: [], roundTripMs: null, version: null }],
      quorum: 3,
      settling: 'yes',
      clockOffsetMs: null,
      witnesses: [{ index: 0, peerId: peer, reachable: true, standsAside: null, lastSeenMs: atMs, roundTripMs: 1, version: '0.3.0' }],
      newer: { version: '0.3.0', witnesses: 1 },
    },
    bad: [[{ peerId: peer }, 'has the unknown field "peerId"']],
  },
  changed,
}

const identity: ContractExamples['identity'] = {
  face: {
    input: { key: id('a') },
    output: { words: ['copper', 'orbit', 'lemon', 'hazard', 'velvet', 'snow', 'eight', 'oak'], picture: '0123456789abcdef' },
    bad: [[{ key: 'a1b2' }, '"key" must be']],
  },
  current: {
    input: {},
    output: { current: { accountId: id('a'), publicKey: id('7'), accountKey: id('7'), keyProtection: 'session' } },
    bad: [[{ withPhrase: true }, 'has the unknown field "withPhrase"']],
  },
  tryPhrase: {
    input: { phrase: 'abandon ability able' },
    output: { bringsBack: true },
    bad: [
      [{ phrase: '' }, '"phrase" must not be empty'],
      [{ phrase: 'x'.repeat(1_001) }, '"phrase" must have at most 1000 characters'],
    ],
  },
  backup: {
    input: {},
    output: { content: 'claude-market://backup/AQ', madeAtMs: atMs },
    bad: [[{ withHistory: true }, 'has the unknown field "withHistory"']],
  },
}

export const contractExamples: ContractExamples = {
  app,
  wallet,
  proofs,
  invites,
  orders,
  tasks,
  escrow,
  evidence,
  arbiter,
  provider,
  audit,
  consents,
  approvals,
  opinions,
  credentials,
  reputation,
  prices,
  network,
  federation,
  identity,
  devices,
  setup,
  settings,
  incoming,
}
