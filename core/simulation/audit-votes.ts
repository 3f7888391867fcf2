import { toHex } from '../platform/bytes.ts'
import { leaderOf } from '../settlement/ballots.ts'
import type { AuthorisedTx, Proposal, Statement, VoteKind } from '../settlement/objects.ts'
import { createHandoverAudit, type Closing } from './audit-handover.ts'
import { createSeats, type Seats } from './audit-seats.ts'
import { createStepAudit, placeKey, registerKey, type OpenRegister, type Place } from './audit-steps.ts'
import type { Members } from './federation.ts'

/**
 * The register's rules over every statement that was ever signed, whoever has heard of it. Liars are free to sign anything at any
 * time, so a certificate counts as soon as the honest signatures that exist are enough for the liars to complete it: what could be
 * shown one day is a violation now.
 */
export type VoteAudit = {
  /** A statement that an honest witness has on its disk or has sent. */
  readonly honest: (witness: number, statement: Statement) => void
  readonly honestProposal: (witness: number, proposal: Proposal) => void
  /** A statement that a liar signed. */
  readonly liar: (witness: number, statement: Statement) => void
  /** Whether a quorum has really signed it. */
  readonly isCertified: (statement: Statement) => boolean
  /** Its disk was replaced by an older one. */
  readonly forget: (witness: number) => void
  /** The registers in which an honest witness has given up a view, until their step is decided in whatever epoch. */
  readonly skipped: () => readonly OpenRegister[]
  /** An honest witness has the decree of this register, where everybody finds it. */
  readonly kept: (registerKey: string) => void
  /** The registers that a quorum has finalized, so that somebody may rely on it, and whose decree no honest witness has. */
  readonly unkept: () => readonly string[]
  readonly highestView: () => number
  /** A witness gives up its epoch, and says of each step that it leaves open where that was last notarized. */
  readonly close: (witness: number, closing: Closing) => void
}

export type VoteAuditDeps = {
  /** Null for an epoch that never began. */
  readonly membersOf: (epoch: number) => Members | null
  readonly liars: readonly number[]
  readonly violate: (rule: string, detail: string) => void
  readonly reach: (state: string) => void
  /** A value became final: from now on nothing else may. */
  readonly final: (statement: Statement) => void
  /** An honest witness backed a transaction. */
  readonly backed: (witness: number, statement: Statement) => void
  readonly orderOf: (txName: string) => AuthorisedTx | null
}

type Register = {
  /** Of the committee of its epoch. */
  readonly seats: Seats
  readonly leaderOf: (view: number) => number
  /** Honest voters and all voters, as bits. */
  readonly honest: Map<string, number>
  readonly all: Map<string, number>
  readonly values: Set<string>
  readonly proposals: { readonly view: number; readonly tx: string; readonly parent: number | null }[]
  final: string | null
}

const ballot = (kind: VoteKind, view: number, tx: string): string => `${kind}${view}/${kind === 'S' ? '' : tx}`

export const createVoteAudit = (deps: VoteAuditDeps): VoteAudit => {
  const { violate, reach } = deps
  const registers = new Map<string, Register>()
  const seatsOf = createSeats(deps.membersOf, deps.liars)
  const steps = createStepAudit(deps)
  const handovers = createHandoverAudit(seatsOf, violate, (place, view, tx) => couldBeShown(registers.get(placeKey(place)), 'N', view, tx))
  let highestView = 0

  const registerOf = (about: Place): Register | null => {
    const key = placeKey(about)
    const known = registers.get(key)
    if (known !== undefined) return known
    const seats = seatsOf(about.governance.epoch)
    if (seats === null) return null
    const leads = (view: number): number => leaderOf(about, seats.committee, view)
    const made: Register = { seats, leaderOf: leads, honest: new Map(), all: new Map(), values: new Set(), proposals: [], final: null }
    registers.set(key, made)
    return made
  }

  const couldBeShown = (register: Register | undefined, kind: VoteKind, view: number, tx: string): boolean => {
    if (register === undefined) return false
    const key = ballot(kind, view, tx)
    const { quorum, liars, isWithinFaults } = register.seats
    return isWithinFaults ? bitsIn(register.honest.get(key) ?? 0) + liars.length >= quorum : bitsIn(register.all.get(key) ?? 0) >= quorum
  }
  const others = (register: Register, tx: string): readonly string[] => [...register.values].filter((value) => value !== tx)

  const checkOwn = (register: Register, witness: number, bit: number, statement: Statement, tx: string, where: string): void => {
    const { view, kind } = statement
    const signed = (other: VoteKind, value: string): boolean => ((register.honest.get(ballot(other, view, value)) ?? 0) & bit) !== 0
    if (kind === 'N' && others(register, tx).some((value) => signed('N', value)))
      violate('R1', `witness ${witness} notarized two transactions in view ${view} of ${where}`)
    const contradicts = kind === 'S' ? [...register.values].some((value) => signed('F', value)) : kind === 'F' && signed('S', '')
    if (contradicts) violate('R2', `witness ${witness} skipped and finalized view ${view} of ${where}`)
    if (kind === 'F' && others(register, tx).some((value) => signed('F', value)))
      violate('R5', `witness ${witness} finalized two transactions in view ${view} of ${where}`)
    if (kind === 'F' && !couldBeShown(register, 'N', view, tx))
      violate('R5', `witness ${witness} finalized in view ${view} of ${where} what no quorum had notarized`)
    if (kind === 'N' && view > 0 && !isJustified(register, view, tx))
      violate('R3', `witness ${witness} notarized in view ${view} of ${where} what nothing justified`)
    if (kind === 'N' && !handovers.mayDecide(statement, deps.orderOf(tx)))
      violate('H3', `witness ${witness} notarized in view ${view} of ${where} what the committee before does not leave possible`)
    // Entering a view takes a certificate of the one before it (R7).
    if (view > 0 && kind !== 'T' && kind !== 'F' && !canBeEntered(register, view))
      violate('R7', `witness ${witness} voted in view ${view} of ${where}, which nothing had opened`)
  }

  const isSkippable = (register: Register, view: number): boolean => couldBeShown(register, 'S', view, '')
  const canBeEntered = (register: Register, view: number): boolean =>
    isSkippable(register, view - 1) || [...register.values].some((value) => couldBeShown(register, 'N', view - 1, value))

  /** A proposal that a liar may have made is as good as made. */
  const isJustified = (register: Register, view: number, tx: string): boolean => {
    const parents = register.seats.liars.includes(register.leaderOf(view))
      ? [null, ...Array.from({ length: view }, (_, at) => at)]
      : register.proposals.filter((one) => one.view === view && one.tx === tx).map(({ parent }) => parent)
    return parents.some((parent) => {
      if (parent !== null && !couldBeShown(register, 'N', parent, tx)) return false
      for (let between = (parent ?? -1) + 1; between < view; between++) if (!isSkippable(register, between)) return false
      return true
    })
  }

  const checkAll = (register: Register, { kind, view }: Statement, tx: string, where: string, statement: Statement): void => {
    const rivals = others(register, tx)
    if (kind === 'N' && couldBeShown(register, 'N', view, tx)) {
      if (rivals.some((value) => couldBeShown(register, 'N', view, value))) violate('two notarizations', `view ${view} of ${where}`)
      if (isSkippable(register, view)) reach('a view both notarized and skipped')
    }
    if (kind === 'S' && isSkippable(register, view)) {
      reach('a view skipped')
      if ([...register.values].some((value) => couldBeShown(register, 'F', view, value)))
        violate('skipped and final', `view ${view} of ${where}`)
    }
    if (kind !== 'F' || !couldBeShown(register, 'F', view, tx)) return
    if (isSkippable(register, view)) violate('skipped and final', `view ${view} of ${where}`)
    if (register.final !== null && register.final !== tx) violate('two finals', where)
    if (register.final !== null) return
    register.final = tx
    noteFinal(register, view, tx, reach)
    steps.decide(statement, tx)
    deps.final(statement)
  }

  const noteHonest = (witness: number, statement: Statement): void => {
    highestView = Math.max(highestView, statement.view)
    if (statement.view >= 3) reach('view 3 or later')
    if (statement.kind === 'S') steps.skip(statement, witness)
    if (statement.kind === 'N') deps.backed(witness, statement)
  }

  const record = (witness: number, statement: Statement, isHonest: boolean): void => {
    const register = registerOf(statement)
    const seat = register?.seats.witnesses.indexOf(witness) ?? -1
    if (register !== null && seat >= 0) return recordAt(register, witness, 1 << seat, statement, isHonest)
    if (isHonest) violate('epochs', `witness ${witness} has no seat in epoch ${statement.governance.epoch}, where it voted`)
  }

  const recordAt = (register: Register, witness: number, bit: number, statement: Statement, isHonest: boolean): void => {
    const where = registerKey(statement)
    const tx = statement.kind === 'S' ? '' : toHex(statement.txHash)
    const key = ballot(statement.kind, statement.view, tx)
    if (isHonest && ((register.honest.get(key) ?? 0) & bit) !== 0) return
    if (tx !== '') register.values.add(tx)
    if (isHonest) {
      checkOwn(register, witness, bit, statement, tx, where)
      register.honest.set(key, (register.honest.get(key) ?? 0) | bit)
    }
    const all = (register.all.get(key) ?? 0) | bit
    register.all.set(key, all)
    if (isHonest) noteHonest(witness, statement)
    if (statement.kind === 'F' && bitsIn(all) >= register.seats.quorum) steps.rely(statement)
    if (isHonest || !register.seats.isWithinFaults) checkAll(register, statement, tx, where, statement)
  }

  return {
    honest: (witness, statement) => record(witness, statement, true),
    liar: (witness, statement) => record(witness, statement, false),
    honestProposal: (witness, proposal) => {
      const register = registerOf(proposal)
      if (register === null) return violate('epochs', `witness ${witness} proposed in an epoch that never began`)
      const { view, parentViewPlusOne } = proposal
      const made = { view, tx: toHex(proposal.txHash), parent: parentViewPlusOne === 0 ? null : parentViewPlusOne - 1 }
      const rival = register.proposals.find((one) => one.view === view && (one.tx !== made.tx || one.parent !== made.parent))
      if (rival !== undefined) violate('one proposal a view', `witness ${witness} made two in view ${view} of ${registerKey(proposal)}`)
      register.proposals.push(made)
      if (made.parent !== null) reach('a value carried over')
    },
    isCertified: (statement) => {
      const register = registerOf(statement)
      const voters = register?.all.get(ballot(statement.kind, statement.view, toHex(statement.txHash))) ?? 0
      return register !== null && bitsIn(voters) >= register.seats.quorum
    },
    forget: steps.forget,
    skipped: steps.skipped,
    kept: steps.keep,
    unkept: steps.unkept,
    highestView: () => highestView,
    close: handovers.close,
  }
}

const noteFinal = (register: Register, view: number, tx: string, reach: (state: string) => void): void => {
  reach(view === 0 ? 'final in view 0' : 'final in a later view')
  if (register.proposals.some((one) => one.view === view && one.tx === tx && one.parent !== null)) reach('final through carry-over')
  if (register.values.size > 1) reach('final after contention')
}

const bitsIn = (mask: number): number => {
  let count = 0
  for (let rest = mask; rest !== 0; rest &= rest - 1) count++
  return count
}
