import { id, requestId, atMs, caps, changed, badId, badRequestId, type ContractExamples } from './example-parts.ts'

const shown = { documentId: 'ask-others', version: 1, text: 'Before you ask others.', textHash: id('8') }
export const consents: ContractExamples['consents'] = {
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
    bad: [[{ backend: { kind: 'web-session' } }, '"backend.kind" must be a backend of kind practice, local, anthropic or claude-cli']],
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
          baseUrl: 'http://127.0.0.1:11434',
          caps,
          grantedAtMs: atMs,
          expiresAtMs: atMs + 7_776_000_000,
          status: 'revoked',
          revokedAtMs: atMs + 1,
        },
      ],
    },
    bad: [[{ all: true }, 'has the unknown field "all"']],
  },
  read: {
    input: { consentId: id('5') },
    output: { text: 'You are about to run tasks of other people.' },
    bad: [badId('consentId')],
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
  standing: {
    input: {},
    output: {
      revision: 3,
      organisation: { customer: 'A customer', document: shown, attestedUntilMs: atMs },
      requester: { document: shown, isNeeded: true, acknowledgedAtMs: null },
      vendorApproval: { reference: 'Letter 7', approvedOn: '2026-11-20', scope: 'This community', recordedAtMs: atMs },
    },
    bad: [[{ all: true }, 'has the unknown field "all"']],
  },
  attest: { input: { requestId, textHash: id('8') }, output: { untilMs: atMs }, bad: [badRequestId, badId('textHash')] },
  withdrawAttestation: { input: { requestId }, output: {}, bad: [badRequestId] },
  acknowledge: { input: { requestId, textHash: id('8') }, output: {}, bad: [badRequestId, badId('textHash')] },
  recordVendorApproval: {
    input: { requestId, reference: 'Letter 7', approvedOn: '2026-11-20', scope: 'This community' },
    output: {},
    bad: [
      badRequestId,
      [{ reference: '' }, '"reference" must have at least 3 characters'],
      [{ approvedOn: 'yesterday' }, '"approvedOn" must be a day such as'],
    ],
  },
  removeVendorApproval: { input: { requestId }, output: {}, bad: [badRequestId] },
  export: { input: {}, output: { json: '[]', page: '<!doctype html>' }, bad: [[{ all: true }, 'has the unknown field "all"']] },
  changed,
}

export const approvals: ContractExamples['approvals'] = {
  list: {
    input: {},
    output: {
      revision: 3,
      rows: [
        {
          id: id('e'),
          requester: id('b'),
          standing: { lowPpm: 620_000, midPpm: 800_000, highPpm: 930_000, trades: 31 },
          tradesBefore: 4,
          failedBefore: 1,
          classKey: 'llama3.1:8b',
          prompt: 'Summarise this:\n…',
          findings: ['Something that looks like an e-mail address.'],
          maxOutputTokens: 800,
          capMicro: 5_000n,
          worstCostCents: 2,
          receivedAtMs: atMs,
          armedAtMs: atMs + 700,
          refuseAtMs: atMs + 60_000,
        },
      ],
    },
    bad: [[{ all: true }, 'has the unknown field "all"']],
  },
  decide: {
    input: { requestId, id: id('e'), decision: 'refuse-and-block' },
    output: {},
    bad: [badRequestId, badId('id'), [{ decision: 'run-always' }, '"decision" must be one of run-once, refuse, refuse-and-block']],
  },
  changed,
}

export const credentials: ContractExamples['credentials'] = {
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

export const opinions: ContractExamples['opinions'] = {
  list: {
    input: {},
    output: {
      revision: 2,
      rows: [
        { accountId: id('b'), role: 'provider', word: 'again', atMs },
        { accountId: id('9'), role: 'client', word: 'never', atMs },
      ],
    },
    bad: [[{ role: 'client' }, 'has the unknown field "role"']],
  },
  say: {
    input: { requestId, accountId: id('b'), role: 'provider', word: 'never' },
    output: {},
    bad: [
      badRequestId,
      badId('accountId'),
      [{ role: 'arbiter' }, '"role" must be one of provider, client'],
      [{ word: 'sometimes' }, '"word" must be one of again, never'],
    ],
  },
  changed,
}

export const reputation: ContractExamples['reputation'] = {
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
  explain: {
    input: { accountId: id('b'), role: 'provider' },
    output: {
      revision: 5,
      standing: {
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
      parts: {
        success: { lowPpm: 510_000, midPpm: 800_000, highPpm: 930_000 },
        availability: { lowPpm: 510_000, midPpm: 800_000, highPpm: 930_000 },
        latencyPpm: 900_000,
        disputesLost: { lowPpm: 0, midPpm: 0, highPpm: 240_000 },
      },
      losses: { evidencePpm: 290_000, successPpm: 200_000, availabilityPpm: 60_000, latencyPpm: 10_000, disputesPpm: 15_000 },
      evidenceMilli: 2_750,
      trustPpm: 1_000_000,
      exposureMicro: 25_000_000n,
      history: [{ atMs, lowPpm: 510_000, midPpm: 800_000, highPpm: 930_000, trades: 3 }],
      recent: [
        { escrowId: id('e'), atMs, counterparty: id('a'), outcome: 'paid', fault: null, late: false, paidMicro: 3_000n },
        { escrowId: id('d'), atMs, counterparty: id('a'), outcome: 'refunded', fault: 'model-refusal', late: false, paidMicro: 0n },
      ],
    },
    bad: [badId('accountId'), [{ role: 'arbiter' }, '"role" must be one of provider, client']],
  },
  changed,
}

const link = 'claude-market://invite/AAAA'
const account = { kind: 'new', proof: ['abandon', 'ability', 'able'] } as const
export const setup: ContractExamples['setup'] = {
  status: {
    input: {},
    output: {
      revision: 1,
      phase: 'failed',
      kind: 'practice',
      keyStore: 'passphrase',
      awaitedMicro: 0n,
      problem: { code: 'damaged', message: 'The database is damaged.' },
    },
    bad: [[{ all: true }, 'has the unknown field "all"']],
  },
  practice: { input: { requestId }, output: {}, bad: [badRequestId] },
  newPhrase: { input: { requestId }, output: { words: ['abandon', 'ability'], ask: [1, 2] }, bad: [badRequestId] },
  checkAccount: {
    input: { account },
    output: {},
    bad: [[{ account: { kind: 'stolen' } }, '"account.kind" must be an account of kind new or restored']],
  },
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
  readBackup: {
    input: { content: 'claude-market://backup/AQ' },
    output: {
      federation: { id: id('f'), name: 'Lab', kind: 'organisation', supplyMicro: 9_000_000n, witnesses: 4, faults: 1 },
      accountId: id('a'),
      madeAtMs: atMs,
    },
    bad: [[{ content: '' }, '"content" must not be empty']],
  },
  checkRestore: {
    input: { federation: link, phrase: 'abandon ability' },
    output: {},
    bad: [[{ federation: '' }, '"federation" must not be empty']],
  },
  restore: {
    input: { requestId, federation: link, phrase: 'abandon ability', passphrase: 'three quiet words' },
    output: {},
    bad: [badRequestId, [{ phrase: '' }, '"phrase" must not be empty']],
  },
  deviceCode: {
    input: { requestId, name: 'Laptop' },
    output: { code: 'claude-market://device/AQ', fingerprint: '12AB-34CD-56EF' },
    bad: [badRequestId, [{ name: '' }, '"name" must not be empty']],
  },
  checkLink: {
    input: { accountCode: 'claude-market://linked/AQ' },
    output: {},
    bad: [[{ accountCode: '' }, '"accountCode" must not be empty']],
  },
  link: {
    input: { requestId, accountCode: 'claude-market://linked/AQ', passphrase: null },
    output: {},
    bad: [badRequestId, [{ accountCode: '' }, '"accountCode" must not be empty']],
  },
  found: {
    input: {
      requestId,
      name: 'Lab',
      kind: 'organisation',
      customer: 'A customer',
      supplyMicro: 9_000_000n,
      witnesses: { kind: 'cards', cards: ['KEY,PEER,ADDRESS'] },
      arbiters: ['ACCOUNTKEY,Ada,A company'],
      account,
      passphrase: null,
    },
    output: {},
    bad: [
      badRequestId,
      [{ kind: 'practice' }, '"kind" must be one of organisation, community'],
      [{ name: '' }, '"name" must not be empty'],
      [{ arbiters: [''] }, '"arbiters.0" must not be empty'],
    ],
  },
  unlock: {
    input: { requestId, passphrase: 'three quiet words' },
    output: {},
    bad: [badRequestId, [{ passphrase: '' }, '"passphrase" must not be empty']],
  },
  retry: { input: { requestId }, output: {}, bad: [badRequestId] },
  startOver: { input: { requestId }, output: { keptAs: '/home/me/market-2' }, bad: [badRequestId] },
  startedAgain: {},
  changed,
}

export const incoming: ContractExamples['incoming'] = {
  current: {
    input: {},
    output: { revision: 1, item: null },
    bad: [[{ all: true }, 'has the unknown field "all"']],
  },
  dismiss: {
    input: { requestId, revision: 1 },
    output: {},
    bad: [badRequestId, [{ revision: -1 }, '"revision" must be a whole number from 0']],
  },
  changed,
}

const settingsFields = {
  theme: 'dark',
  language: 'de',
  payAnswers: 'by-itself',
  onClose: 'ask',
  startAtLogin: 'off',
  startHidden: 'off',
  notifyApprovals: 'always',
  notifyProblems: 'outside-quiet-hours',
  notifyPayments: 'never',
  quietFromHour: 22,
  quietUntilHour: 7,
  tour: 'seen',
  phraseTriedAtMs: null,
  releaseSeen: '0.2.0',
} as const
export const settings: ContractExamples['settings'] = {
  get: {
    input: {},
    output: {
      revision: 1,
      ...settingsFields,
      wereReset: false,
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
    bad: [
      badRequestId,
      [{ theme: 'pink' }, '"theme" must be one of system, light, dark'],
      [{ language: 'xx' }, '"language" must be one of system, en, de'],
      [{ releaseSeen: 'latest' }, '"releaseSeen" must be a version such as 0.3.0'],
    ],
  },
  openDataFolder: { input: { requestId }, output: {}, bad: [badRequestId] },
  log: {
    input: { least: 'info', words: 'peer' },
    output: {
      rows: [{ atMs, level: 'warn', domain: 'network', event: 'peer banned', detail: 'forMs: 60000' }],
      hasMore: false,
    },
    bad: [
      [{ least: 'all' }, '"least" must be one of debug, info, warn, error'],
      [{ words: 'x'.repeat(101) }, '"words" must have at most 100 characters'],
    ],
  },
  savePdf: {
    input: { requestId, name: 'statement-2026-01' },
    output: { isSaved: true },
    bad: [badRequestId, [{ name: '../escape' }, '"name" must be letters, digits and . _ -'], [{ name: '' }, '"name" must not be empty']],
  },
  openLogFolder: { input: { requestId }, output: {}, bad: [badRequestId] },
  changed,
}
