import {
  emptyRegister,
  exchange,
  noTx,
  type Ballot,
  type Candidate,
  type RegisterContext,
  type RegisterInput,
  type RegisterState,
  type Suggestion,
} from '../register.ts'
import { anyTime } from '../rules.ts'

/**
 * Explores every asynchronous run of one register with four witnesses and two competing transactions. Honest witnesses run the
 * shipping `exchange`; the others may sign anything at any time. Messages arrive in any order, late, or never: a move hands one
 * honest witness one more transaction, certificate, suggestion or demand to skip.
 */
export type Exploration = { readonly states: number; readonly violation: string | null; readonly reached: ReadonlySet<string> }

const size = 4
const values = ['aa', 'bb'] as const
/** Demands to skip come long after every timer has run out. */
const nowMs = (input: RegisterInput): number => (input.wantSkip ? 1_000_000 : 0)

type World = readonly RegisterState[]
type Options = {
  readonly honest: number
  readonly quorum: number
  readonly views: number
  readonly leaderOf: (view: number) => number
  readonly maxStates: number
}

const quiet: RegisterInput = { candidates: [], ballots: [], suggestions: [], wantSkip: false }
const candidateOf = (tx: string): Omit<Candidate, 'timely'> => ({ tx, window: anyTime, rank: 0 })

/** Honest voters of a ballot; the liars join whatever helps them. */
const honestVoters = (world: World, kind: Ballot['kind'], view: number, tx: string): readonly number[] =>
  world.flatMap(({ tallies }, me) =>
    tallies.some((tally) => tally.kind === kind && tally.view === view && tally.tx === tx && tally.voters.has(me)) ? [me] : [],
  )

const canCertify = (world: World, quorum: number, kind: Ballot['kind'], view: number, tx: string): boolean =>
  honestVoters(world, kind, view, tx).length + (size - world.length) >= quorum

const certificateOf = (world: World, kind: Ballot['kind'], view: number, tx: string): readonly Ballot[] => {
  const liars = Array.from({ length: size - world.length }, (_, at) => world.length + at)
  return [...honestVoters(world, kind, view, tx), ...liars].map((witness) => ({ kind, view, tx, witness }))
}

const suggestionsFor = (world: World, view: number, leader: number): readonly Suggestion[] => {
  if (leader < world.length) return world[leader]?.suggestions.filter((one) => one.view === view) ?? []
  const parents = [null, ...Array.from({ length: view }, (_, at) => at)]
  return values.flatMap((tx) => parents.map((parent) => ({ view, tx, parent })))
}

/** Every certificate that could be shown by now. */
const certificatesOf = (world: World, { views, quorum }: Options): readonly (readonly Ballot[])[] =>
  Array.from({ length: views }, (_, view) =>
    [...values.map((tx) => ['N', tx] as const), ['S', noTx] as const].map(([kind, tx]) => ({ kind, view, tx })),
  )
    .flat()
    .filter(({ kind, view, tx }) => canCertify(world, quorum, kind, view, tx))
    .map(({ kind, view, tx }) => certificateOf(world, kind, view, tx))

/**
 * Everything that could reach this witness next and make a difference. What makes none alone comes together with what it is needed
 * for: a suggestion with the certificates that justify it, a demand to skip with the transactions.
 */
const inputsOf = (world: World, state: RegisterState, options: Options): readonly RegisterInput[] => {
  const { views, leaderOf } = options
  if (state.view >= views) return certificatesOf(world, options).map((ballots) => ({ ...quiet, ballots }))
  const certificates = certificatesOf(world, options)
  const earlier = certificates.filter((ballots) => ballots.every(({ view }) => view < state.view)).flat()
  const suggestions = state.view === 0 ? [] : suggestionsFor(world, state.view, leaderOf(state.view))
  return [
    ...values.map((tx) => ({ ...quiet, candidates: [candidateOf(tx)] })),
    ...certificates.map((ballots) => ({ ...quiet, ballots })),
    ...suggestions.map((suggestion) => ({ ...quiet, candidates: values.map(candidateOf), ballots: earlier, suggestions: [suggestion] })),
    { ...quiet, candidates: values.map(candidateOf), wantSkip: true },
  ]
}

const violationIn = (world: World, { views, quorum }: Options): string | null => {
  const finals = new Set<string>()
  for (let view = 0; view < views; view++) {
    for (const tx of values) if (canCertify(world, quorum, 'F', view, tx)) finals.add(tx)
    if (values.every((tx) => canCertify(world, quorum, 'N', view, tx))) return `two notarizations in view ${view}`
    if (canCertify(world, quorum, 'S', view, noTx) && values.some((tx) => canCertify(world, quorum, 'F', view, tx)))
      return `skipped and final in view ${view}`
  }
  return finals.size > 1 ? 'two final values' : null
}

/**
 * Ballots of others that had no effect yet can be shown again, so states that differ only in them behave alike. What a witness
 * could suggest matters only if it leads; those that do not lead can be renamed.
 */
const keyOf = (world: World, leaders: ReadonlySet<number>): string => {
  const keys = world.map(({ view, candidates, tallies, suggestions }, me) => {
    const own = tallies.filter(({ voters }) => voters.has(me)).map((tally) => `${tally.kind}${tally.view}${tally.tx}`)
    const parts = [String(view), ...own.toSorted()]
    if (!leaders.has(me)) return parts.join()
    return [
      ...parts,
      '|',
      ...candidates.map(({ tx }) => tx).toSorted(),
      '|',
      ...suggestions.map((one) => `${one.view}${one.tx}${one.parent}`),
    ].join()
  })
  const [leading, following] = [keys.filter((_, me) => leaders.has(me)), keys.filter((_, me) => !leaders.has(me))]
  return [...leading, ...following.toSorted()].join('#')
}

export const explore = (options: Options): Exploration => {
  const { honest, quorum, views, leaderOf, maxStates } = options
  const contextOf = (me: number): RegisterContext => ({ me, size, faults: size - quorum, leaderOf, leaderMarginMs: 0 })
  const leaders = new Set(Array.from({ length: views - 1 }, (_, at) => leaderOf(at + 1)))
  const start: World = Array.from({ length: honest }, () => emptyRegister)
  const seen = new Set([keyOf(start, leaders)])
  const reached = new Set<string>()
  const waiting: World[] = [start]
  for (let world = waiting.pop(); world !== undefined; world = waiting.pop()) {
    for (const [me, state] of world.entries()) {
      for (const input of inputsOf(world, state, options)) {
        const { state: after } = exchange(state, input, nowMs(input), contextOf(me))
        const next = world.with(me, after)
        const key = keyOf(next, leaders)
        if (seen.has(key)) continue
        seen.add(key)
        const violation = violationIn(next, options)
        if (violation !== null) return { states: seen.size, violation, reached }
        note(next, options, reached)
        if (seen.size >= maxStates) return { states: seen.size, violation: 'not finished', reached }
        waiting.push(next)
      }
    }
  }
  return { states: seen.size, violation: null, reached }
}

/** Which interesting states the exploration has seen, so that it cannot pass by seeing nothing. */
const note = (world: World, { views, quorum }: Options, reached: Set<string>): void => {
  for (let view = 0; view < views; view++) {
    if (values.some((tx) => canCertify(world, quorum, 'F', view, tx))) reached.add(`final in view ${view}`)
    if (canCertify(world, quorum, 'S', view, noTx)) reached.add(`skipped view ${view}`)
    if (canCertify(world, quorum, 'S', view, noTx) && values.some((tx) => canCertify(world, quorum, 'N', view, tx)))
      reached.add(`notarized and skipped view ${view}`)
  }
  if (world.some(({ suggestions }) => suggestions.some(({ parent }) => parent !== null))) reached.add('a value carried over')
}
