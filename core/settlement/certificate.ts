import { equalBytes } from '../platform/bytes.ts'
import { txHash } from './encoding.ts'
import { committeeNamed, type Epochs } from './epochs.ts'
import { quorumOf, type Certificate, type Committee, type Decree, type Governance, type Statement, type Tx, type Vote } from './objects.ts'
import type { RefusalCode } from './refusals.ts'
import { equalGovernance } from './rules.ts'
import { verifyStatement } from './signatures.ts'

/** Certificates: q signatures over one statement. Checkable by anyone, offline, with nothing but the committee's keys. */

export const verifyVote = (vote: Vote, committee: Committee): boolean => {
  const witness = committee.witnesses[vote.witnessIndex]
  const ofCommittee = witness !== undefined && equalGovernance(vote.statement.governance, committee)
  return ofCommittee && verifyStatement(vote.statement, vote.signature, witness.publicKey)
}

/** The first q of these verified votes, in witness order; null while there are fewer. All must carry `statement`. */
export const assembleCertificate = (statement: Statement, votes: readonly Vote[], committee: Committee): Certificate | null => {
  const quorum = quorumOf(committee)
  const signatures = [...new Map(votes.map(({ witnessIndex, signature }) => [witnessIndex, { witnessIndex, signature }])).values()]
    .toSorted((a, b) => a.witnessIndex - b.witnessIndex)
    .slice(0, quorum)
  return signatures.length === quorum ? { statement, signatures } : null
}

/** Exactly q signatures by distinct witnesses in ascending order, so that a certificate has a bounded cost. */
export const verifyCertificate = ({ statement, signatures }: Certificate, committee: Committee): boolean => {
  const ascending = signatures.every(({ witnessIndex }, at) => at === 0 || witnessIndex > (signatures[at - 1]?.witnessIndex ?? 0))
  if (!ascending || signatures.length !== quorumOf(committee)) return false
  return signatures.every(({ witnessIndex, signature }) => verifyVote({ statement, witnessIndex, signature }, committee))
}

/** An account that its own committee left behind is decided by a later one (handover.ts); everything else by the one it names. */
export const mayDecide = ({ federationId, epoch }: Governance, { type, governance }: Tx): boolean =>
  equalBytes(federationId, governance.federationId) && (type === 'account' ? epoch >= governance.epoch : epoch === governance.epoch)

/** Why this transaction is not final, as far as these epochs tell; null when it is. Authorisations are for the state machines. */
export const decreeProblem = ({ tx, certificate }: Decree, epochs: Epochs): RefusalCode | null => {
  const { statement } = certificate
  if (!equalBytes(tx.governance.federationId, epochs.federationId)) return 'wrong-federation'
  const aboutThis =
    statement.kind === 'F' &&
    statement.step === tx.step &&
    equalBytes(statement.objectId, tx.objectId) &&
    equalBytes(statement.txHash, txHash(tx)) &&
    mayDecide(statement.governance, tx)
  if (!aboutThis) return 'bad-certificate'
  const committee = committeeNamed(epochs, statement.governance)
  if (committee === null) return 'unknown-epoch'
  return verifyCertificate(certificate, committee) ? null : 'bad-certificate'
}
export const verifyDecree = (decree: Decree, epochs: Epochs): boolean => decreeProblem(decree, epochs) === null
