import { describe, expect, it } from 'vitest'
import {
  emptyRegister,
  exchange,
  isSplit,
  noTx,
  skipAfterMs,
  type Ballot,
  type Candidate,
  type RegisterContext,
  type RegisterInput,
} from './register.ts'
import { anyTime, type Window } from './rules.ts'
import { explore } from './testing/small-scope.ts'

const context: RegisterContext = { me: 0, size: 4, faults: 1, leaderOf: (view) => view % 4, leaderMarginMs: 1_000 }
const nothing: RegisterInput = { candidates: [], ballots: [], suggestions: [], wantSkip: false }
const candidate = (tx: string, window: Window = anyTime, rank = 0): Omit<Candidate, 'timely'> => ({ tx, window, rank })
const ballots = (kind: Ballot['kind'], view: number, tx: string, witnesses: readonly number[]): readonly Ballot[] =>
  witnesses.map((witness) => ({ kind, view, tx, witness }))
const castOf = (cast: readonly Ballot[]): readonly string[] => cast.map(({ kind, view, tx }) => `${kind}${view}${tx}`)

/** Runs inputs one after the other at given times and gives back what was cast at each. */
const run = (inputs: readonly (readonly [number, Partial<RegisterInput>])[], by: RegisterContext = context) => {
  let state = emptyRegister
  const casts: (readonly string[])[] = []
  for (const [nowMs, input] of inputs) {
    const step = exchange(state, { ...nothing, ...input }, nowMs, by)
    state = step.state
    casts.push(castOf(step.cast))
  }
  return { state, casts }
}

describe('view 0', () => {
  it('notarizes the first transaction and never a second one (R1)', () => {
    const { casts } = run([
      [0, { candidates: [candidate('aa')] }],
      [1, { candidates: [candidate('bb')] }],
      [2, { candidates: [candidate('bb'), candidate('aa')] }],
    ])
    expect(casts).toEqual([['N0aa'], [], []])
  })

  it('finalizes only what q witnesses notarized (R5)', () => {
    const two = run([
      [0, { candidates: [candidate('aa')] }],
      [1, { ballots: ballots('N', 0, 'aa', [1]) }],
    ])
    const three = run([
      [0, { candidates: [candidate('aa')] }],
      [1, { ballots: ballots('N', 0, 'aa', [1, 2]) }],
    ])
    expect([two.casts, three.casts]).toEqual([
      [['N0aa'], []],
      [['N0aa'], ['F0aa']],
    ])
  })

  it('finalizes a notarized transaction that it voted against and never saw', () => {
    const { casts } = run([
      [0, { candidates: [candidate('bb')] }],
      [1, { ballots: ballots('N', 0, 'aa', [1, 2, 3]) }],
    ])
    expect(casts).toEqual([['N0bb'], ['F0aa']])
  })

  it('votes outside no window, and gives a receipt only for what came in its window', () => {
    const window = { notBeforeMs: 100, notAfterMs: 200 }
    const early = run([
      [99, { candidates: [candidate('aa', window)] }],
      [100, { candidates: [candidate('aa', window)] }],
    ])
    const late = run([[201, { candidates: [candidate('aa', window)] }]])
    expect([early.casts, late.casts]).toEqual([[[], ['T0aa', 'N0aa']], [[]]])
  })

  it('knows a split as soon as no transaction can reach a quorum any more', () => {
    const tallies = (a: readonly number[], b: readonly number[]) => [
      { kind: 'N', view: 0, tx: 'aa', voters: new Set(a) } as const,
      { kind: 'N', view: 0, tx: 'bb', voters: new Set(b) } as const,
    ]
    expect([isSplit(tallies([0, 1], [2]), 4, 3), isSplit(tallies([0, 1], [2, 3]), 4, 3), isSplit(tallies([0, 1, 3], [2]), 4, 3)]).toEqual([
      false,
      true,
      false,
    ])
  })
})

describe('skipping', () => {
  it('waits for Δ unless two votes prove contention, and needs to be asked (R6)', () => {
    const start = [0, { candidates: [candidate('aa')] }] as const
    const unasked = run([start, [skipAfterMs(0), {}]])
    const early = run([start, [skipAfterMs(0) - 1, { wantSkip: true }]])
    const due = run([start, [skipAfterMs(0), { wantSkip: true }]])
    const contended = run([start, [1, { candidates: [candidate('bb')], ballots: ballots('N', 0, 'bb', [1]), wantSkip: true }]])
    expect([unasked, early, due, contended].map(({ casts }) => casts[1])).toEqual([[], [], ['S0'], ['S0']])
  })

  it('excludes finalizing in the same view, in either order (R2)', () => {
    const skippedFirst = run([
      [0, { candidates: [candidate('aa')] }],
      [2_000, { wantSkip: true }],
      [2_001, { ballots: ballots('N', 0, 'aa', [1, 2]) }],
    ])
    const finalizedFirst = run([
      [0, { candidates: [candidate('aa')] }],
      [1, { ballots: ballots('N', 0, 'aa', [1, 2]) }],
      [9_999_999, { wantSkip: true }],
    ])
    expect(skippedFirst.casts).toEqual([['N0aa'], ['S0'], []])
    expect(finalizedFirst.casts.flat()).toEqual(['N0aa', 'F0aa', 'S1'])
  })

  it('doubles its patience with every view', () => {
    expect([0, 1, 2, 6, 7].map(skipAfterMs)).toEqual([2_000, 2_000, 4_000, 64_000, 128_000])
  })

  it('stays in a view for which there is nothing to choose, until there is', () => {
    const window = { notBeforeMs: 0, notAfterMs: 100 }
    const opened = { candidates: [candidate('aa', window)], ballots: ballots('S', 0, noTx, [1, 2, 3]) }
    const { casts, state } = run([
      [0, opened],
      [9_999_999, { wantSkip: true }],
      [10_000_000, { candidates: [candidate('bb')], wantSkip: true }],
    ])
    expect([casts, state.view]).toEqual([[['T0aa'], [], ['S1']], 1])
  })

  it('leaves a view whose leader has proposed what nobody may vote for', () => {
    const window = { notBeforeMs: 0, notAfterMs: 100 }
    const opened = { candidates: [candidate('aa', window)], ballots: ballots('S', 0, noTx, [1, 2, 3]) }
    const { casts } = run([
      [0, { ...opened, suggestions: [{ view: 1, tx: 'aa', parent: null }] }],
      [skipAfterMs(1), { wantSkip: true }],
    ])
    expect(casts).toEqual([['T0aa'], ['S1']])
  })
})

describe('views after a conflict', () => {
  const skipped = { ballots: ballots('S', 0, noTx, [1, 2, 3]) }

  it('lets the leader carry the notarized value on', () => {
    const leader = { ...context, leaderOf: () => 0 }
    const { state } = run(
      [
        [0, { candidates: [candidate('aa')] }],
        [1, { ballots: [...ballots('N', 0, 'bb', [1, 2, 3]), ...skipped.ballots] }],
      ],
      leader,
    )
    expect(state.suggestions).toEqual([{ view: 1, tx: 'bb', parent: 0 }])
  })

  it('lets the leader choose by rank, then by hash, when every view was skipped', () => {
    const leader = { ...context, leaderOf: () => 0 }
    const candidates = [candidate('cc', anyTime, 1), candidate('bb'), candidate('aa')]
    const { state } = run([[0, { candidates, ...skipped }]], leader)
    expect(state.suggestions).toEqual([{ view: 1, tx: 'aa', parent: null }])
  })

  it('follows a suggestion only if it is justified (R3)', () => {
    const follows = (input: Partial<RegisterInput>): readonly string[] =>
      run([[0, { candidates: [candidate('aa'), candidate('bb')], ...input }]]).casts[0] ?? []
    const free = { view: 1, tx: 'bb', parent: null }
    const carried = { view: 1, tx: 'bb', parent: 0 }
    expect(follows({ ...skipped, suggestions: [free] })).toContain('N1bb')
    expect(follows({ ...skipped, suggestions: [carried] })).not.toContain('N1bb')
    expect(follows({ ballots: ballots('N', 0, 'aa', [1, 2, 3]), suggestions: [carried] })).not.toContain('N1bb')
    expect(follows({ ballots: ballots('N', 0, 'bb', [1, 2, 3]), suggestions: [free] })).not.toContain('N1bb')
    expect(follows({ ballots: ballots('N', 0, 'bb', [1, 2, 3]), suggestions: [carried] })).toContain('N1bb')
  })

  it('follows a timed transaction only with receipts of f+1 witnesses, and not before its time', () => {
    const window = { notBeforeMs: 100, notAfterMs: 200 }
    const follows = (nowMs: number, receipts: readonly number[]): boolean => {
      const input = { candidates: [candidate('aa', window)], suggestions: [{ view: 1, tx: 'aa', parent: null }] }
      return run([[nowMs, { ...input, ballots: [...skipped.ballots, ...ballots('T', 0, 'aa', receipts)] }]])
        .casts.flat()
        .includes('N1aa')
    }
    expect([follows(201, [1]), follows(201, [1, 2]), follows(99, [1, 2])]).toEqual([false, true, false])
  })
})

describe('memory', () => {
  it('forgets ballots of liars about what nobody else knows', () => {
    const lies = Array.from({ length: 50 }, (_, view) => ballots('N', view, `f${view}`, [3])).flat()
    expect(run([[0, { candidates: [candidate('aa')], ballots: lies }]]).state.tallies.map(({ tx }) => tx)).toEqual(['aa'])
  })
})

describe('every run of three honest witnesses and a liar, two values, two views', () => {
  const options = { honest: 3, quorum: 3, views: 2, maxStates: 500_000 }
  const everything = [
    'a value carried over',
    'final in view 0',
    'final in view 1',
    'notarized and skipped view 0',
    'notarized and skipped view 1',
    'skipped view 0',
    'skipped view 1',
  ]

  it.each([
    ['the liar', 3],
    ['an honest witness', 0],
  ])('is safe when %s leads', { timeout: 240_000 }, (_, leader) => {
    const { violation, reached } = explore({ ...options, leaderOf: () => leader })
    expect({ violation, reached: [...reached].toSorted() }).toEqual({ violation: null, reached: everything })
  })

  it('is not safe with a second liar, or with a quorum less one: the exploration can fail', () => {
    expect(explore({ ...options, honest: 2, leaderOf: () => 3 }).violation).not.toBeNull()
    expect(explore({ ...options, quorum: 2, leaderOf: () => 3 }).violation).not.toBeNull()
  })
})
