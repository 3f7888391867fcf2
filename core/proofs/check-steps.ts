import { moveRules } from '../escrow/model.ts'
import { equalBytes } from '../platform/bytes.ts'
import { ok } from '../platform/result.ts'
import { accountIdOf, birthOf } from '../settlement/account-id.ts'
import { txHash } from '../settlement/encoding.ts'
import { committeeNamed } from '../settlement/epochs.ts'
import { checkEndorsements } from '../settlement/federation-chain.ts'
import type { Authorisation, AuthorisedTx, Bytes32, Committee, Decree, EscrowState } from '../settlement/objects.ts'
import type { SettlementRules } from '../settlement/rules.ts'
import { verifyAuthorisation } from '../settlement/signatures.ts'
import { advanceEscrow, verifyOne, type VerifyContext } from '../settlement/verify.ts'
import { nothingShown, proofProblem, refusedBy, type Refused, type SubjectCheck } from './problem.ts'

const noCredits = (): Refused => proofProblem('out-of-order')

/**
 * Who ordered a step is outside of its certificate: of a decree without the chain before it, here is looked whether exactly those roles
 * signed that have to. Whose key may do so, only a first step, an endorsement and a ruling show by themselves; so it is never said.
 */
export const signersProblem = ({ tx, authorisations }: Decree, { epochs }: SettlementRules): Refused | null => {
  const committee = committeeNamed(epochs, tx.governance)
  const signed = committee !== null && areThoseOf({ tx, authorisations }, committee)
  return signed && authorisations.every((one) => verifyAuthorisation(tx, one)) ? null : refusedBy('not-authorised')
}

const areThoseOf = ({ tx, authorisations }: AuthorisedTx, committee: Committee): boolean => {
  if (tx.type === 'federation') return checkEndorsements({ committee }, { tx, authorisations }) === null
  if (tx.type === 'escrow' && tx.body.kind === 'rule') return areArbiters(authorisations, committee)
  const by = tx.type === 'account' ? ['owner'] : moveRules[tx.body.kind].by
  const isFirst = tx.type === 'account' && tx.step === 0
  return (
    authorisations.length === by.length &&
    authorisations.every(({ role }, at) => role === by[at]) &&
    (!isFirst || authorisations.every(({ publicKey }) => equalBytes(accountIdOf(birthOf(committee.federationId), publicKey), tx.objectId)))
  )
}

/** In the order of the roster, each once; how many it takes stands in the escrow's terms. */
const areArbiters = (authorisations: readonly Authorisation[], { arbiters }: Committee): boolean => {
  const places = authorisations.map(({ role, publicKey }) =>
    role === 'arbiter' ? arbiters.findIndex((arbiter) => equalBytes(arbiter.publicKey, publicKey)) : -1,
  )
  return places.length > 0 && places.every((place, at) => place > (places[at - 1] ?? -1))
}

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
      const unsigned = state === null ? signersProblem(decree, rules) : null
      if (unsigned !== null) return unsigned
      state = applied.value.state
      return equalBytes(state.id, id) ? null : proofProblem('other-subject')
    },
    end: () => (state === null ? nothingShown : ok({ kind: 'escrow', state })),
  }
}

/**
 * One decree alone says that it is final. Whether it fits the step before it, whose keys ordered it and what it claims, a quorum of the
 * witnesses has checked.
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
      const unsigned = signersProblem(decree, rules)
      if (unsigned !== null) return unsigned
      return equalBytes(txHash(decree.tx), id) ? null : proofProblem('other-subject')
    },
    end: () => (shown === null ? nothingShown : ok({ kind: 'decree', decree: shown })),
  }
}
