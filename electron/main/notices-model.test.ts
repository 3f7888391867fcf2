import { describe, expect, test } from 'vitest'
import { contractExamples } from '../../core/contract/testing/contract-examples.ts'
import { isQuiet, nextNotices, nothingSaid, type NoticeChoice, type NoticeMemory, type NoticeState } from './notices-model.ts'
import { texts } from './texts.ts'

const hourMs = 3_600_000
const choice: NoticeChoice = {
  notifyApprovals: 'outside-quiet-hours',
  notifyProblems: 'outside-quiet-hours',
  notifyPayments: 'outside-quiet-hours',
  quietFromHour: 22,
  quietUntilHour: 7,
}
const provider = { ...contractExamples.provider.status.output, state: 'running' as const, earnedMicro: 1_000_000n, backends: [] }
const backends = (problem: string | null): NonNullable<NoticeState['provider']>['backends'] =>
  contractExamples.provider.status.output.backends.map((backend) => ({ ...backend, problem }))
const [example] = contractExamples.approvals.list.output.rows
if (example === undefined) throw new Error('the examples have one')
const approval = (digit: string) => ({ ...example, id: digit.repeat(64), prompt: 'A private matter of somebody else.' })
const state = (changed: Partial<NoticeState> = {}): NoticeState => ({
  provider,
  approvals: [],
  choice,
  nowMs: 10 * hourMs,
  localHour: 12,
  words: texts.en.notices,
  ...changed,
})
/** The titles of each step, one after the other. */
const told = (...states: readonly NoticeState[]): readonly (readonly string[])[] => {
  let memory: NoticeMemory = nothingSaid
  return states.map((next) => {
    const step = nextNotices(memory, next)
    memory = step.memory
    return [...step.show.map(({ key, body }) => `${key.split(' ')[0]}: ${body}`), ...step.close.map((key) => `close ${key.split(' ')[0]}`)]
  })
}

describe('a task that waits', () => {
  test('is told once, can be decided there, leads to the place where it is read, and goes when it is decided', () => {
    const waiting = state({ approvals: [approval('1')] })
    const [first, again, second, over] = told(waiting, waiting, state({ approvals: [approval('1'), approval('2')] }), state())
    expect([first?.length, again, second?.length, over]).toEqual([1, [], 1, ['close approval', 'close approval']])
    const [notice] = nextNotices(nothingSaid, waiting).show
    expect([notice?.place, notice?.approvalId]).toEqual(['#/provide', '1'.repeat(64)])
  })

  test('does not show a word of its text: a desktop keeps what it has shown', () => {
    expect(JSON.stringify(nextNotices(nothingSaid, state({ approvals: [approval('1')] })).show)).not.toContain('private')
  })

  test('is not told in quiet hours, unless its owner chose so; nor afterwards, when it is refused already', () => {
    const [, , after] = told(state({ approvals: [approval('1')], localHour: 23 }), state({ localHour: 23 }), state({ localHour: 8 }))
    expect(told(state({ approvals: [approval('1')], localHour: 23 }))).toEqual([[]])
    expect(after).toEqual([])
    expect(told(state({ approvals: [approval('1')], localHour: 23, choice: { ...choice, notifyApprovals: 'always' } }))[0]).toHaveLength(1)
    expect(told(state({ approvals: [approval('1')], choice: { ...choice, notifyApprovals: 'never' } }))).toEqual([[]])
  })
})

describe('a problem', () => {
  const broken = (changed: Partial<NoticeState> = {}) =>
    state({ provider: { ...provider, backends: backends('Nothing answers.') }, ...changed })

  test('is told once, and taken back when it is over', () => {
    expect(told(broken(), broken(), state(), broken())).toEqual([
      ['problem: Nothing answers.'],
      [],
      ['close problem'],
      ['problem: Nothing answers.'],
    ])
  })

  test('that begins at night is told in the morning, if it is still there', () => {
    expect(told(broken({ localHour: 2 }), broken({ localHour: 6 }), broken({ localHour: 7 }))).toEqual([
      [],
      [],
      ['problem: Nothing answers.'],
    ])
    expect(told(broken({ localHour: 2 }), state({ localHour: 7 }))).toEqual([[], []])
  })

  test('of a provider that is off is none', () => {
    expect(told(state({ provider: { ...provider, state: 'stopped', backends: backends('Gone.') } }))).toEqual([[]])
  })
})

test('what is told is in the language of the screens', () => {
  const { show } = nextNotices(nothingSaid, state({ approvals: [approval('1')], words: texts.de.notices }))
  expect(show.map(({ title, body }) => [title, body])).toEqual([
    ['Eine Aufgabe wartet auf Ihr Wort', expect.stringContaining('Ohne ein Wort von Ihnen wird sie abgelehnt.')],
  ])
})

describe('a payment', () => {
  const earned = (micro: bigint, changed: Partial<NoticeState> = {}) => state({ provider: { ...provider, earnedMicro: micro }, ...changed })

  test('is told from the first one after the start, and small ones together, an hour apart', () => {
    expect(
      told(
        earned(5_000_000n),
        earned(5_500_000n),
        earned(5_600_000n, { nowMs: 10 * hourMs + 60_000 }),
        earned(5_700_000n, { nowMs: 11 * hourMs }),
      ),
    ).toEqual([[], ['paid: 0.5 RUV for what you provided.'], [], ['paid: 0.2 RUV for what you provided.']])
  })

  test('at night is told in the morning, and a database that was put back pays nobody', () => {
    expect(told(earned(1n), earned(2_000_001n, { localHour: 23 }), earned(2_000_001n, { localHour: 8 }))).toEqual([
      [],
      [],
      ['paid: 2 RUV for what you provided.'],
    ])
    expect(told(earned(9_000_000n), earned(1_000_000n), earned(1_500_000n))).toEqual([[], [], ['paid: 0.5 RUV for what you provided.']])
  })
})

test('in German the problem of a backend is said in German', () => {
  const troubled = { ...provider, backends: backends('The model server is busy.') }
  expect(told(state({ provider: troubled, words: texts.de.notices }))).toEqual([['problem: Der Modellserver ist beschäftigt.']])
})

test('without a market nothing is told', () => expect(told(state({ provider: null }))).toEqual([[]]))

test.each([
  [22, 7, [22, 23, 0, 6], [7, 12, 21]],
  [9, 17, [9, 16], [8, 17, 0]],
  [8, 8, [], [0, 8, 23]],
])('quiet from %i to %i', (quietFromHour, quietUntilHour, quiet, awake) => {
  const at = (hour: number) => isQuiet({ ...choice, quietFromHour, quietUntilHour }, hour)
  expect([quiet.every(at), awake.some(at)]).toEqual([true, false])
})
