import type { Signer } from '../identity/signing.ts'
import { assert } from '../platform/assert.ts'
import {
  assembleDecree,
  ballotKey,
  ballotOf,
  isProposalOf,
  isVoteOf,
  nameOf,
  proposalOf,
  registerContext,
  statementOf,
  suggestionOf,
  tallyOf,
  wantedTxs,
} from './ballots.ts'
import { maxCarried, maxOrders, maxVotes, type Bundle, type RegisterId, type SettlementAnswer } from './bundle.ts'
import { txHash } from './encoding.ts'
import { contradictingOrders, contradictingProposals, contradictions, type EvidenceSink } from './evidence.ts'
import type { Facts } from './facts.ts'
import { isCarriedTo, placeOf, type CarriedStep } from './handover.ts'
import { quorumOf, type AuthorisedTx, type Committee, type SignedProposal, type Vote } from './objects.ts'
import { ok } from '../platform/result.ts'
import { refuse, type RefusalCode } from './refusals.ts'
import { exchange, prospectOf, type Candidate, type Prospect, type RegisterState, type RegisterStep } from './register.ts'
import { checkWindow, type SettlementRules } from './rules.ts'
import { signProposal, signStatement } from './signatures.ts'
import type { StoredCandidate, WitnessStore } from './witness-store.ts'

/**
 * One witness at one register: loads what it knows, lets the pure register decide, signs and stores what it decided to say. The
 * caller's transaction commits before any of it leaves (R8).
 */
export type WitnessSeat = {
  readonly store: WitnessStore
  readonly facts: Facts
  readonly committee: Committee
  readonly rules: SettlementRules
  readonly signer: Signer
  /** This witness's place in the committee. */
  readonly me: number
  readonly found: EvidenceSink
}

export type Question = Bundle & { readonly register: RegisterId; readonly wantSkip: boolean }

/** False when one of them is none. What former committees left open stays known until the step is decided. */
const takeCarried = ({ store, rules }: WitnessSeat, { register, carried }: Question): boolean => {
  const known = store.carried(register.objectId, register.step).map(({ certificate }) => placeOf(certificate))
  return carried.every((certificate) => {
    const place = placeOf(certificate)
    if (known.some(({ epoch, view }) => epoch === place.epoch && view === place.view)) return true
    if (!isCarriedTo(register, certificate, rules.epochs)) return false
    store.saveCarried({ certificate, order: null })
    return true
  })
}

type Judged = StoredCandidate & { readonly candidate: Omit<Candidate, 'timely'> }

export const exchangeRegister = (seat: WitnessSeat, question: Question, nowMs: number): SettlementAnswer => {
  const { facts, committee, me, rules } = seat
  const { register } = question
  const own = seat.store.ownVotes(register, me)
  const peers = seat.store.peerVotes(register)
  const seen = new Set([...own, ...peers].map((vote) => ballotKey(ballotOf(vote))))
  const fresh = question.votes.filter((vote) => vote.witnessIndex !== me && !seen.has(ballotKey(ballotOf(vote))))
  const valid =
    fresh.every((vote) => isVoteOf(register, vote, committee)) && question.proposals.every((one) => isProposalOf(register, one, committee))
  if (!valid) return { kind: 'refused', refusal: 'bad-vote' }
  fresh.flatMap((vote, at) => contradictions(vote, [...peers, ...fresh.slice(0, at)])).forEach(seat.found)

  if (!takeCarried(seat, question)) return { kind: 'refused', refusal: 'bad-certificate' }
  // A witness that has not closed yet may have taken over already what this committee leaves to the next one.
  const carried = seat.store
    .carried(register.objectId, register.step)
    .filter(({ certificate }) => placeOf(certificate).epoch < register.governance.epoch)
  const context = registerContext(register, committee, me, rules.limits)
  const known = judgeStored(seat, register)
  const incoming = judgeIncoming(seat, question, known, carried, nowMs)
  const tallies = tallyOf([...own, ...peers, ...fresh])
  const places = assignPlaces(known, incoming.judged, {
    prospectOf: ({ candidate }) => prospectOf(candidate, tallies, nowMs, context),
    mayReceive: own.filter(({ statement }) => statement.kind === 'T').length < maxReceipts,
  })
  const stored = known.filter((one) => !places.freed.includes(one))
  const proposals = [...seat.store.ownProposals(register, me), ...seat.store.peerProposals(register)]
  const before = stateOf(seat, register, stored, [...own, ...peers], proposals)
  const named = incoming.judged.filter((one) => !places.taken.includes(one) && question.proposals.some(isOf(one)))
  const { step, chosen } = exchangeWith(named, (more) => {
    const input = {
      candidates: [...stored, ...places.taken, ...more].map(({ candidate }) => candidate),
      ballots: fresh.map(ballotOf),
      suggestions: question.proposals.map(suggestionOf),
      wantSkip: question.wantSkip,
    }
    return exchange(before, input, nowMs, context)
  })

  const orders = [...known, ...incoming.judged]
  if (question.proposals.length > 0) contradictingProposals([...proposals, ...question.proposals]).forEach(seat.found)
  if (incoming.judged.length > 0 || fresh.length > 0)
    contradictingOrders(ordersIn(orders), [...own, ...peers, ...fresh]).forEach(seat.found)
  const cast = castVotes(seat, register, step, nowMs)
  const kept = keptOf(step.state, fresh)
  const proposed = proposeOf(seat, register, step)
  for (const { order } of places.freed) seat.store.dropCandidate(register, order)
  saveSeen(seat, register, before, step.state, orders, kept, question.proposals)
  // Where a view was given up and nothing could win, this may win now, and its client may be gone.
  if (places.taken.length + chosen.length > 0 && own.some(isToBeSeenThrough)) saveOpen(seat, register, nowMs)
  const votes = [...own, ...cast, ...peers, ...kept]
  const decree = assembleDecree(register, committee, ordersIn(orders), votes)
  // The book of the epochs is another file, and tells others: it hears of a committee only once these votes are on the disk.
  const isOnDisk = cast.length === 0 || decree?.tx.type !== 'federation'
  if (decree !== null && isOnDisk) {
    facts.adopt(decree)
    return { kind: 'decided', decree }
  }
  // Nobody votes for one of another view, and a liar who leads many views could fill the answer with them.
  const current = [...proposals, ...proposed].filter(({ proposal }) => proposal.view === step.state.view)
  const wanted = wantedTxs(step.state.tallies, current, quorumOf(committee))
  return {
    kind: 'open',
    orders: orders
      .filter(({ candidate }) => !question.orders.some(({ tx }) => nameOf(txHash(tx)) === candidate.tx))
      .toSorted((a, b) => Number(wanted.has(b.candidate.tx)) - Number(wanted.has(a.candidate.tx)))
      .slice(0, maxOrders)
      .map(({ order }) => order),
    votes: lacking(votes.filter(isOfUse(orders)), question.votes).slice(0, maxVotes),
    proposals: current,
    carried: carried.map(({ certificate }) => certificate).slice(0, maxCarried),
    refusal: incoming.refusal,
    headStep: facts.headStep(register.objectId),
  }
}

/** What a leader proposes is voted for whether there is room or not, and gets none for being proposed alone. */
const exchangeWith = (named: readonly Judged[], stepWith: (named: readonly Judged[]) => RegisterStep) => {
  const { cast } = named.length === 0 ? { cast: [] } : stepWith(named)
  const chosen = named.filter(({ candidate }) => cast.some(({ kind, tx }) => kind === 'N' && tx === candidate.tx))
  return { step: stepWith(chosen), chosen }
}

const isOf =
  ({ candidate }: Judged) =>
  ({ proposal }: SignedProposal): boolean =>
    nameOf(proposal.txHash) === candidate.tx

/** The receipts of what lapsed long ago would fill the answer. */
const isOfUse =
  (orders: readonly Judged[]) =>
  ({ statement: { kind, txHash: hash } }: Vote): boolean =>
    kind !== 'T' || orders.some(({ candidate }) => candidate.tx === nameOf(hash))

const ordersIn = (judged: readonly Judged[]): readonly AuthorisedTx[] => judged.map(({ order }) => order)

/** Whatever was stored was valid, and stays so as long as its register is undecided. */
const judgeStored = ({ store, facts }: WitnessSeat, register: RegisterId): readonly Judged[] =>
  store.candidates(register).flatMap(({ order, timely }) => {
    const judged = facts.judgeAgain(order, register.governance)
    return judged.ok ? [{ order, timely, candidate: { tx: nameOf(txHash(order.tx)), ...judged.value } }] : []
  })

type Incoming = { readonly judged: readonly Judged[]; readonly refusal: RefusalCode | null }

const judgeIncoming = (
  { facts }: WitnessSeat,
  { register, orders: asked }: Question,
  stored: readonly Judged[],
  carried: readonly CarriedStep[],
  nowMs: number,
): Incoming => {
  const orders = [...asked, ...carried.flatMap(({ order }) => order ?? [])]
  const judged: Judged[] = []
  let refusal: RefusalCode | null = null
  orders.forEach((order, position) => {
    const tx = nameOf(txHash(order.tx))
    const old = stored.find(({ candidate }) => candidate.tx === tx)
    const judgement =
      old !== undefined ? ok(old.candidate) : isOrderOf(register, order) ? facts.judge(order, register.governance) : refuse('wrong-object')
    if (position === 0 && asked.length > 0)
      refusal = judgement.ok ? (old?.timely === true ? null : checkWindow(judgement.value.window, nowMs)) : judgement.error.code
    if (old === undefined && judgement.ok) judged.push({ order, timely: false, candidate: { tx, ...judgement.value } })
  })
  return { judged, refusal }
}

const isOrderOf = ({ objectId, step }: RegisterId, { tx }: AuthorisedTx): boolean =>
  tx.step === step && nameOf(tx.objectId) === nameOf(objectId)

/** An equivocating party may fill its own places, never the other side's (settlement.md §3.1). */
const maxPerRole = 3
/** Each is a signature on the disk for good. Whoever let so many lapse at one step goes on with what has no end of its time. */
const maxReceipts = 32

type PlaceRules = {
  readonly prospectOf: (one: Judged) => Prospect
  readonly mayReceive: boolean
}
type Places = { readonly taken: readonly Judged[]; readonly freed: readonly Judged[] }

/** Lapsed orders get no place, and whatever has better prospects takes the place of the first that has the worst. */
const assignPlaces = (stored: readonly Judged[], fresh: readonly Judged[], rules: PlaceRules): Places => {
  const worth = (one: Judged): number => prospects.indexOf(rules.prospectOf(one))
  let held = stored
  for (const one of fresh) {
    if (worth(one) === 0) continue
    const rivals = held.filter(({ order }) => rolesOf(order) === rolesOf(one.order))
    const worst = rivals.toSorted((a, b) => worth(a) - worth(b))[0]
    if (rivals.length < maxPerRole || worst === undefined) held = [...held, one]
    else if (worth(worst) < worth(one) && (rules.prospectOf(one) === 'lasting' || rules.mayReceive))
      held = [...held.filter((other) => other !== worst), one]
  }
  return { taken: held.filter((one) => !stored.includes(one)), freed: stored.filter((one) => !held.includes(one)) }
}
const prospects: readonly Prospect[] = ['lapsed', 'passing', 'lasting']
const rolesOf = ({ authorisations }: AuthorisedTx): string => authorisations.map(({ role }) => role).join('+')

const stateOf = (
  { store }: WitnessSeat,
  register: RegisterId,
  candidates: readonly Judged[],
  votes: readonly Vote[],
  proposals: readonly SignedProposal[],
): RegisterState => ({
  ...store.position(register),
  candidates: candidates.map(({ candidate, timely }) => ({ ...candidate, timely })),
  tallies: tallyOf(votes),
  suggestions: proposals.map(suggestionOf),
})

const castVotes = (seat: WitnessSeat, register: RegisterId, { cast }: RegisterStep, nowMs: number): readonly Vote[] =>
  cast.map((ballot) => {
    const vote = signStatement(statementOf(register, ballot), seat.me, seat.signer)
    seat.store.saveOwnVote(vote)
    if (isToBeSeenThrough(vote)) saveOpen(seat, register, nowMs)
    return vote
  })

/** A view given up must not stay parked; and what this vote may have made final, its client may not live to tell. */
const isToBeSeenThrough = ({ statement: { kind } }: Vote): boolean => kind !== 'N'
const saveOpen = ({ store }: WitnessSeat, { objectId, step, governance }: RegisterId, sinceMs: number): void =>
  store.saveOpenRegister({ objectId, step, epoch: governance.epoch, sinceMs })

const proposeOf = ({ store, me, signer }: WitnessSeat, register: RegisterId, { suggested }: RegisterStep): readonly SignedProposal[] => {
  if (suggested === null) return []
  const proposal = signProposal(proposalOf(register, suggested), me, signer)
  store.saveOwnProposal(proposal)
  return [proposal]
}

/** The votes of others that the register found worth remembering. */
const keptOf = (state: RegisterState, fresh: readonly Vote[]): readonly Vote[] => {
  const remembered = new Set(
    state.tallies.flatMap(({ kind, view, tx, voters }) => [...voters].map((witness) => ballotKey({ kind, view, tx, witness }))),
  )
  return fresh.filter((vote) => remembered.has(ballotKey(ballotOf(vote))))
}

const saveSeen = (
  { store, me }: WitnessSeat,
  register: RegisterId,
  before: RegisterState,
  after: RegisterState,
  orders: readonly Judged[],
  votes: readonly Vote[],
  proposals: readonly SignedProposal[],
): void => {
  for (const vote of votes) store.savePeerVote(vote)
  const keptSuggestion = (one: SignedProposal): boolean => after.suggestions.some((kept) => sameSuggestion(kept, suggestionOf(one)))
  for (const proposal of proposals) if (proposal.witnessIndex !== me && keptSuggestion(proposal)) store.savePeerProposal(proposal)
  for (const { tx, timely } of after.candidates) {
    const old = before.candidates.find((candidate) => candidate.tx === tx)
    const judged = orders.find(({ candidate }) => candidate.tx === tx)
    assert(judged !== undefined, 'a candidate that was not judged')
    if (old === undefined || old.timely !== timely) store.saveCandidate(register, { order: judged.order, timely })
  }
  const hasMoved = after.view !== before.view || after.enteredAtMs !== before.enteredAtMs
  if (hasMoved) store.savePosition(register, after.view, after.enteredAtMs)
}

type Suggested = ReturnType<typeof suggestionOf>
const sameSuggestion = (a: Suggested, b: Suggested): boolean => a.view === b.view && a.tx === b.tx && a.parent === b.parent

const lacking = (votes: readonly Vote[], callers: readonly Vote[]): readonly Vote[] => {
  const has = new Set(callers.map((vote) => ballotKey(ballotOf(vote))))
  return votes.filter((vote) => !has.has(ballotKey(ballotOf(vote))))
}
