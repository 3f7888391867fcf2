import { describe, expect, test } from 'vitest'
import { costMillicents, hoursUntilAllowed, isHourAllowed, refusalByCaps, unbilled, type CapUse, type ProviderCaps } from './caps.ts'

const caps: ProviderCaps = {
  ...unbilled,
  tasksPerDay: 10,
  outputTokensPerTask: 1_000,
  outputTokensPerDay: 5_000,
  moneyPerDayCents: 100,
  moneyPerMonthCents: 150,
  concurrent: 2,
}
const use: CapUse = { running: 0, tasksToday: 0, outputTokensToday: 0, millicentsToday: 0, millicentsThisMonth: 0 }
const task = { outputTokens: 1_000, millicents: 10_000 }

test('a task that just fits every cap may run', () => {
  const nearly = { running: 1, tasksToday: 9, outputTokensToday: 4_000, millicentsToday: 90_000, millicentsThisMonth: 140_000 }
  expect(refusalByCaps(caps, nearly, task)).toBeNull()
})

test.each<[string, Partial<CapUse>, Partial<typeof task>]>([
  ['task-size', {}, { outputTokens: 1_001 }],
  ['concurrency', { running: 2 }, {}],
  ['tasks-a-day', { tasksToday: 10 }, {}],
  ['tokens-a-day', { outputTokensToday: 4_001 }, {}],
  ['money-a-day', { millicentsToday: 90_001 }, {}],
  ['money-a-month', { millicentsThisMonth: 140_001 }, {}],
])('a task over a cap is refused with the cap that it meets: %s', (rule, used, asked) => {
  const refused = refusalByCaps(caps, { ...use, ...used }, { ...task, ...asked })
  expect(refused).toEqual({ rule, sentence: expect.stringMatching(/^[A-Z].*\.$/) as string })
})

test('a cost is rounded up, so that many small tasks never cost more than what was counted', () => {
  const priced = { ...caps, centsPerMillionInputTokens: 300, centsPerMillionOutputTokens: 1_500 }
  expect(costMillicents(priced, { inputTokens: 1_000_000, outputTokens: 1_000_000 })).toBe(1_800_000)
  expect(costMillicents(priced, { inputTokens: 1, outputTokens: 0 })).toBe(1)
  expect(costMillicents(caps, { inputTokens: 1_000_000, outputTokens: 1_000_000 })).toBe(0)
})

describe('hours of the week', () => {
  // Monday from 22:00, Tuesday until 02:00.
  const nightly = { weeklyHours: [0b11 << 22, 0b11, 0, 0, 0, 0, 0] }
  test('an hour is allowed when its bit is set, and no hour outside of the week is', () => {
    const allowed = Array.from({ length: 170 }, (_, hour) => hour).filter((hour) => isHourAllowed(nightly, hour))
    expect(allowed).toEqual([22, 23, 24, 25])
    expect(Array.from({ length: 168 }, (_, hour) => hour).every((hour) => isHourAllowed(caps, hour))).toBe(true)
  })
  test('the next allowed hour is found over the end of the week, and none when there is none', () => {
    expect([0, 22, 25, 26, 167].map((hour) => hoursUntilAllowed(nightly, hour))).toEqual([22, 0, 0, 164, 23])
    expect(hoursUntilAllowed({ weeklyHours: [0, 0, 0, 0, 0, 0, 0] }, 0)).toBeNull()
  })
})
