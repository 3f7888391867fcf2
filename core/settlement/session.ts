import { equalBytes, toHex } from '../platform/bytes.ts'
import { err, fail, ok, type Err, type Result } from '../platform/result.ts'
import { assembleDecree, ballotKey, ballotOf, isProposalOf, isVoteOf, nameOf, tallyOf, wantedTxs } from './ballots.ts'
import { isCarriedTo, placeOf } from './handover.ts'
import { maxCarried, maxOrders, maxProposals, maxVotes, type Bundle, type RegisterId, type SettlementAnswer } from './bundle.ts'
import { verifyDecree } from './certificate.ts'
import type { DecideFailure } from './driver-port.ts'
import { txHash } from './encoding.ts'
import type { Epochs } from './epochs.ts'
import { contradictingFinals, contradictingOrders, contradictingProposals, contradictions, type EvidenceSink } from './evidence.ts'
import {
  quorumOf,
  type AuthorisedTx,
  type Certificate,
  type Committee,
  type Decree,
  type Governance,
  type SignedProposal,
  type Vote,
} from './objects.ts'
import { refusalTexts, type RefusalCode } from './refusals.ts'
import { isSplit } from './register.ts'
import { verifyAuthorisation } from './signatures.ts'

/**
 * What a driver has learnt of one register: a grow-only set of verified votes, orders and proposals. It knows nothing of networks
 * and clocks; `driver.ts` asks the questions and feeds in the answers.
 */
export type Session = ReturnType<typeof createSession>
export type Outcome = Result<Decree, DecideFailure>

/** What is known to be wrong with an answer, for the network's bookkeeping of its peers. */
type Lie = 'bad-vote' | 'bad-carried' | 'bad-proposal' | 'bad-decree' | 'wrong-answer'

/** The committee is that of the order, or a later one when that left the account behind. */
export const createSession = (order: AuthorisedTx, committee: Committee, epochs: Epochs, found: EvidenceSink = () => undefined) => {
  const governance: Governance = { federationId: committee.federationId, epoch: committee.epoch }
  const register: RegisterId = { governance, objectId: order.tx.objectId, step: order.tx.step }
  const quorum = quorumOf(committee)
  const votes = new Map<string, Vote>()
  const orders = createOrders(order)
  const proposals = new Map<string, SignedProposal>()
  const carried = new Map<string, Certificate>()
  const refusals = new Map<number, RefusalCode>()
  const answered = new Set<number>()
  let decree: Decree | null = null
  let isOverdue = false

  const tallies = () => tallyOf([...votes.values()])
  const isContended = (): boolean => tallies().filter(({ kind, view }) => kind === 'N' && view === 0).length > 1
  /** Fewer than q witnesses cannot skip a view, so asking them would only cost them this one. */
  const wantsSkip = (): boolean => answered.size >= quorum && (isOverdue || isSplit(tallies(), committee.witnesses.length, quorum))

  const share = Math.min(maxVotesPerWitness, Math.floor(maxVotes / committee.witnesses.length))
  const takeVotes = (from: number, received: readonly Vote[]): Lie | null => {
    // Without a conflict nobody looks at receipts; witnesses send them again as long as they are missing.
    const needsReceipts = isOverdue || isContended() || [...refusals.values()].includes('too-late')
    for (const vote of received) {
      const key = ballotKey(ballotOf(vote))
      if (votes.has(key) || votes.size >= maxVotes || (vote.statement.kind === 'T' && !needsReceipts)) continue
      // A liar may fill its own share of the set, not the others'.
      const ofWitness = [...votes.values()].filter(({ witnessIndex }) => witnessIndex === vote.witnessIndex).length
      if (ofWitness >= share) continue
      if (!isVoteOf(register, vote, committee)) return 'bad-vote'
      contradictions(vote, [...votes.values()]).forEach(found)
      votes.set(key, vote)
    }
    answered.add(from)
    return null
  }

  /** The view that the certificates known here have opened: nobody votes for a proposal of another one. */
  const openedView = (): number => {
    const closed = tallies().filter(({ kind, voters }) => (kind === 'N' || kind === 'S') && voters.size >= quorum)
    return Math.max(-1, ...closed.map(({ view }) => view)) + 1
  }
  const proposalsOf = (view: number): readonly SignedProposal[] => [...proposals.values()].filter(({ proposal }) => proposal.view === view)

  const takeProposals = (received: readonly SignedProposal[]): Lie | null => {
    const view = openedView()
    for (const signed of received) {
      const key = toHex(signed.signature)
      // A liar who leads many views fills the places of its own views only.
      if (proposals.has(key) || signed.proposal.view !== view || proposalsOf(view).length >= maxProposals) continue
      if (!isProposalOf(register, signed, committee)) return 'bad-proposal'
      proposals.set(key, signed)
      contradictingProposals([...proposals.values()]).forEach(found)
    }
    return null
  }

  /** A witness may know of a binding notarization that the others were not shown. */
  const takeCarried = (received: readonly Certificate[]): Lie | null => {
    for (const certificate of received) {
      const { epoch, view } = placeOf(certificate)
      const key = `${epoch}/${view}`
      if (carried.has(key) || carried.size >= maxCarried) continue
      if (!isCarriedTo(register, certificate, epochs)) return 'bad-carried'
      carried.set(key, certificate)
    }
    return null
  }

  const wanted = (): ReadonlySet<string> => wantedTxs(tallies(), proposalsOf(openedView()), quorum)

  /** Orders are not judged here: an invalid one finds no votes. */
  const takeOrders = (from: number, received: readonly AuthorisedTx[]): void => {
    const names = wanted()
    for (const other of received) {
      const isHere = other.tx.step === register.step && equalBytes(other.tx.objectId, register.objectId)
      if (isHere) orders.take(from, other, names)
    }
  }

  const takeDecree = (received: Decree): Lie | null => {
    const isHere = received.tx.step === register.step && equalBytes(received.tx.objectId, register.objectId)
    if (!isHere || !isSigned(received) || !verifyDecree(received, epochs)) return 'bad-decree'
    contradictingFinals([...(decree === null ? [] : [decree]), received]).forEach(found)
    decree = received
    return null
  }

  /** Learns from an answer; gives back in what way it is a lie, if it is one. */
  const take = (from: number, answer: SettlementAnswer): Lie | null => {
    if (answer.kind === 'decided') return takeDecree(answer.decree)
    if (answer.kind === 'refused') {
      refusals.set(from, answer.refusal)
      return null
    }
    if (answer.kind !== 'open') return 'wrong-answer'
    if (answer.refusal === null) refusals.delete(from)
    else refusals.set(from, answer.refusal)
    const lie = takeVotes(from, answer.votes) ?? takeProposals(answer.proposals) ?? takeCarried(answer.carried)
    takeOrders(from, answer.orders)
    if (orders.all().length > 1) contradictingOrders(orders.all(), [...votes.values()]).forEach(found)
    decree ??= assembleDecree(register, committee, orders.all(), [...votes.values()])
    return lie
  }

  const lastingRefusals = (): readonly RefusalCode[] => [...refusals.values()].filter((code) => !passingRefusals.includes(code))
  const hasReceipts = (): boolean =>
    tallies().some(({ kind, tx, voters }) => kind === 'T' && tx === nameOf(txHash(order.tx)) && voters.size > committee.faults)

  /** The order is final, or another one is, or so many refuse it that it cannot become final. */
  const outcome = (): Outcome | null => {
    if (decree !== null) return outcomeOf(decree, order)
    const lasting = lastingRefusals()
    // Too late is said by each witness for itself: the receipts of f+1 others count for all (settlement.md §5.4).
    const judged = lasting.filter((code) => code !== 'too-late')
    return judged.length > committee.faults || lasting.length >= quorum ? refusedBy(lasting) : null
  }

  return {
    register,
    order,
    take,
    outcome,
    refusalOf: (witness: number): RefusalCode | null => refusals.get(witness) ?? null,
    /** Δ has passed: if this is stuck, it is time for the next view. */
    overdue: (): void => {
      isOverdue = true
    },
    bundle: (): Bundle & { readonly wantSkip: boolean } => ({
      orders: orders.toShow(wanted()),
      votes: [...votes.values()],
      proposals: proposalsOf(openedView()),
      carried: [...carried.values()],
      wantSkip: wantsSkip(),
    }),
    /** Grows with every certificate, receipt, proposal or split found: what the witnesses should hear of at once. */
    milestones: (): number => {
      const counted = tallies()
      const certified = counted.filter(({ kind, voters }) => kind !== 'F' && voters.size >= (kind === 'T' ? committee.faults + 1 : quorum))
      // As long as nobody has skipped, what is notarized is about to be final and the next leader's proposal is of no use.
      const useful = counted.some(({ kind }) => kind === 'S') ? proposals.size : 0
      return certified.length + useful + carried.size + (wantsSkip() ? 1 : 0)
    },
    /** Why nothing was decided when time was up. */
    giveUp: (): DecideFailure => {
      const lasting = lastingRefusals()
      if (lasting.length > committee.faults && !hasReceipts()) return refusedBy(lasting).error
      if (answered.size < quorum) return { code: 'no-quorum', message: texts['no-quorum'] }
      return isContended() ? { code: 'contended', message: texts.contended } : { code: 'timeout', message: texts.timeout }
    },
  }
}

/** Authorisations lie outside the certificate, so a witness could damage them unnoticed. */
const isSigned = ({ tx, authorisations }: AuthorisedTx): boolean => authorisations.every((one) => verifyAuthorisation(tx, one))

/** A liar may fill its own share of the places, not the others'; what is wanted has room in any case. */
const createOrders = (own: AuthorisedTx) => {
  const ownName = nameOf(txHash(own.tx))
  const others = new Map<string, AuthorisedTx>()
  const shown = new Map<number, number>()
  return {
    take: (from: number, other: AuthorisedTx, wanted: ReadonlySet<string>): void => {
      const name = nameOf(txHash(other.tx))
      const ofWitness = shown.get(from) ?? 0
      if (name === ownName || others.has(name) || (ofWitness >= maxOrdersPerWitness && !wanted.has(name)) || !isSigned(other)) return
      others.set(name, other)
      shown.set(from, ofWitness + 1)
    },
    all: (): readonly AuthorisedTx[] => [own, ...others.values()],
    /** As many as a bundle holds, what is wanted first. */
    toShow: (wanted: ReadonlySet<string>): readonly AuthorisedTx[] => {
      const sorted = [...others].toSorted(([a], [b]) => Number(wanted.has(b)) - Number(wanted.has(a)))
      return [own, ...sorted.map(([, other]) => other)].slice(0, maxOrders)
    },
  }
}
/** As many as one side has places for, and one more. */
const maxOrdersPerWitness = 4

/** N and F or S in every view of the longest conflict, and the receipts. */
const maxVotesPerWitness = 96

/** Said by a witness that is in trouble itself, or that has not been told enough yet: not a judgement of the order. */
const passingRefusals: readonly RefusalCode[] = ['internal', 'retired', 'clock-off', 'halted', 'bound', 'unknown-epoch']

const texts = {
  'no-quorum': 'Too few witnesses can be reached to settle this now. It is kept and tried again.',
  contended: 'Two orders compete for this step and the witnesses have not settled which one counts. Try again in a moment.',
  timeout: 'The witnesses did not finish in time. It is kept and tried again.',
  conflict: 'Something else was settled in this step first. Look at the newest state and decide again.',
} as const

const outcomeOf = (decree: Decree, order: AuthorisedTx): Outcome =>
  equalBytes(txHash(decree.tx), txHash(order.tx)) ? ok(decree) : err({ code: 'conflict', message: texts.conflict, decree })

/** What most of them say; more than f include an honest one. */
const refusedBy = (codes: readonly RefusalCode[]): Err<DecideFailure> => {
  const countOf = (code: RefusalCode): number => codes.filter((other) => other === code).length
  const [reason] = codes.toSorted((a, b) => countOf(b) - countOf(a))
  return reason === undefined ? fail('timeout', texts.timeout) : err({ code: 'refused', message: refusalTexts[reason], reason })
}
