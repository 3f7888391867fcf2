import { equalBytes } from '../platform/bytes.ts'
import { ok } from '../platform/result.ts'
import { txHash } from '../settlement/encoding.ts'
import type { Bytes32, Decree, EscrowState } from '../settlement/objects.ts'
import { verifyAuthorisation } from '../settlement/signatures.ts'
import { advanceEscrow, verifyOne, type VerifyContext } from '../settlement/verify.ts'
import { nothingShown, proofProblem, refusedBy, type Refused, type SubjectCheck } from './problem.ts'

const noCredits = (): Refused => proofProblem('out-of-order')

/** Who ordered a step is outside of its certificate: what the state machines do not look at is looked at here. */
export const signersProblem = ({ tx, authorisations }: Decree): Refused | null =>
  authorisations.length > 0 && authorisations.every((one) => verifyAuthorisation(tx, one)) ? null : refusedBy('not-authorised')

export const createEscrowCheck = (id: Bytes32, { rules }: VerifyContext): SubjectCheck => {
  let state: EscrowState | null = null
  return {
    get step() {
      return state === null ? 0 : state.step + 1
    },
    takeCredit: noCredits,
    takeStep: (decree) => {
      const applied = advanceEscrow(state, decree, rules)
      if (!applied.ok) return applied.error
      const unsigned = state === null ? signersProblem(decree) : null
      if (unsigned !== null) return unsigned
      state = applied.value.state
      return equalBytes(state.id, id) ? null : proofProblem('other-subject')
    },
    end: () => (state === null ? nothingShown : ok({ kind: 'escrow', state })),
  }
}

/**
 * One decree alone says that it is final, and which keys signed it. Whether an account's step fits the one before it, whose key that is
 * and what it claims, a quorum of the witnesses has checked.
 */
export const createDecreeCheck = (id: Bytes32, { rules }: VerifyContext): SubjectCheck => {
  let shown: Decree | null = null
  return {
    step: null,
    takeCredit: noCredits,
    takeStep: (decree) => {
      if (shown !== null) return proofProblem('extra-data')
      shown = decree
      const checked = verifyOne(decree, rules)
      if (!checked.ok) return checked.error
      // Some moves of an escrow are anybody's.
      const unsigned = decree.authorisations.length > 0 || decree.tx.type !== 'escrow' ? signersProblem(decree) : null
      if (unsigned !== null) return unsigned
      return equalBytes(txHash(decree.tx), id) ? null : proofProblem('other-subject')
    },
    end: () => (shown === null ? nothingShown : ok({ kind: 'decree', decree: shown })),
  }
}
