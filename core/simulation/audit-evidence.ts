import { equalBytes, sha256, toHex } from '../platform/bytes.ts'
import { assembleCertificate } from '../settlement/certificate.ts'
import type { Epochs } from '../settlement/epochs.ts'
import { encodeEvidence, verifyEvidence, type Evidence, type EvidenceSink, type Finals } from '../settlement/evidence.ts'
import type { Bytes32, Certificate, Statement, Vote } from '../settlement/objects.ts'
import { placeKey, registerKey } from './audit-steps.ts'

/** What the honest find against others proves what it says, and never convicts one of them. */
export type EvidenceAudit = {
  readonly found: EvidenceSink
  /** A vote that somebody signed. Two values that could be shown to be final one day are shown to all honest witnesses now. */
  readonly signed: (vote: Vote) => void
  /** An honest witness, asked for what its disk holds against those who made two values final. */
  readonly hear: (testimonyOf: (finals: Finals) => readonly Evidence[]) => void
  /** How many keys are convicted by what the honest have found and kept. */
  readonly convicted: () => number
}

export type EvidenceAuditDeps = {
  readonly epochs: Epochs
  readonly honestKeys: readonly Bytes32[]
  readonly violate: (rule: string, detail: string) => void
  readonly reach: (state: string) => void
}

export const createEvidenceAudit = ({ epochs, honestKeys, violate, reach }: EvidenceAuditDeps): EvidenceAudit => {
  const honest = new Set(honestKeys.map(toHex))
  const culprits = new Set<string>()
  const judged = new Set<string>()
  /** Votes and certificates by their step. */
  const steps = new Map<string, { readonly votes: Vote[]; readonly finals: Certificate[] }>()
  const witnesses: ((finals: Finals) => readonly Evidence[])[] = []
  const found: EvidenceSink = (evidence) => {
    // Whoever sees the same votes finds the same piece; it proves what it proved the first time.
    const piece = pieceOf(evidence)
    if (judged.has(piece)) return
    judged.add(piece)
    const verdict = verifyEvidence(evidence, epochs)
    if (!verdict.ok) return violate('evidence', `a piece of kind ${evidence.kind} proves nothing: ${verdict.error.code}`)
    const { culprit, offence, account } = verdict.value
    const isHonest = culprit !== null && honest.has(toHex(culprit))
    // No guilt: an honest owner signs again for a step when its first order was refused, though a witness may have backed that one.
    if (isHonest && offence !== 'two-orders') violate('evidence', `somebody honest is convicted of ${offence}`)
    reach(`evidence of ${offence}${isHonest ? ' by an honest owner whose first order was refused' : ''}`)
    if (culprit !== null && account === null) culprits.add(toHex(culprit))
    // As on every node that hears of it: what one witness says may make another one say more.
    if (evidence.kind !== 'finals') return
    for (const testimonyOf of witnesses) testimonyOf(evidence).forEach(found)
    violate('two finals', registerKey(evidence.first.statement))
  }
  const signed = (vote: Vote): void => {
    const { statement } = vote
    const committee = epochs.get(statement.governance.epoch)?.committee
    if (statement.kind !== 'F' || committee === undefined) return
    const key = registerKey(statement)
    const { votes, finals } = steps.get(key) ?? { votes: [], finals: [] }
    steps.set(key, { votes, finals })
    votes.push(vote)
    const same = votes.filter((one) => placeKey(one.statement) === placeKey(statement) && isSameBallot(one.statement, statement))
    const certificate = assembleCertificate(statement, same, committee)
    if (certificate === null) return
    for (const first of finals)
      if (!equalBytes(first.statement.txHash, statement.txHash)) found({ kind: 'finals', first, second: certificate })
    finals.push(certificate)
  }
  return { found, signed, hear: (testimonyOf) => void witnesses.push(testimonyOf), convicted: () => culprits.size }
}

const isSameBallot = (a: Statement, b: Statement): boolean => a.view === b.view && equalBytes(a.txHash, b.txHash)
const pieceOf = (evidence: Evidence): string => toHex(sha256(encodeEvidence(evidence)))
