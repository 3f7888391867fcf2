import { toHex } from '../platform/bytes.ts'
import { leaderOf } from '../settlement/ballots.ts'
import { quorumOf, type Committee, type Proposal, type Statement, type VoteKind } from '../settlement/objects.ts'

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
  /** The registers in which an honest witness has given up a view. */
  readonly skipped: () => ReadonlySet<string>
  readonly isFinal: (registerKey: string) => boolean
  /** An honest witness has the decree of this register, where everybody finds it. */
  readonly kept: (registerKey: string) => void
  /** The registers that a quorum has finalized, so that somebody may rely on it, and whose decree no honest witness has. */
  readonly unkept: () => readonly string[]
  readonly highestView: () => number
}

export type VoteAuditDeps = {
  readonly committee: Committee
  readonly liars: readonly number[]
  /** With more than f liars only what they really signed is held against the protocol. */
  readonly isWithinFaults: boolean
  readonly violate: (rule: string, detail: string) => void
  readonly reach: (state: string) => void
  /** A value became final: from now on nothing else may. */
  readonly final: (statement: Statement) => void
  /** An honest witness backed a transaction. */
  readonly backed: (witness: number, statement: Statement) => void
}

type Register = {
  /** Honest voters and all voters, as bits. */
  readonly honest: Map<string, number>
  readonly all: Map<string, number>
  readonly values: Set<string>
  readonly proposals: { readonly view: number; readonly tx: string; readonly parent: number | null }[]
  views: number
  final: string | null
}

export const registerKey = ({ objectId, step }: Pick<Statement, 'objectId' | 'step'>): string => `${toHex(objectId)}/${step}`
const ballot = (kind: VoteKind, view: number, tx: string): string => `${kind}${view}/${kind === 'S' ? '' : tx}`

export const createVoteAudit = (deps: VoteAuditDeps): VoteAudit => {
  const { committee, liars, violate, reach } = deps
  const quorum = quorumOf(committee)
  const registers = new Map<string, Register>()
  const skipped = new Set<string>()
  const unkept = new Set<string>()
  const kept = new Set<string>()
  let highestView = 0

  const registerOf = (about: Pick<Statement, 'objectId' | 'step'>): Register => {
    const key = registerKey(about)
    const known = registers.get(key)
    if (known !== undefined) return known
    const made: Register = { honest: new Map(), all: new Map(), values: new Set(), proposals: [], views: 1, final: null }
    registers.set(key, made)
    return made
  }

  const couldBeShown = (register: Register, kind: VoteKind, view: number, tx: string): boolean => {
    const key = ballot(kind, view, tx)
    return deps.isWithinFaults
      ? bitsIn(register.honest.get(key) ?? 0) + liars.length >= quorum
      : bitsIn(register.all.get(key) ?? 0) >= quorum
  }
  const others = (register: Register, tx: string): readonly string[] => [...register.values].filter((value) => value !== tx)

  const checkOwn = (register: Register, witness: number, { view, kind }: Statement, tx: string, where: string): void => {
    const bit = 1 << witness
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
    // Entering a view takes a certificate of the one before it (R7).
    if (view > 0 && kind !== 'T' && kind !== 'F' && !canBeEntered(register, view))
      violate('R7', `witness ${witness} voted in view ${view} of ${where}, which nothing had opened`)
  }

  const isSkippable = (register: Register, view: number): boolean => couldBeShown(register, 'S', view, '')
  const canBeEntered = (register: Register, view: number): boolean =>
    isSkippable(register, view - 1) || [...register.values].some((value) => couldBeShown(register, 'N', view - 1, value))

  /** A proposal that a liar may have made is as good as made. */
  const isJustified = (register: Register, view: number, tx: string): boolean => {
    const leads = leaders.get(register)?.(view) ?? -1
    const parents = liars.includes(leads)
      ? [null, ...Array.from({ length: view }, (_, at) => at)]
      : register.proposals.filter((one) => one.view === view && one.tx === tx).map(({ parent }) => parent)
    return parents.some((parent) => {
      if (parent !== null && !couldBeShown(register, 'N', parent, tx)) return false
      for (let between = (parent ?? -1) + 1; between < view; between++) if (!isSkippable(register, between)) return false
      return true
    })
  }
  const leaders = new Map<Register, (view: number) => number>()

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
    skipped.delete(where)
    deps.final(statement)
  }

  const noteRelied = (register: Register, { kind }: Statement, key: string, where: string): void => {
    if (kind === 'F' && !kept.has(where) && bitsIn(register.all.get(key) ?? 0) >= quorum) unkept.add(where)
  }

  const record = (witness: number, statement: Statement, isHonest: boolean): void => {
    const register = registerOf(statement)
    const where = registerKey(statement)
    const tx = statement.kind === 'S' ? '' : toHex(statement.txHash)
    const key = ballot(statement.kind, statement.view, tx)
    if (!leaders.has(register)) leaders.set(register, (view) => leaderOf(statement, committee, view))
    if (isHonest && ((register.honest.get(key) ?? 0) & (1 << witness)) !== 0) return
    if (tx !== '') register.values.add(tx)
    if (isHonest) {
      checkOwn(register, witness, statement, tx, where)
      register.honest.set(key, (register.honest.get(key) ?? 0) | (1 << witness))
    }
    register.all.set(key, (register.all.get(key) ?? 0) | (1 << witness))
    if (isHonest) {
      register.views = Math.max(register.views, statement.view + 1)
      highestView = Math.max(highestView, statement.view)
      if (statement.view >= 3) reach('view 3 or later')
      if (statement.kind === 'S' && register.final === null) skipped.add(where)
      if (statement.kind === 'N') deps.backed(witness, statement)
    }
    noteRelied(register, statement, key, where)
    if (isHonest || !deps.isWithinFaults) checkAll(register, statement, tx, where, statement)
  }

  return {
    honest: (witness, statement) => record(witness, statement, true),
    liar: (witness, statement) => record(witness, statement, false),
    honestProposal: (witness, proposal) => {
      const register = registerOf(proposal)
      const { view, parentViewPlusOne } = proposal
      const made = { view, tx: toHex(proposal.txHash), parent: parentViewPlusOne === 0 ? null : parentViewPlusOne - 1 }
      const rival = register.proposals.find((one) => one.view === view && (one.tx !== made.tx || one.parent !== made.parent))
      if (rival !== undefined) violate('one proposal a view', `witness ${witness} made two in view ${view} of ${registerKey(proposal)}`)
      register.proposals.push(made)
      if (made.parent !== null) reach('a value carried over')
    },
    isCertified: (statement) =>
      bitsIn(registerOf(statement).all.get(ballot(statement.kind, statement.view, toHex(statement.txHash))) ?? 0) >= quorum,
    skipped: () => skipped,
    kept: (key) => {
      kept.add(key)
      unkept.delete(key)
    },
    unkept: () => [...unkept],
    isFinal: (key) => (registers.get(key)?.final ?? null) !== null,
    highestView: () => highestView,
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
