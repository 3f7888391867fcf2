import type { VoteKind } from './objects.ts'
import type { Window } from './rules.ts'

/**
 * The one-decree register: single-shot Simplex with a leaderless view 0 (settlement.md §3). It decides which of several valid
 * transactions becomes the next step of an object. This module is one witness's part in one register as a pure function: no clock,
 * no keys, no disk. Signatures stay outside; they are verified before a ballot comes in here and made after it goes out.
 *
 *   R1  at most one N in a view                    R5  F on a notarization, if this view was not skipped here
 *   R2  never both S and F in a view               R6  S when asked and due, if this view was not finalized here
 *   R3  N in views ≥ 1 only for a justified        R7  the next view on a notarization or a skip certificate
 *       proposal of the leader                     R8  (in witness.ts) on disk before it leaves
 *   R4  only valid transactions, in their time
 *
 * Safety in one paragraph. Two quorums share an honest witness. So a view has one notarized value (R1), and not both a finalized
 * value and a skip certificate (R2). If h is final in view v, every value notarized in a later view names a parent that, skipping
 * no view without a certificate, can only lie at v or after it, and carries the parent's value (R3): h again. Clocks play no part.
 */

/** Transactions are named by the hex of their hash; S names none. */
type TxName = string
export const noTx: TxName = ''

export type Ballot = { readonly kind: VoteKind; readonly view: number; readonly tx: TxName; readonly witness: number }
/** A leader's choice for a view; `parent` is the notarized view whose value it carries, null for none. */
export type Suggestion = { readonly view: number; readonly tx: TxName; readonly parent: number | null }

/** A transaction that is authorised and extends the head. */
export type Candidate = {
  readonly tx: TxName
  /** When a witness may vote for it on its own clock. */
  readonly window: Window
  /** A leader prefers the lower rank; ties go to the smaller hash. */
  readonly rank: number
  /** It was inside its window when this witness first had it, or later. */
  readonly timely: boolean
}

/**
 * What a candidate may still come to, and so which one makes room for which: `lasting` ones may be chosen in any view from now on,
 * `passing` ones only because it is their time, `lapsed` ones come to nothing unless others prove that they came in theirs.
 */
export type Prospect = 'lapsed' | 'passing' | 'lasting'

/** Who has cast one and the same ballot. */
export type Tally = { readonly kind: VoteKind; readonly view: number; readonly tx: TxName; readonly voters: ReadonlySet<number> }

export type RegisterState = {
  readonly view: number
  /** When this view was entered; view 0 is entered with the first candidate. */
  readonly enteredAtMs: number | null
  /** In order of arrival. */
  readonly candidates: readonly Candidate[]
  readonly tallies: readonly Tally[]
  readonly suggestions: readonly Suggestion[]
}

export type RegisterInput = {
  readonly candidates: readonly Omit<Candidate, 'timely'>[]
  /** Verified. */
  readonly ballots: readonly Ballot[]
  /** Verified to be the leader's of their view. */
  readonly suggestions: readonly Suggestion[]
  readonly wantSkip: boolean
}

export type RegisterContext = {
  readonly me: number
  readonly size: number
  readonly faults: number
  readonly leaderOf: (view: number) => number
  /** A leader waits this much longer than a voter after a not-before, so that all honest voters agree with it. */
  readonly leaderMarginMs: number
}

export type RegisterStep = {
  readonly state: RegisterState
  /** To be signed, stored and sent. */
  readonly cast: readonly Ballot[]
  readonly suggested: Suggestion | null
}

export const emptyRegister: RegisterState = { view: 0, enteredAtMs: null, candidates: [], tallies: [], suggestions: [] }

/**
 * Δ of a view (settlement.md §3.1 R6): 2 s in views 0 and 1, then doubling, so that some view outlasts any network, and the votes of
 * all that can be skipped meanwhile have room in a bundle (bundle.ts).
 */
export const skipAfterMs = (view: number): number => 2_000 * 2 ** Math.max(0, view - 1)

/** Takes in what a caller knows and applies the rules until none of them has anything more to do. */
export const exchange = (before: RegisterState, input: RegisterInput, nowMs: number, context: RegisterContext): RegisterStep => {
  const env: Env = { ...context, nowMs, wantSkip: input.wantSkip, quorum: context.size - context.faults }
  let state = merge(before, input, env)
  for (let next = applyFirst(state, env); next !== null; next = applyFirst(state, env)) state = next
  const cast = state.tallies
    .filter(({ kind, view, tx, voters }) => voters.has(env.me) && !hasBallot(before, { kind, view, tx, witness: env.me }))
    .map(({ kind, view, tx }) => ({ kind, view, tx, witness: env.me }))
  const suggested = state.suggestions.find((one) => env.leaderOf(one.view) === env.me && !before.suggestions.some((old) => same(old, one)))
  return { state: forget(state, env), cast, suggested: suggested ?? null }
}

/** The final value, once q finalize ballots are known. */
export const decidedTx = (tallies: readonly Tally[], quorum: number): { readonly view: number; readonly tx: TxName } | null =>
  tallies.find(({ kind, voters }) => kind === 'F' && voters.size >= quorum) ?? null

/** Whether no transaction can be notarized in view 0 any more, however the witnesses vote that have not voted yet. */
export const isSplit = (tallies: readonly Tally[], size: number, quorum: number): boolean => {
  const first = tallies.filter(({ kind, view }) => kind === 'N' && view === 0)
  const voted = new Set(first.flatMap(({ voters }) => [...voters])).size
  return first.length > 1 && Math.max(...first.map(({ voters }) => voters.size)) + (size - voted) < quorum
}

export const prospectOf = (
  { tx, window }: Omit<Candidate, 'timely'>,
  tallies: readonly Tally[],
  nowMs: number,
  { size, faults }: RegisterContext,
): Prospect => {
  const isNotarized = tallies.some((one) => one.kind === 'N' && one.tx === tx && one.voters.size >= size - faults)
  if (isNotarized) return 'lasting'
  if (nowMs < window.notBeforeMs) return 'lapsed'
  const isProven = tallies.some((one) => one.kind === 'T' && one.tx === tx && one.voters.size > faults)
  if (isProven || !isWindowed(window)) return 'lasting'
  return isInside(window, nowMs) ? 'passing' : 'lapsed'
}

type Env = RegisterContext & { readonly nowMs: number; readonly wantSkip: boolean; readonly quorum: number }
type Rule = (state: RegisterState, env: Env) => RegisterState | null

// ── the rules ────────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** R7. */
const enter: Rule = (state, env) => {
  const opened = state.tallies.filter(
    ({ kind, view, voters }) => (kind === 'N' || kind === 'S') && view >= state.view && voters.size >= env.quorum,
  )
  if (opened.length === 0) return null
  return { ...state, view: Math.max(...opened.map(({ view }) => view)) + 1, enteredAtMs: env.nowMs }
}

/** R5, for past views too: a notarization learnt late still becomes final. */
const finalize: Rule = (state, env) => {
  const notarization = state.tallies.find(
    ({ kind, view, voters }) =>
      kind === 'N' && voters.size >= env.quorum && !hasCast(state, env, 'S', view) && !hasCast(state, env, 'F', view),
  )
  return notarization === undefined ? null : castBallot(state, env, 'F', notarization.view, notarization.tx)
}

/** A receipt for what arrived in time, whatever the view: f+1 of them prove that an honest witness saw it in time. */
const receipt: Rule = (state, env) => {
  const unsigned = state.candidates.find(
    ({ tx, timely, window }) => timely && isWindowed(window) && !votersOf(state, 'T', 0, tx).has(env.me),
  )
  return unsigned === undefined ? null : castBallot(state, env, 'T', 0, unsigned.tx)
}

/** R1 and R4 in view 0: the first candidate that came in its time. */
const notarizeFirst: Rule = (state, env) => {
  if (state.view !== 0 || hasCast(state, env, 'N', 0) || hasCast(state, env, 'S', 0)) return null
  const first = state.candidates.find(({ timely }) => timely)
  return first === undefined ? null : castBallot(state, env, 'N', 0, first.tx)
}

/** The leader's duty: carry the latest notarized value, or choose freely when every view so far was skipped. */
const suggest: Rule = (state, env) => {
  const { view } = state
  if (view === 0 || env.leaderOf(view) !== env.me || state.suggestions.some((one) => one.view === view)) return null
  const parent = latestParent(state, env)
  if (parent === undefined) return null
  const tx = parent === null ? freeChoice(state, env) : notarizedIn(state, env, parent)
  return tx === null ? null : { ...state, suggestions: [...state.suggestions, { view, tx, parent }] }
}

/** R1, R3 and R4 in views ≥ 1. With a parent nothing is checked again: its notarization holds f+1 honest checks. */
const notarizeSuggested: Rule = (state, env) => {
  const { view } = state
  if (view === 0 || hasCast(state, env, 'N', view) || hasCast(state, env, 'S', view)) return null
  const chosen = state.suggestions.find(
    (one) => one.view === view && isJustified(state, env, one) && (one.parent !== null || isEligible(state, env, one.tx, 0)),
  )
  return chosen === undefined ? null : castBallot(state, env, 'N', view, chosen.tx)
}

/** R6. In view 0 two different votes prove contention, so nobody has to wait; later the leader waits for something to choose, and so do all. */
const skip: Rule = (state, env) => {
  const { view, enteredAtMs } = state
  if (!env.wantSkip || enteredAtMs === null || state.candidates.length === 0) return null
  if (view > 0 && !hasChoice(state, env)) return null
  if (hasCast(state, env, 'S', view) || hasCast(state, env, 'F', view)) return null
  const contended = view === 0 && state.tallies.filter((tally) => tally.kind === 'N' && tally.view === 0).length > 1
  return contended || env.nowMs - enteredAtMs >= skipAfterMs(view) ? castBallot(state, env, 'S', view, noTx) : null
}

const rules: readonly Rule[] = [enter, finalize, receipt, notarizeFirst, suggest, notarizeSuggested, skip]

const applyFirst = (state: RegisterState, env: Env): RegisterState | null => {
  // A committee of one would otherwise carry its value from view to view for ever.
  if (decidedTx(state.tallies, env.quorum) !== null) return null
  for (const rule of rules) {
    const next = rule(state, env)
    if (next !== null) return next
  }
  return null
}

// ── what the rules ask ───────────────────────────────────────────────────────────────────────────────────────────────────────

const nobody: ReadonlySet<number> = new Set()
const votersOf = (state: RegisterState, kind: VoteKind, view: number, tx: TxName): ReadonlySet<number> =>
  state.tallies.find((tally) => tally.kind === kind && tally.view === view && tally.tx === tx)?.voters ?? nobody

const hasBallot = (state: RegisterState, { kind, view, tx, witness }: Ballot): boolean => votersOf(state, kind, view, tx).has(witness)
const hasCast = (state: RegisterState, { me }: Env, kind: VoteKind, view: number): boolean =>
  state.tallies.some((tally) => tally.kind === kind && tally.view === view && tally.voters.has(me))

const notarizedIn = (state: RegisterState, { quorum }: Env, view: number): TxName | null =>
  state.tallies.find((tally) => tally.kind === 'N' && tally.view === view && tally.voters.size >= quorum)?.tx ?? null
const isSkipped = (state: RegisterState, { quorum }: Env, view: number): boolean => votersOf(state, 'S', view, noTx).size >= quorum

const viewsBetween = (parent: number | null, view: number): readonly number[] => {
  const first = parent === null ? 0 : parent + 1
  return Array.from({ length: view - first }, (_, at) => first + at)
}

const isJustified = (state: RegisterState, env: Env, { view, tx, parent }: Suggestion): boolean =>
  (parent === null || (parent < view && notarizedIn(state, env, parent) === tx)) &&
  viewsBetween(parent, view).every((between) => isSkipped(state, env, between))

/** The highest notarized view with only skipped views after it; null when all were skipped; undefined when neither is known. */
const latestParent = (state: RegisterState, env: Env): number | null | undefined => {
  for (let view = state.view - 1; view >= 0; view--) {
    if (notarizedIn(state, env, view) !== null) return view
    if (!isSkipped(state, env, view)) return undefined
  }
  return null
}

const isWindowed = (window: Window): boolean => Number.isFinite(window.notAfterMs)

/** R4 in views ≥ 1: past its not-before on this clock, and proven by f+1 receipts to have come before its not-after. */
const isEligible = (state: RegisterState, env: Env, tx: TxName, marginMs: number): boolean => {
  const candidate = state.candidates.find((one) => one.tx === tx)
  if (candidate === undefined || env.nowMs < candidate.window.notBeforeMs + marginMs) return false
  return !isWindowed(candidate.window) || votersOf(state, 'T', 0, tx).size > env.faults
}

/** Whether the leader of this view may have something to propose. */
const hasChoice = (state: RegisterState, env: Env): boolean =>
  latestParent(state, env) !== null ||
  state.suggestions.some(({ view }) => view === state.view) ||
  state.candidates.some(({ tx }) => isEligible(state, env, tx, 0))

const freeChoice = (state: RegisterState, env: Env): TxName | null =>
  state.candidates
    .filter(({ tx, window }) => isEligible(state, env, tx, window.notBeforeMs > 0 ? env.leaderMarginMs : 0))
    .toSorted((a, b) => a.rank - b.rank || (a.tx < b.tx ? -1 : 1))[0]?.tx ?? null

// ── what it remembers ────────────────────────────────────────────────────────────────────────────────────────────────────────

const castBallot = (state: RegisterState, { me }: Env, kind: VoteKind, view: number, tx: TxName): RegisterState => ({
  ...state,
  tallies: addBallots(state.tallies, [{ kind, view, tx, witness: me }]),
})

const addBallots = (tallies: readonly Tally[], ballots: readonly Ballot[]): readonly Tally[] => {
  const result = [...tallies]
  for (const { kind, view, tx, witness } of ballots) {
    const at = result.findIndex((tally) => tally.kind === kind && tally.view === view && tally.tx === tx)
    const voters = new Set(result[at]?.voters).add(witness)
    if (at < 0) result.push({ kind, view, tx, voters })
    else result[at] = { kind, view, tx, voters }
  }
  return result
}

const same = (a: Suggestion, b: Suggestion): boolean => a.view === b.view && a.tx === b.tx && a.parent === b.parent

const isInside = ({ notBeforeMs, notAfterMs }: Window, nowMs: number): boolean => nowMs >= notBeforeMs && nowMs <= notAfterMs

const merge = (state: RegisterState, input: RegisterInput, { nowMs }: Env): RegisterState => {
  const seen = input.candidates.map((candidate) => ({ ...candidate, timely: isInside(candidate.window, nowMs) }))
  const known = state.candidates.map((old) => ({ ...old, timely: old.timely || seen.some(({ tx, timely }) => tx === old.tx && timely) }))
  const fresh = seen.filter(({ tx }) => !state.candidates.some((old) => old.tx === tx))
  const candidates = [...known, ...fresh]
  return {
    ...state,
    enteredAtMs: state.enteredAtMs ?? (candidates.length > 0 ? nowMs : null),
    candidates,
    tallies: addBallots(state.tallies, input.ballots),
    suggestions: [...state.suggestions, ...input.suggestions.filter((one) => !state.suggestions.some((old) => same(old, one)))],
  }
}

/**
 * What is worth keeping: own ballots always; others' only when they can matter here, so that f lying witnesses cannot fill a disk.
 * More than f voters include an honest one, who votes once a view. Callers send again what they see missing.
 */
const forget = (state: RegisterState, env: Env): RegisterState => ({
  ...state,
  tallies: state.tallies.filter(({ view, tx, voters }) => {
    const honest = voters.size > env.faults || voters.has(env.me)
    const known = tx === noTx ? state.candidates.length > 0 : state.candidates.some((candidate) => candidate.tx === tx)
    return honest || (known && view <= state.view)
  }),
  suggestions: state.suggestions.filter(
    ({ view }, at, all) => view === state.view && all.slice(0, at).filter((one) => one.view === view).length < maxPerLeader,
  ),
})
/** An honest leader makes one suggestion a view; a few more are kept because they prove that it was not honest. */
const maxPerLeader = 4
