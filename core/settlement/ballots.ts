import { equalBytes, fromHex, sha256, toHex } from '../platform/bytes.ts'
import type { RegisterId } from './bundle.ts'
import { assembleCertificate, verifyVote } from './certificate.ts'
import { txHash } from './encoding.ts'
import {
  quorumOf,
  type AuthorisedTx,
  type Committee,
  type Decree,
  type Proposal,
  type SignedProposal,
  type Statement,
  type TxHash,
  type Vote,
} from './objects.ts'
import { decidedTx, noTx, type Ballot, type RegisterContext, type Suggestion, type Tally } from './register.ts'
import { equalGovernance, guardMs, type SettlementLimits } from './rules.ts'
import { verifyProposal } from './signatures.ts'

/** Between signed statements, as they travel, and the bare ballots that the register counts. */

const zeroHash = new Uint8Array(32)
export const nameOf = (hash: TxHash): string => toHex(hash)

export const ballotOf = ({ statement: { kind, view, txHash }, witnessIndex }: Vote): Ballot => ({
  kind,
  view,
  tx: kind === 'S' ? noTx : nameOf(txHash),
  witness: witnessIndex,
})

export const statementOf = ({ governance, objectId, step }: RegisterId, { kind, view, tx }: Omit<Ballot, 'witness'>): Statement => ({
  governance,
  objectId,
  step,
  view,
  kind,
  txHash: tx === noTx ? zeroHash : fromHex(tx),
})

export const suggestionOf = ({ proposal: { view, txHash, parentViewPlusOne } }: SignedProposal): Suggestion => ({
  view,
  tx: nameOf(txHash),
  parent: parentViewPlusOne === 0 ? null : parentViewPlusOne - 1,
})

export const proposalOf = ({ governance, objectId, step }: RegisterId, { view, tx, parent }: Suggestion): Proposal => ({
  governance,
  objectId,
  step,
  view,
  txHash: fromHex(tx),
  parentViewPlusOne: parent === null ? 0 : parent + 1,
})

export const ballotKey = ({ kind, view, tx, witness }: Ballot): string => `${kind}/${view}/${tx}/${witness}`

/** What a leader has proposed or a quorum has notarized: without these orders nothing can be voted for, or become final. */
export const wantedTxs = (tallies: readonly Tally[], proposals: readonly SignedProposal[], quorum: number): ReadonlySet<string> =>
  new Set([
    ...proposals.map(({ proposal }) => nameOf(proposal.txHash)),
    ...tallies.filter(({ kind, voters }) => kind === 'N' && voters.size >= quorum).map(({ tx }) => tx),
  ])

type About = Pick<Statement, 'governance' | 'objectId' | 'step'>
const isAbout = (register: RegisterId, { governance, objectId, step }: About): boolean =>
  step === register.step && equalBytes(objectId, register.objectId) && equalGovernance(governance, register.governance)

/** A vote of this register, well-formed and signed by its witness. */
export const isVoteOf = (register: RegisterId, vote: Vote, committee: Committee): boolean => {
  const { kind, view, txHash } = vote.statement
  const wellFormed = (kind === 'S') === equalBytes(txHash, zeroHash) && (kind !== 'T' || view === 0)
  return wellFormed && isAbout(register, vote.statement) && verifyVote(vote, committee)
}

/** A proposal of this register, signed by the leader of its view. */
export const isProposalOf = (register: RegisterId, signed: SignedProposal, committee: Committee): boolean => {
  const { view, parentViewPlusOne } = signed.proposal
  const leader = committee.witnesses[signed.witnessIndex]
  if (leader === undefined || view === 0 || parentViewPlusOne > view || leaderOf(register, committee, view) !== signed.witnessIndex)
    return false
  return isAbout(register, signed.proposal) && verifyProposal(signed, leader.publicKey)
}

/** committee[(u32(H(objectId ‖ step)) + view) mod n], so that no witness leads more objects than another (settlement.md §3.1). */
export const leaderOf = ({ objectId, step }: Pick<RegisterId, 'objectId' | 'step'>, { witnesses }: Committee, view: number): number => {
  const position = new Uint8Array(4)
  new DataView(position.buffer).setUint32(0, step)
  const hash = sha256(objectId, position)
  return (new DataView(hash.buffer, hash.byteOffset).getUint32(0) + view) % witnesses.length
}

export const registerContext = (register: RegisterId, committee: Committee, me: number, limits: SettlementLimits): RegisterContext => ({
  me,
  size: committee.witnesses.length,
  faults: committee.witnesses.length - quorumOf(committee),
  leaderOf: (view) => leaderOf(register, committee, view),
  leaderMarginMs: guardMs(limits),
})

/** Who has cast what; votes must be verified. */
export const tallyOf = (votes: readonly Vote[]): readonly Tally[] => {
  const tallies = new Map<string, Tally & { readonly voters: Set<number> }>()
  for (const vote of votes) {
    const { kind, view, tx, witness } = ballotOf(vote)
    const key = `${kind}/${view}/${tx}`
    const tally = tallies.get(key) ?? { kind, view, tx, voters: new Set() }
    tallies.set(key, tally)
    tally.voters.add(witness)
  }
  return [...tallies.values()]
}

/** The decree that these votes make final; null while none is, or while its order is not among `orders`. */
export const assembleDecree = (
  register: RegisterId,
  committee: Committee,
  orders: readonly AuthorisedTx[],
  votes: readonly Vote[],
): Decree | null => {
  const final = decidedTx(tallyOf(votes), quorumOf(committee))
  const order = orders.find(({ tx }) => nameOf(txHash(tx)) === final?.tx)
  if (final === null || order === undefined) return null
  const statement = statementOf(register, { kind: 'F', view: final.view, tx: final.tx })
  const finals = votes.filter((vote) => vote.statement.kind === 'F' && vote.statement.view === final.view && ballotOf(vote).tx === final.tx)
  const certificate = assembleCertificate(statement, finals, committee)
  return certificate === null ? null : { ...order, certificate }
}
