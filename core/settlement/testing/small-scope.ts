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
const inputsOf = (
  world: World,
  state: RegisterState,
  certificates: readonly (readonly Ballot[])[],
  { views, leaderOf }: Options,
): readonly RegisterInput[] => {
  if (state.view >= views) return certificates.map((ballots) => ({ ...quiet, ballots }))
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
const localKeyOf = ({ view, candidates, tallies, suggestions }: RegisterState, me: number, leads: boolean): string => {
  const own = tallies.filter(({ voters }) => voters.has(me)).map((tally) => `${tally.kind}${tally.view}${tally.tx}`)
  const parts = [leads ? `leader ${me}` : 'follower', String(view), ...own.toSorted()]
  if (!leads) return parts.join()
  const known = candidates.map(({ tx }) => tx).toSorted()
  return [...parts, '|', ...known, '|', ...suggestions.map((one) => `${one.view}${one.tx}${one.parent}`)].join()
}

const ballotsKey = (ballots: readonly Ballot[]): string =>
  ballots.map(({ kind, view, tx, witness }) => `${kind}${view}${tx}${witness}`).join()
const inputKeyOf = ({ candidates, ballots, suggestions, wantSkip }: RegisterInput): string =>
  [
    candidates.map(({ tx }) => tx).join(),
    ballotsKey(ballots),
    suggestions.map((one) => `${one.view}${one.tx}${one.parent}`).join(),
    wantSkip ? 'w' : '',
  ].join('|')
const wholeKeyOf = ({ tallies, ...rest }: RegisterState): string =>
  JSON.stringify([rest, tallies.map(({ voters, ...tally }) => [tally, [...voters]])])

/** A witness that meets the same in the same state does the same: it is asked once, and equal states are one. */
const createSteps = (contextOf: (me: number) => RegisterContext) => {
  const whole = new Map<string, RegisterState>()
  const steps = new WeakMap<RegisterState, Map<string, RegisterState>>()
  return (state: RegisterState, me: number, input: RegisterInput): RegisterState => {
    const known = steps.get(state) ?? new Map<string, RegisterState>()
    steps.set(state, known)
    const key = inputKeyOf(input)
    const before = known.get(key)
    if (before !== undefined) return before
    const { state: after } = exchange(state, input, nowMs(input), contextOf(me))
    const name = `${me} ${wholeKeyOf(after)}`
    const one = whole.get(name) ?? after
    whole.set(name, one)
    known.set(key, one)
    return one
  }
}

/** Short names for worlds, so that millions of them fit into memory: a step changes one witness, and the others keep theirs. */
const createNames = (leaders: ReadonlySet<number>) => {
  const numbers = new Map<string, number>()
  const known = new WeakMap<RegisterState, number>()
  const numberOf = (state: RegisterState, me: number): number => {
    const before = known.get(state)
    if (before !== undefined) return before
    const key = localKeyOf(state, me, leaders.has(me))
    const number = numbers.get(key) ?? numbers.size
    numbers.set(key, number)
    known.set(state, number)
    return number
  }
  return (world: World): string => {
    const all = world.map(numberOf)
    const following = all.filter((_, me) => !leaders.has(me)).toSorted((a, b) => a - b)
    return [...all.filter((_, me) => leaders.has(me)), ...following].join()
  }
}

export const explore = (options: Options): Exploration => {
  const { honest, quorum, views, leaderOf, maxStates } = options
  const contextOf = (me: number): RegisterContext => ({ me, size, faults: size - quorum, leaderOf, leaderMarginMs: 0 })
  const leaders = new Set(Array.from({ length: views - 1 }, (_, at) => leaderOf(at + 1)))
  const keyOf = createNames(leaders)
  const step = createSteps(contextOf)
  // Each its own, because names go by identity.
  const start: World = Array.from({ length: honest }, () => ({ ...emptyRegister }))
  const seen = new Set([keyOf(start)])
  const reached = new Set<string>()
  const waiting: World[] = [start]
  for (let world = waiting.pop(); world !== undefined; world = waiting.pop()) {
    const certificates = certificatesOf(world, options)
    for (const [me, state] of world.entries()) {
      for (const input of inputsOf(world, state, certificates, options)) {
        const next = world.with(me, step(state, me, input))
        const key = keyOf(next)
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
