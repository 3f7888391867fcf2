import { z } from 'zod'
import { command, event, query } from './definition.ts'
import { backendKind, maxConcurrent, maxModelLength, maxOutputTokensLimit, pricing, promise } from './orders.ts'
import {
  amountMicro,
  changed,
  classKey,
  count,
  durationMs,
  flag,
  line,
  listUpTo,
  must,
  record,
  revision,
  text,
  timeMs,
  url,
  whole,
  wordOf,
} from './primitives.ts'

export const maxOffers = 20
export const maxBackends = 8
export const maxReasonLength = 300
/** Eleven steps, each for every backend. */
const maxChecks = 11 * (maxBackends + 1)
export const daysInWeek = 7
export const maxTryOutLength = 4_000
export const maxTryOutTokens = 1_000
export const maxMoneyCents = 10_000_000

/** A name under which the key store keeps a credential; the credential itself never crosses this boundary. */
export const keyRef = line(64, 1)
/** The signed consent that stands behind a backend; null where the policy asks for none (practice). */
export const consentRef = line(64, 1).nullable()

/** The key that the Claude Code program runs with; without one it has its user's own login, which serves nobody else. */
export const cliKey = record({ keyRef, baseUrl: url })
const model = line(maxModelLength, 1)
const mustBeBackend = must('a backend of kind practice, local, anthropic or claude-cli')

export const backend = z.discriminatedUnion(
  'kind',
  [
    record({ kind: z.literal('practice') }),
    record({ kind: z.literal('local'), baseUrl: url, model }),
    record({ kind: z.literal('anthropic'), baseUrl: url, model, keyRef }),
    record({ kind: z.literal('claude-cli'), model, key: cliKey.nullable() }),
  ],
  mustBeBackend,
)

/** A backend before its model is chosen. */
export const backendAddress = z.discriminatedUnion(
  'kind',
  [
    record({ kind: z.literal('practice') }),
    record({ kind: z.literal('local'), baseUrl: url }),
    record({ kind: z.literal('anthropic'), baseUrl: url, keyRef }),
    record({ kind: z.literal('claude-cli'), key: cliKey.nullable() }),
  ],
  mustBeBackend,
)
export type BackendAddress = z.output<typeof backendAddress>
export const maxModels = 200

const hoursOfDay = whole(0, 2 ** 24 - 1)
const capFields = {
  concurrent: whole(1, maxConcurrent),
  tasksPerDay: whole(1, 1_000_000),
  outputTokensPerTask: whole(1, maxOutputTokensLimit),
  outputTokensPerDay: whole(1, 1_000_000_000),
  /** What the backend may bill its owner, in hundredths of the vendor's currency; 0 for one without a bill. */
  moneyPerDayCents: whole(0, maxMoneyCents),
  moneyPerMonthCents: whole(0, maxMoneyCents),
}
/** A day is any 24 hours and a month any 30 days, so that a cap holds across midnight and travel. */
export const caps = record({
  ...capFields,
  /** What the vendor charges, as its owner knows it; 0 where nothing is billed. */
  centsPerMillionInputTokens: whole(0, 1_000_000),
  centsPerMillionOutputTokens: whole(0, 1_000_000),
  /** Seven days from Monday; bit h of a day stands for the hour that begins at h:00, local time. */
  weeklyHours: listUpTo(hoursOfDay, daysInWeek).refine((days) => days.length === daysInWeek, 'must have seven days'),
})

export const offerDraft = record({ classKey, pricing, promise })

/** What provider mode is switched on with. */
const choiceFields = {
  backend,
  consentRef,
  caps,
  offers: listUpTo(offerDraft, maxOffers),
  /** Every stranger's task waits for a word, where the policy leaves that to its owner; elsewhere nothing changes. */
  approveEachTask: flag,
}
export const providerChoice = record(choiceFields)
export type ProviderChoice = z.output<typeof providerChoice>

/** Names one of a provider's backends; 0 is one that came from the command line and is not kept. */
export const backendId = whole(0, 1_000_000_000)

const { outputTokensPerTask: _task, ...togetherFields } = capFields
/** Over all backends together. */
export const togetherCaps = record(togetherFields)

const rulesFields = {
  /** Of each day's and month's caps, kept for the owner's own tasks. */
  reservePercent: whole(0, 90),
  /** Minutes without keyboard and mouse before anything is served; 0 serves at any time. */
  idleMinutes: whole(0, 240),
  onBattery: wordOf(['serve', 'hold']),
  onMetered: wordOf(['serve', 'hold']),
  /** What all backends together give at most, beside each one's own caps; null: no more than those. */
  together: togetherCaps.nullable(),
}
export const ownerRules = record(rulesFields)

const startErrors = [
  'policy-refused',
  'consent-missing',
  'backend-unreachable',
  'key-missing',
  'already-running',
  'class-taken',
  'too-many-backends',
] as const

/** Every row of the policy table; see `core/compliance/policy.ts` for what each stands for. */
export const policyBackend = wordOf([
  'practice',
  'local-model',
  'anthropic-api',
  'claude-cli-api-key',
  'claude-cli-personal-login',
  'claude-cli-seat-login',
  'web-session',
  'claude-by-local-server',
])
export const verdict = wordOf(['allow', 'ask-each-time', 'refuse'])
export const relation = wordOf(['own', 'organisation', 'community'])

const policyCell = record({
  relation,
  /** Stable, such as `anthropic-api/community`. */
  rule: line(80),
  kind: wordOf(['allow', 'allow-started-by-user', 'allow-after-attestation', 'ask-unless-waived', 'ask-after-vendor-approval', 'refuse']),
  /** The cell in words, for people. */
  sentence: line(maxReasonLength),
})
const policyRow = record({
  backend: policyBackend,
  cells: listUpTo(policyCell, 3),
  /** What it comes to for this member today, with others of this federation. */
  now: record({ verdict, rule: line(80), reason: line(maxReasonLength) }),
})

const hold = record({ rule: line(40), reason: line(maxReasonLength) })

const backendRow = record({
  id: backendId,
  kind: backendKind,
  model: line(maxModelLength),
  /** What it was last switched on with; null for one that is not kept. */
  choice: providerChoice.nullable(),
  caps,
  /** `starting`: it is asked for the first time, or again because it was not there when the program started. */
  state: wordOf(['off', 'starting', 'on']),
  /** Why it offers nothing at the moment although it is on, such as the hours of the week; it goes on by itself. */
  hold: hold.nullable(),
  /** What is wrong with it and what to do, for people; null while it is healthy. */
  problem: line(maxReasonLength).nullable(),
  /** What the policy table comes to for it and this member today. */
  policy: record({ verdict, reason: line(maxReasonLength) }),
  activeOffers: count,
  runningTasks: count,
  /** Of the last 24 hours, and of 30 days: used, or reserved for what runs. */
  tasksToday: count,
  outputTokensToday: count,
  moneyTodayCents: count,
  moneyThisMonthCents: count,
})

export const provider = {
  status: query({
    input: {},
    output: record({
      revision,
      state: wordOf(['stopped', 'starting', 'running', 'paused', 'stopping']),
      /** Null while paused until somebody resumes it. */
      pausedUntilMs: timeMs.nullable(),
      /** Why none of those that are on offers anything at the moment; null as long as one does. */
      hold: hold.nullable(),
      backends: listUpTo(backendRow, maxBackends + 1),
      activeOffers: count,
      runningTasks: count,
      approvalsWaiting: count,
      /** Over all backends. Of the last 24 hours: used, or reserved for what runs. */
      tasksToday: count,
      outputTokensToday: count,
      moneyTodayCents: count,
      moneyThisMonthCents: count,
      earnedTodayMicro: amountMicro,
      earnedMicro: amountMicro,
    }),
  }),
  /** Puts a backend to work: another one, or one of the same kind, address, model and key with these choices from now on. */
  start: command({
    input: choiceFields,
    output: record({ backendId }),
    errors: startErrors,
  }),
  /** Withdraws the offers of one backend, or of all, aborts what runs on it and refunds it. */
  stop: command({ input: { backendId: backendId.optional() }, output: record({}), errors: [] }),
  /** Stops a backend and forgets it, with what it was switched on with. Its consent and its key stay. */
  remove: command({ input: { backendId }, output: record({}), errors: ['not-found'] }),
  /** Withdraws all offers and lets what runs finish; null pauses until \`resume\`. */
  pause: command({ input: { forMs: durationMs.nullable() }, output: record({}), errors: ['provider-stopped'] }),
  /** Ends a pause, or switches on again what everything was switched off with; or switches one backend on as it was. */
  resume: command({ input: { backendId: backendId.optional() }, output: record({}), errors: ['not-configured', ...startErrors] }),
  /** Asks a backend how it is and what it can run, before anything is offered. */
  check: query({
    input: { backend: backendAddress },
    output: record({ healthy: flag, problem: line(maxReasonLength).nullable(), models: listUpTo(line(maxModelLength), maxModels) }),
    errors: ['key-missing'],
  }),
  /** The owner comes first: when others are not served although everything else would allow it. They hold over every backend. */
  rules: query({
    input: {},
    output: record({
      revision,
      rules: ownerRules,
      /** Which of them this computer can tell about itself; a rule on what it cannot tell holds everything back. */
      known: record({ idle: flag, battery: flag, metered: flag }),
      /** What the owner's own tasks used of the caps in the last 24 hours. */
      ownToday: record({ tasks: count, outputTokens: count, moneyCents: count }),
    }),
  }),
  setRules: command({ input: rulesFields, output: record({}), errors: [] }),
  /** What can already run tasks on this computer: model servers on their usual ports, and the user's Claude Code program. */
  discover: query({
    input: {},
    output: record({
      servers: listUpTo(record({ program: line(40), baseUrl: url, models: listUpTo(line(maxModelLength), maxModels) }), 10),
      claude: record({
        path: line(1_000),
        /** By its own word; its files are never opened. `other` is a cloud provider's. */
        login: wordOf(['none', 'api-key', 'personal', 'seat', 'other']),
      }).nullable(),
    }),
  }),
  /** The user's own words to a backend, run here and now for nobody else. The only use of a personal login. */
  tryOut: command({
    input: { backend, prompt: text(maxTryOutLength, 1), maxOutputTokens: whole(1, maxTryOutTokens) },
    output: record({ text: text(maxTryOutTokens * 16), inputTokens: count, outputTokens: count, tookMs: count }),
    errors: ['policy-refused', 'key-missing', 'backend-unreachable', 'backend-failed', 'secret-found'],
  }),
  /** The table by which everything is decided, and what it comes to here. */
  policy: query({
    input: {},
    output: record({
      revision,
      /** The day on which the vendor's published terms were last read for it. */
      termsReadOn: line(10),
      sources: listUpTo(record({ title: line(200), url }), 10),
      /** How the members of this federation stand to each other at best. */
      relation,
      rows: listUpTo(policyRow, 10),
    }),
  }),
  /** "Why am I getting no work?": everything that has to be right, in order, with what to do about the first that is not. */
  diagnosis: query({
    input: {},
    output: record({
      revision,
      checks: listUpTo(
        record({
          step: wordOf([
            'switch',
            'policy',
            'consent',
            'backend',
            'hours',
            'owner',
            'caps',
            'reachability',
            'price',
            'reputation',
            'demand',
          ]),
          /** Whom it is about, where it is not all of them. */
          backend: record({ id: backendId, kind: backendKind, model: line(maxModelLength) }).nullable(),
          isFine: flag,
          finding: line(maxReasonLength),
          remedy: line(maxReasonLength).nullable(),
        }),
        maxChecks,
      ),
      /** What became of the requests of the last hour: a bid, a task, or the rule that stood in the way. */
      demand: listUpTo(record({ outcome: line(40), count }), 40),
    }),
  }),
  earnings: query({
    input: {},
    output: record({
      revision,
      /** The last 60 days in UTC, oldest first, from the first one with a task. */
      days: listUpTo(record({ day: line(10), earnedMicro: amountMicro, tasks: count }), 61),
      byBackend: listUpTo(record({ backend: backendKind, earnedMicro: amountMicro, tasks: count, costCents: count }), 10),
      /** What certified trades paid this account for tasks that ran elsewhere: on its other computers, or in a folder before this one. */
      elsewhere: record({ earnedMicro: amountMicro, tasks: count }),
      /** One day ahead from realised earnings alone; null before there are eight days. */
      forecast: record({
        lowMicro: amountMicro,
        middleMicro: amountMicro,
        highMicro: amountMicro,
        /** How far the same forecast was off on the days it can be tried on, on average. */
        meanErrorPpm: whole(0, 1_000_000),
        testedDays: count,
      }).nullable(),
    }),
  }),
  changed: event(changed),
} as const
