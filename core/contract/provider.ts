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
  timeMs,
  url,
  whole,
  wordOf,
} from './primitives.ts'

export const maxOffers = 20
export const maxReasonLength = 300
export const daysInWeek = 7
export const maxMoneyCents = 10_000_000

/** A name under which the key store keeps a credential; the credential itself never crosses this boundary. */
export const keyRef = line(64, 1)
/** The signed consent that stands behind a backend; null where the policy asks for none (practice). */
export const consentRef = line(64, 1).nullable()

export const backend = z.discriminatedUnion(
  'kind',
  [
    record({ kind: z.literal('practice') }),
    record({ kind: z.literal('local'), baseUrl: url, model: line(maxModelLength, 1) }),
    record({ kind: z.literal('anthropic'), baseUrl: url, model: line(maxModelLength, 1), keyRef }),
  ],
  must('a backend of kind practice, local or anthropic'),
)

const hoursOfDay = whole(0, 2 ** 24 - 1)
/** A day is any 24 hours and a month any 30 days, so that a cap holds across midnight and travel. */
export const caps = record({
  concurrent: whole(1, maxConcurrent),
  tasksPerDay: whole(1, 1_000_000),
  outputTokensPerTask: whole(1, maxOutputTokensLimit),
  outputTokensPerDay: whole(1, 1_000_000_000),
  /** What the backend may bill its owner, in hundredths of the vendor's currency; 0 for one without a bill. */
  moneyPerDayCents: whole(0, maxMoneyCents),
  moneyPerMonthCents: whole(0, maxMoneyCents),
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

const startErrors = ['policy-refused', 'consent-missing', 'backend-unreachable', 'key-missing', 'already-running'] as const

/** A backend before its model is chosen. */
export const backendAddress = z.discriminatedUnion(
  'kind',
  [
    record({ kind: z.literal('practice') }),
    record({ kind: z.literal('local'), baseUrl: url }),
    record({ kind: z.literal('anthropic'), baseUrl: url, keyRef }),
  ],
  must('a backend of kind practice, local or anthropic'),
)
export type BackendAddress = z.output<typeof backendAddress>
export const maxModels = 200

export const provider = {
  status: query({
    input: {},
    output: record({
      revision,
      state: wordOf(['stopped', 'starting', 'running', 'paused', 'stopping']),
      /** Null while paused until somebody resumes it. */
      pausedUntilMs: timeMs.nullable(),
      /** Why nothing is offered at the moment although it is on, such as the hours of the week; it goes on by itself. */
      hold: record({ rule: line(40), reason: line(maxReasonLength) }).nullable(),
      /** What `resume` would start again: the choices of the last start. */
      configured: providerChoice.nullable(),
      backend: record({
        kind: backendKind,
        model: line(maxModelLength),
        healthy: flag,
        /** What is wrong with it and what to do, for people. */
        problem: line(maxReasonLength).nullable(),
      }).nullable(),
      policy: record({ verdict: wordOf(['allow', 'ask-each-time', 'refuse']), reason: line(maxReasonLength) }).nullable(),
      caps: caps.nullable(),
      activeOffers: whole(0, maxOffers),
      runningTasks: whole(0, maxConcurrent),
      approvalsWaiting: whole(0, maxConcurrent),
      /** Of the last 24 hours: used, or reserved for what runs. */
      tasksToday: count,
      outputTokensToday: count,
      moneyTodayCents: count,
      moneyThisMonthCents: count,
      earnedTodayMicro: amountMicro,
      earnedMicro: amountMicro,
    }),
  }),
  start: command({
    input: choiceFields,
    output: record({}),
    errors: startErrors,
  }),
  /** Withdraws all offers, aborts what runs and refunds it. */
  stop: command({ input: {}, output: record({}), errors: [] }),
  /** Withdraws all offers and lets what runs finish; null pauses until \`resume\`. */
  pause: command({ input: { forMs: durationMs.nullable() }, output: record({}), errors: ['provider-stopped'] }),
  /** Ends a pause, or starts with the choices of the last start. */
  resume: command({ input: {}, output: record({}), errors: ['not-configured', ...startErrors] }),
  /** Asks a backend how it is and what it can run, before anything is offered. */
  check: query({
    input: { backend: backendAddress },
    output: record({ healthy: flag, problem: line(maxReasonLength).nullable(), models: listUpTo(line(maxModelLength), maxModels) }),
    errors: ['key-missing'],
  }),
  changed: event(changed),
} as const
