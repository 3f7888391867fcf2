import { expect, test } from 'vitest'
import type { PolicyDecision } from '../compliance/policy.ts'
import { unbilled } from '../compliance/caps.ts'
import { createPracticeExecutor } from '../executors/practice.ts'
import type { Signed, TaskRequest } from '../orders/model.ts'
import { createManualClock } from '../platform/clock.ts'
import { createAdmission } from './admission.ts'
import type { Room } from './room.ts'

const hash = new Uint8Array(32).fill(1)
const request = { value: { client: hash, maxOutputTokens: 10, inputBucketBytes: 1_024 } } as unknown as Signed<TaskRequest>
const promised = { request, backendId: 1 }

test.each([
  ['allow', { ok: true, value: { isAsked: false } }],
  ['ask', { ok: true, value: { isAsked: true } }],
  ['refuse', { ok: false, error: { code: 'refused-by-policy' } }],
] as const)(
  'what was allowed when it was bid on and is now to %s: the last word before it runs counts, and is written down',
  (verdict, expected) => {
    const noted: string[] = []
    const clock = createManualClock()
    const decision: PolicyDecision = { verdict, rule: 'local-model/community', sentence: 'Because.' }
    const serving = {
      executor: createPracticeExecutor({ seed: 'x', clock }),
      id: 1,
      backend: 'local-model' as const,
      offers: () => [],
      caps: { ...unbilled, concurrent: 1, tasksPerDay: 1, outputTokensPerTask: 10, outputTokensPerDay: 10 },
      decisionFor: () => decision,
      restsBecause: () => null,
      isPaused: () => false,
    }
    const audit = {
      note: ({ outcome, rule }: { outcome: string; rule: string }) => void noted.push(`${outcome} ${rule}`),
      tally: () => undefined,
    }
    const admission = createAdmission({ clock, audit, room: {} as Room, serving: (id) => (id === 1 ? serving : null) })
    expect(admission.mayRun(promised, hash)).toMatchObject(expected)
    expect(noted).toEqual([`${verdict} local-model/community`])
  },
)

test('nothing runs once provider mode is off', () => {
  const admission = createAdmission({
    clock: createManualClock(),
    audit: { note: () => undefined, tally: () => undefined },
    room: {} as Room,
    serving: () => null,
  })
  expect(admission.mayRun(promised, hash)).toMatchObject({ ok: false, error: { code: 'not-serving' } })
})

test('a bid that is out does not reach past its owner’s rules', () => {
  const noted: string[] = []
  const clock = createManualClock()
  const note = ({ outcome, rule }: { outcome: string; rule: string }) => void noted.push(`${outcome} ${rule}`)
  const serving = {
    executor: createPracticeExecutor({ seed: 'x', clock }),
    id: 1,
    backend: 'local-model' as const,
    offers: () => [],
    caps: { ...unbilled, concurrent: 1, tasksPerDay: 1, outputTokensPerTask: 10, outputTokensPerDay: 10 },
    decisionFor: () => ({ verdict: 'allow' as const, rule: 'local-model/community', sentence: 'Because.' }),
    restsBecause: () => ({ rule: 'battery', reason: 'The computer runs on battery.' }),
    isPaused: () => false,
  }
  const admission = createAdmission({ clock, audit: { note, tally: () => undefined }, room: {} as Room, serving: () => serving })
  expect(admission.mayRun(promised, hash)).toMatchObject({ ok: false, error: { code: 'not-serving' } })
  expect(noted).toEqual(['hold battery'])
})
