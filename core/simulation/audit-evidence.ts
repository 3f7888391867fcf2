import { sha256, toHex } from '../platform/bytes.ts'
import type { Epochs } from '../settlement/epochs.ts'
import { contradictions, encodeEvidence, verifyEvidence, type Evidence } from '../settlement/evidence.ts'
import type { Bytes32, Vote } from '../settlement/objects.ts'
import { registerKey } from './audit-steps.ts'

/** What the honest find against others proves what it says, and never convicts one of them. */
export type EvidenceAudit = {
  readonly found: (evidence: Evidence) => void
  /** Every vote that anybody signed, as the witnesses keep certificates. */
  readonly keep: (vote: Vote) => void
  /** How many witnesses the votes of this run convict. */
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
  const kept = new Map<string, Map<string, Vote>>()
  const judged = new Set<string>()
  const found = (evidence: Evidence): void => {
    // Whoever sees the same votes finds the same piece; it proves what it proved the first time.
    const piece = pieceOf(evidence)
    if (judged.has(piece)) return
    judged.add(piece)
    const verdict = verifyEvidence(evidence, epochs)
    if (!verdict.ok) return violate('evidence', `a piece of kind ${evidence.kind} proves nothing: ${verdict.error.code}`)
    const { culprit, offence } = verdict.value
    const isHonest = culprit !== null && honest.has(toHex(culprit))
    // No guilt: an honest owner signs again for a step when its first order was refused, though a witness may have backed that one.
    if (isHonest && offence !== 'two-orders') violate('evidence', `somebody honest is convicted of ${offence}`)
    reach(`evidence of ${offence}${isHonest ? ' by an honest owner whose first order was refused' : ''}`)
  }
  return {
    found,
    keep: (vote) => {
      const key = `${registerKey(vote.statement)} ${vote.witnessIndex}`
      const votes = kept.get(key) ?? new Map<string, Vote>()
      kept.set(key, votes.set(toHex(vote.signature), vote))
    },
    convicted: () => {
      const culprits = new Set<string>()
      for (const votes of kept.values()) {
        const culprit = culpritAmong([...votes.values()], epochs)
        if (culprit !== null) culprits.add(culprit)
      }
      for (const culprit of culprits) if (honest.has(culprit)) violate('evidence', 'somebody honest is convicted by its votes')
      return culprits.size
    },
  }
}

/** The votes are of one witness at one register: the first two that contradict each other convict it. */
const culpritAmong = (votes: readonly Vote[], epochs: Epochs): string | null => {
  for (const [at, vote] of votes.entries())
    for (const evidence of contradictions(vote, votes.slice(0, at))) {
      const verdict = verifyEvidence(evidence, epochs)
      if (verdict.ok && verdict.value.culprit !== null) return toHex(verdict.value.culprit)
    }
  return null
}

const pieceOf = (evidence: Evidence): string => toHex(sha256(encodeEvidence(evidence)))
