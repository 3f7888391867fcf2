import type { AppContract } from '../contract.ts'
import type { CallsIn, EventsIn, InputOf, OutputOf, PayloadOf } from '../definition.ts'

type CallExample<D> = {
  readonly input: InputOf<D>
  readonly output: OutputOf<D>
  /** Changes of the encoded input, each with a part of the sentence that refuses it. */
  readonly bad: readonly (readonly [change: Readonly<Record<string, unknown>>, sentence: string])[]
}
/** An example of everything in the contract: the type leaves no call and no event out. */
export type ContractExamples = {
  readonly [A in keyof AppContract]: { readonly [K in CallsIn<AppContract[A]>]: CallExample<AppContract[A][K]> } & {
    readonly [K in EventsIn<AppContract[A]>]: PayloadOf<AppContract[A][K]>
  }
}

const id = (digit: string): string => digit.repeat(64)
const requestId = '0b5e7d0c-6a0e-4c2b-9d5e-0123456789ab'
const peer = '12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp'
const atMs = 1_750_000_000_000
const decree = { txHash: id('d'), step: 4 }
const pricing = { perTaskMicro: 1_000n, perThousandInputTokensMicro: 20n, perThousandOutputTokensMicro: 100n, minimumMicro: 0n }
const promise = { firstTokenMs: 2_000, totalMs: 60_000 }
const caps = { concurrent: 2, tasksPerDay: 100, outputTokensPerTask: 4_000, outputTokensPerDay: 100_000 }
const changed = { revision: 3 }
const badId = (field: string) => [{ [field]: 'A'.repeat(64) }, `"${field}" must be 64 lower-case hexadecimal digits`] as const
const badRequestId = [{ requestId: 'short' }, '"requestId" must be 16 to 64 letters'] as const
const badPage = [
  [{ limit: 0 }, '"limit" must be a whole number from 1 to 200'],
  [{ limit: 201 }, '"limit" must be a whole number from 1 to 200'],
  [{ cursor: '' }, '"cursor" must be a page mark'],
] as const

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
  claim: {
    input: { requestId, link: 'claude-market:invite/AAAA' },
    output: { amountMicro: 10_000_000n, sponsor: id('b'), decree },
    bad: [
      badRequestId,
      [{ link: '' }, '"link" must not be empty'],
      [{ link: 'x'.repeat(40_001) }, '"link" must have at most 40000 characters'],
    ],
  },
}

const orders: ContractExamples['orders'] = {
  book: {
    input: { classKey: 'practice-small', limit: 100, offersCursor: null, requestsCursor: null },
    output: {
      revision: 9,
      offers: {
        rows: [
          {
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
          },
        ],
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

const tasks: ContractExamples['tasks'] = {
  ask: {
    input: {
      requestId,
      prompt: 'Summarise this:\n\t…',
      classKey: 'practice-small',
      maxOutputTokens: 500,
      maxPriceMicro: 5_000n,
      mode: 'best',
      deadlineMs: 60_000,
    },
    output: { taskId: id('a') },
    bad: [
      badRequestId,
      [{ prompt: '' }, '"prompt" must not be empty'],
      [{ prompt: 'x'.repeat(262_145) }, '"prompt" must have at most 262144 characters'],
      [{ mode: 'cheapest' }, '"mode" must be one of first, best'],
      [{ maxOutputTokens: 0 }, '"maxOutputTokens" must be a whole number from 1 to 65536'],
      [{ maxPriceMicro: null }, '"maxPriceMicro" must be µRUV'],
      [{ deadlineMs: Number.MAX_VALUE }, '"deadlineMs" must be a whole number'],
    ],
  },
  cancel: { input: { requestId, taskId: id('a') }, output: {}, bad: [badRequestId, badId('taskId')] },
  get: {
    input: { taskId: id('a') },
    output: {
      ...taskRow,
      revision: 5,
      prompt: 'Summarise this:\n…',
      deadlineMs: atMs,
      mode: 'best',
      maxOutputTokens: 500,
      steps: [{ name: 'requested', atMs, detail: '3 providers asked' }],
      bids: [{ provider: id('b'), backend: 'practice', model: 'practice-1', capMicro: 5_000n, promise, atMs, outcome: 'won' }],
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
    },
    bad: [badId('taskId')],
  },
  list: { input: { cursor: 'abc', limit: 1 }, output: { rows: [taskRow], nextCursor: null, total: 1 }, bad: badPage },
  changed: { revision: 6, taskId: id('a') },
  output: { taskId: id('a'), offset: 18, text: 'more\n' },
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
      certificates: [{ step: 0, move: 'open', txHash: id('e'), epoch: 0, view: 0, signers: [0, 1, 3], quorum: 3, committeeSize: 4 }],
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
  changed,
}

const provider: ContractExamples['provider'] = {
  status: {
    input: {},
    output: {
      revision: 4,
      state: 'running',
      pausedUntilMs: null,
      configured: {
        backend: { kind: 'local', baseUrl: 'http://127.0.0.1:11434/v1', model: 'llama3.1:8b' },
        consentRef: id('5'),
        caps,
        offers: [{ classKey: 'llama3.1:8b', pricing, promise }],
      },
      backend: { kind: 'local', model: 'llama3.1:8b', healthy: false, problem: 'Nothing answers at the address.' },
      policy: { verdict: 'ask-each-time', reason: 'Strangers read through a local model.' },
      caps,
      activeOffers: 1,
      runningTasks: 0,
      tasksToday: 7,
      outputTokensToday: 900,
      earnedMicro: 21_000n,
    },
    bad: [[{ all: true }, 'has the unknown field "all"']],
  },
  start: {
    input: {
      requestId,
      backend: { kind: 'anthropic', baseUrl: 'https://gateway.example:8443/v1', model: 'some-model', keyRef: 'work' },
      consentRef: 'consent-7',
      caps,
      offers: [{ classKey: 'practice-small', pricing, promise }],
    },
    output: {},
    bad: [
      badRequestId,
      [{ backend: { kind: 'web-session' } }, '"backend.kind" must be a backend of kind practice, local or anthropic'],
      [{ backend: { kind: 'practice', apiKey: 'x' } }, '"backend" has the unknown field "apiKey"'],
      [{ backend: { kind: 'local', baseUrl: 'file:///etc/passwd', model: 'm' } }, '"backend.baseUrl" must be an http or https address'],
      [{ backend: { kind: 'local', baseUrl: 'http://user:word@host/', model: 'm' } }, '"backend.baseUrl" must be an http or https address'],
      [{ caps: { ...caps, tasksPerDay: 0 } }, '"caps.tasksPerDay" must be a whole number'],
      [{ offers: Array.from({ length: 21 }, () => ({ classKey: 'a' })) }, '"offers" must have at most 20 items'],
    ],
  },
  stop: { input: { requestId }, output: {}, bad: [badRequestId] },
  pause: {
    input: { requestId, forMs: 3_600_000 },
    output: {},
    bad: [badRequestId, [{ forMs: 0 }, '"forMs" must be a whole number from 1']],
  },
  resume: { input: { requestId }, output: {}, bad: [badRequestId] },
  check: {
    input: { backend: { kind: 'anthropic', baseUrl: 'https://gateway.example:8443/v1', keyRef: 'work' } },
    output: { healthy: true, problem: null, models: ['some-model'] },
    bad: [[{ backend: { kind: 'local', baseUrl: 'ftp://host' } }, '"backend.baseUrl" must be an http or https address']],
  },
  changed,
}

const consents: ContractExamples['consents'] = {
  document: {
    input: { backend: { kind: 'local', baseUrl: 'http://127.0.0.1:11434/v1', model: 'llama3.1:8b' } },
    output: {
      documentId: 'serve-others',
      version: 1,
      text: 'You are about to run tasks of other people.',
      textHash: id('8'),
      termsCheckedAtMs: atMs,
      validDays: 90,
      policy: { verdict: 'ask-each-time', needsConsent: true, reason: 'Strangers read through a local model.' },
    },
    bad: [[{ backend: { kind: 'web-session' } }, '"backend.kind" must be a backend of kind practice, local or anthropic']],
  },
  list: {
    input: {},
    output: {
      revision: 2,
      rows: [
        {
          id: id('5'),
          documentId: 'serve-others',
          version: 1,
          textHash: id('8'),
          backend: 'local',
          model: 'llama3.1:8b',
          caps,
          grantedAtMs: atMs,
          expiresAtMs: atMs + 7_776_000_000,
          status: 'valid',
        },
      ],
    },
    bad: [[{ all: true }, 'has the unknown field "all"']],
  },
  give: {
    input: { requestId, backend: { kind: 'practice' }, caps, textHash: id('8') },
    output: { consentId: id('5') },
    bad: [
      badRequestId,
      badId('textHash'),
      [{ caps: { ...caps, concurrent: 65 } }, '"caps.concurrent" must be a whole number from 1 to 64'],
    ],
  },
  revoke: { input: { requestId, consentId: id('5') }, output: {}, bad: [badRequestId, badId('consentId')] },
  export: { input: {}, output: { json: '[]' }, bad: [[{ all: true }, 'has the unknown field "all"']] },
  changed,
}

const approvals: ContractExamples['approvals'] = {
  list: {
    input: {},
    output: {
      revision: 3,
      rows: [
        {
          id: id('e'),
          requester: id('b'),
          tradesBefore: 4,
          classKey: 'llama3.1:8b',
          prompt: 'Summarise this:\n…',
          findings: ['Something that looks like an e-mail address.'],
          maxOutputTokens: 800,
          capMicro: 5_000n,
          receivedAtMs: atMs,
          refuseAtMs: atMs + 60_000,
        },
      ],
      blocked: [id('9')],
    },
    bad: [[{ all: true }, 'has the unknown field "all"']],
  },
  decide: {
    input: { requestId, id: id('e'), decision: 'refuse-and-block' },
    output: {},
    bad: [badRequestId, badId('id'), [{ decision: 'run-always' }, '"decision" must be one of run-once, refuse, refuse-and-block']],
  },
  unblock: { input: { requestId, accountId: id('9') }, output: {}, bad: [badRequestId, badId('accountId')] },
  changed,
}

const credentials: ContractExamples['credentials'] = {
  list: {
    input: {},
    output: { revision: 1, refs: ['work'], protection: 'os' },
    bad: [[{ secret: true }, 'has the unknown field "secret"']],
  },
  put: {
    input: { requestId, ref: 'work', secret: 'not a real key' },
    output: {},
    bad: [badRequestId, [{ ref: '' }, '"ref" must not be empty'], [{ secret: '' }, '"secret" must not be empty']],
  },
  remove: { input: { requestId, ref: 'work' }, output: {}, bad: [badRequestId] },
  changed,
}

const reputation: ContractExamples['reputation'] = {
  list: {
    input: {},
    output: {
      revision: 5,
      rows: [
        {
          accountId: id('b'),
          role: 'provider',
          own: false,
          lowPpm: 510_000,
          midPpm: 800_000,
          highPpm: 930_000,
          trades: 3,
          paid: 3,
          split: 0,
          refunded: 0,
          expired: 0,
          volumeMicro: 9_000n,
          lastAtMs: atMs,
        },
      ],
    },
    bad: [[{ of: id('b') }, 'has the unknown field "of"']],
  },
  changed,
}

const link = 'claude-market://invite/AAAA'
const account = { kind: 'new', proof: ['abandon', 'ability', 'able'] } as const
const setup: ContractExamples['setup'] = {
  status: {
    input: {},
    output: {
      revision: 1,
      phase: 'failed',
      kind: 'practice',
      keyStore: 'passphrase',
      problem: { code: 'damaged', message: 'The database is damaged.' },
    },
    bad: [[{ all: true }, 'has the unknown field "all"']],
  },
  practice: { input: { requestId }, output: {}, bad: [badRequestId] },
  newPhrase: { input: { requestId }, output: { words: ['abandon', 'ability'], ask: [1, 2] }, bad: [badRequestId] },
  readInvite: {
    input: { link },
    output: {
      federation: { id: id('f'), name: 'Lab', kind: 'organisation', supplyMicro: 9_000_000n, witnesses: 4, faults: 1 },
      amountMicro: 1_000n,
      sponsor: id('b'),
      expiresAtMs: atMs,
    },
    bad: [[{ link: '' }, '"link" must not be empty']],
  },
  join: {
    input: { requestId, link, account, passphrase: null },
    output: {},
    bad: [badRequestId, [{ account: { kind: 'stolen' } }, '"account.kind" must be an account of kind new or restored']],
  },
  restore: {
    input: { requestId, federation: link, phrase: 'abandon ability', passphrase: 'three quiet words' },
    output: {},
    bad: [badRequestId, [{ phrase: '' }, '"phrase" must not be empty']],
  },
  found: {
    input: {
      requestId,
      name: 'Lab',
      kind: 'organisation',
      customer: 'A customer',
      supplyMicro: 9_000_000n,
      witnesses: { kind: 'cards', cards: ['KEY,PEER,ADDRESS'] },
      account,
      passphrase: null,
    },
    output: {},
    bad: [
      badRequestId,
      [{ kind: 'practice' }, '"kind" must be one of organisation, community'],
      [{ name: '' }, '"name" must not be empty'],
    ],
  },
  unlock: {
    input: { requestId, passphrase: 'three quiet words' },
    output: {},
    bad: [badRequestId, [{ passphrase: '' }, '"passphrase" must not be empty']],
  },
  retry: { input: { requestId }, output: {}, bad: [badRequestId] },
  startOver: { input: { requestId }, output: { keptAs: '/home/me/market-2' }, bad: [badRequestId] },
  changed,
}

const settingsFields = { theme: 'dark', onClose: 'ask', startAtLogin: 'off', startHidden: 'off' } as const
const settings: ContractExamples['settings'] = {
  get: {
    input: {},
    output: {
      revision: 1,
      ...settingsFields,
      surface: 'desktop',
      dataFolder: '/home/me/market',
      logFile: null,
      startedAtMs: atMs,
      memoryBytes: 120_000_000,
    },
    bad: [[{ all: true }, 'has the unknown field "all"']],
  },
  set: {
    input: { requestId, ...settingsFields },
    output: {},
    bad: [badRequestId, [{ theme: 'pink' }, '"theme" must be one of system, light, dark']],
  },
  openDataFolder: { input: { requestId }, output: {}, bad: [badRequestId] },
  changed,
}

const network: ContractExamples['network'] = {
  status: {
    input: {},
    output: {
      revision: 11,
      self: { peerId: peer, addresses: ['/ip4/127.0.0.1/tcp/4001'] },
      peers: [{ peerId: peer, addresses: [], roundTripMs: null }],
      quorum: 3,
      witnesses: [{ index: 0, peerId: peer, reachable: true, lastSeenMs: atMs, roundTripMs: 1 }],
    },
    bad: [[{ peerId: peer }, 'has the unknown field "peerId"']],
  },
  changed,
}

const identity: ContractExamples['identity'] = {
  current: {
    input: {},
    output: { current: { accountId: id('a'), publicKey: id('7'), keyProtection: 'session' } },
    bad: [[{ withPhrase: true }, 'has the unknown field "withPhrase"']],
  },
}

export const contractExamples: ContractExamples = {
  app,
  wallet,
  invites,
  orders,
  tasks,
  escrow,
  provider,
  consents,
  approvals,
  credentials,
  reputation,
  network,
  identity,
  setup,
  settings,
}
