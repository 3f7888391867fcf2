import { equalBytes } from '../platform/bytes.ts'
import { txHash } from './encoding.ts'
import { quorumOf, type Certificate, type Committee, type Decree, type Statement, type Vote } from './objects.ts'
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

/** Whether this transaction is final. Its authorisations are outside the certificate; the state machines check those. */
export const verifyDecree = ({ tx, certificate }: Decree, committee: Committee): boolean => {
  const { statement } = certificate
  const aboutThis =
    statement.kind === 'F' &&
    statement.step === tx.step &&
    equalBytes(statement.objectId, tx.objectId) &&
    equalBytes(statement.txHash, txHash(tx)) &&
    equalGovernance(statement.governance, tx.governance)
  return aboutThis && verifyCertificate(certificate, committee)
}
