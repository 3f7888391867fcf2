import { id, requestId, pricing, promise, caps, changed, badRequestId, type ContractExamples } from './example-parts.ts'

const { concurrent, tasksPerDay, outputTokensPerDay, moneyPerDayCents, moneyPerMonthCents } = caps
const together = { concurrent, tasksPerDay, outputTokensPerDay, moneyPerDayCents, moneyPerMonthCents }

export const provider: ContractExamples['provider'] = {
  status: {
    input: {},
    output: {
      revision: 4,
      state: 'running',
      pausedUntilMs: null,
      hold: { rule: 'hours', reason: 'It is outside of the hours that you set.' },
      backends: [
        {
          id: 1,
          kind: 'local',
          model: 'llama3.1:8b',
          choice: {
            backend: { kind: 'local', baseUrl: 'http://127.0.0.1:11434/v1', model: 'llama3.1:8b' },
            consentRef: id('5'),
            caps,
            offers: [{ classKey: 'llama3.1:8b', pricing, promise }],
            approveEachTask: true,
          },
          caps,
          state: 'on',
          hold: { rule: 'hours', reason: 'It is outside of the hours that you set.' },
          problem: 'Nothing answers at the address.',
          policy: { verdict: 'ask-each-time', reason: 'Strangers read through a local model.' },
          activeOffers: 1,
          runningTasks: 0,
          tasksToday: 7,
          outputTokensToday: 900,
          moneyTodayCents: 12,
          moneyThisMonthCents: 340,
        },
      ],
      activeOffers: 1,
      runningTasks: 0,
      approvalsWaiting: 0,
      tasksToday: 7,
      outputTokensToday: 900,
      moneyTodayCents: 12,
      moneyThisMonthCents: 340,
      earnedTodayMicro: 4_000n,
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
      approveEachTask: false,
    },
    output: { backendId: 2 },
    bad: [
      badRequestId,
      [{ backend: { kind: 'web-session' } }, '"backend.kind" must be a backend of kind practice, local, anthropic or claude-cli'],
      [{ backend: { kind: 'practice', apiKey: 'x' } }, '"backend" has the unknown field "apiKey"'],
      [{ backend: { kind: 'local', baseUrl: 'file:///etc/passwd', model: 'm' } }, '"backend.baseUrl" must be an http or https address'],
      [{ backend: { kind: 'local', baseUrl: 'http://user:word@host/', model: 'm' } }, '"backend.baseUrl" must be an http or https address'],
      [{ caps: { ...caps, tasksPerDay: 0 } }, '"caps.tasksPerDay" must be a whole number'],
      [{ caps: { ...caps, weeklyHours: [1, 2] } }, '"caps.weeklyHours" must have seven days'],
      [{ caps: { ...caps, weeklyHours: [0, 0, 0, 0, 0, 0, 2 ** 24] } }, '"caps.weeklyHours.6" must be a whole number'],
      [{ offers: Array.from({ length: 21 }, () => ({ classKey: 'a' })) }, '"offers" must have at most 20 items'],
    ],
  },
  stop: {
    input: { requestId, backendId: 1 },
    output: {},
    bad: [badRequestId, [{ backendId: 'first' }, '"backendId" must be a whole number']],
  },
  remove: {
    input: { requestId, backendId: 2 },
    output: {},
    bad: [badRequestId, [{ backendId: -1 }, '"backendId" must be a whole number']],
  },
  pause: {
    input: { requestId, forMs: 3_600_000 },
    output: {},
    bad: [badRequestId, [{ forMs: 0 }, '"forMs" must be a whole number from 1']],
  },
  resume: { input: { requestId, backendId: 1 }, output: {}, bad: [badRequestId] },
  check: {
    input: { backend: { kind: 'anthropic', baseUrl: 'https://gateway.example:8443/v1', keyRef: 'work' } },
    output: { healthy: true, problem: null, models: ['some-model'] },
    bad: [[{ backend: { kind: 'local', baseUrl: 'ftp://host' } }, '"backend.baseUrl" must be an http or https address']],
  },
  rules: {
    input: {},
    output: {
      revision: 5,
      rules: { reservePercent: 25, idleMinutes: 10, onBattery: 'hold', onMetered: 'serve', together },
      known: { idle: true, battery: true, metered: false },
      ownToday: { tasks: 2, outputTokens: 300, moneyCents: 1 },
    },
    bad: [[{ all: true }, 'has the unknown field "all"']],
  },
  setRules: {
    input: { requestId, reservePercent: 25, idleMinutes: 10, onBattery: 'hold', onMetered: 'serve', together: null },
    output: {},
    bad: [
      badRequestId,
      [{ reservePercent: 91 }, '"reservePercent" must be a whole number from 0 to 90'],
      [{ idleMinutes: -1 }, '"idleMinutes" must be a whole number'],
      [{ onBattery: 'maybe' }, '"onBattery" must be one of serve, hold'],
      [{ together: { ...together, concurrent: 0 } }, '"together.concurrent" must be a whole number'],
    ],
  },
  discover: {
    input: {},
    output: {
      servers: [{ program: 'Ollama', baseUrl: 'http://127.0.0.1:11434', models: ['llama3.1:8b'] }],
      claude: { path: '/home/me/.local/bin/claude', login: 'personal' },
    },
    bad: [[{ deep: true }, 'has the unknown field "deep"']],
  },
  tryOut: {
    input: { requestId, backend: { kind: 'claude-cli', model: 'some-model', key: null }, prompt: 'Say hello.', maxOutputTokens: 100 },
    output: { text: 'Hello.', inputTokens: 3, outputTokens: 2, tookMs: 900 },
    bad: [
      badRequestId,
      [{ prompt: 'x'.repeat(4_001) }, '"prompt" must have at most 4000 characters'],
      [{ maxOutputTokens: 1_001 }, '"maxOutputTokens" must be a whole number from 1 to 1000'],
      [
        { backend: { kind: 'claude-cli', model: 'm', key: { keyRef: '', baseUrl: 'https://host' } } },
        '"backend.key.keyRef" must not be empty',
      ],
    ],
  },
  diagnosis: {
    input: {},
    output: {
      revision: 5,
      checks: [
        { step: 'switch', backend: null, isFine: true, finding: 'Provider mode is on.', remedy: null },
        {
          step: 'hours',
          backend: { id: 2, kind: 'local', model: 'qwen2.5-coder:14b' },
          isFine: false,
          finding: 'It is outside of the hours that you set.',
          remedy: 'Allow more hours.',
        },
        {
          step: 'price',
          backend: { id: 1, kind: 'local', model: 'llama3.1:8b' },
          isFine: false,
          finding: 'You bid in the last hour and won nothing; 3 of 5 offers for llama3.1:8b are cheaper.',
          remedy: 'Lower the price.',
        },
      ],
      demand: [{ outcome: 'bid', count: 3 }],
    },
    bad: [[{ all: true }, 'has the unknown field "all"']],
  },
  earnings: {
    input: {},
    output: {
      revision: 5,
      days: [{ day: '2026-11-20', earnedMicro: 5_000n, tasks: 3 }],
      byBackend: [{ backend: 'local', earnedMicro: 5_000n, tasks: 3, costCents: 0 }],
      elsewhere: { earnedMicro: 2_000n, tasks: 1 },
      forecast: { lowMicro: 0n, middleMicro: 4_000n, highMicro: 9_000n, meanErrorPpm: 300_000, testedDays: 12 },
    },
    bad: [[{ all: true }, 'has the unknown field "all"']],
  },
  policy: {
    input: {},
    output: {
      revision: 5,
      termsReadOn: '2026-11-20',
      sources: [{ title: 'Usage Policy', url: 'https://www.anthropic.com/legal/aup' }],
      relation: 'community',
      rows: [
        {
          backend: 'anthropic-api',
          cells: [{ relation: 'community', rule: 'anthropic-api/community', kind: 'ask-after-vendor-approval', sentence: 'Not yet.' }],
          now: { verdict: 'refuse', rule: 'anthropic-api/community', reason: 'Not yet.' },
        },
      ],
    },
    bad: [[{ all: true }, 'has the unknown field "all"']],
  },
  changed,
}
