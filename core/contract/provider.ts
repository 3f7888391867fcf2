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

export const caps = record({
  concurrent: whole(1, maxConcurrent),
  tasksPerDay: whole(1, 1_000_000),
  outputTokensPerTask: whole(1, maxOutputTokensLimit),
  outputTokensPerDay: whole(1, 1_000_000_000),
})

export const offerDraft = record({ classKey, pricing, promise })

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
export const maxModels = 200

export const provider = {
  status: query({
    input: {},
    output: record({
      revision,
      state: wordOf(['stopped', 'starting', 'running', 'paused', 'stopping']),
      /** Null while paused until somebody resumes it. */
      pausedUntilMs: timeMs.nullable(),
      /** What \`resume\` would start again: the choices of the last start. */
      configured: record({ backend, consentRef, caps, offers: listUpTo(offerDraft, maxOffers) }).nullable(),
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
      tasksToday: count,
      outputTokensToday: count,
      earnedMicro: amountMicro,
    }),
  }),
  start: command({
    input: { backend, consentRef, caps, offers: listUpTo(offerDraft, maxOffers) },
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
