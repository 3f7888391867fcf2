import { equalBytes, toHex } from '../platform/bytes.ts'
import { ok } from '../platform/result.ts'
import { creditsOfAccountTx } from '../settlement/account.ts'
import { maxClaims } from '../settlement/encoding.ts'
import type { AccountState, AccountTx, Bytes32, Credit, Decree, EscrowState } from '../settlement/objects.ts'
import { advanceAccount, advanceEscrow, verifyOne, type VerifyContext } from '../settlement/verify.ts'
import { signersProblem } from './check-steps.ts'
import { nothingShown, proofProblem, type AccountSums, type SubjectCheck } from './problem.ts'

/** Some 100 bytes each are kept, so that none is claimed twice. */
const maxClaimed = 1_000_000

/**
 * An account from its first step on. Every step comes right after the credits that it takes in: a transfer's decree, or the chain of a
 * settled escrow. So nothing of them has to be kept, and what is not taken in has no place in the file.
 */
export const createAccountCheck = (id: Bytes32, { rules, genesisCredits }: VerifyContext): SubjectCheck => {
  const claimed = new Set<string>()
  const genesis = new Map(genesisCredits.map((credit) => [toHex(credit.id), credit]))
  let offered = new Map<string, Credit>()
  let escrow: EscrowState | null = null
  let state: AccountState | null = null
  let sums: AccountSums = { receivedMicro: 0n, paidMicro: 0n, lockedMicro: 0n }

  const offer = (credits: readonly Credit[]): boolean => {
    const mine = credits.filter(({ account }) => equalBytes(account, id))
    for (const credit of mine) offered.set(toHex(credit.id), credit)
    return mine.length > 0 && offered.size <= maxClaims
  }

  const takeOfEscrow = (decree: Decree) => {
    const applied = advanceEscrow(escrow, decree, rules)
    const problem = applied.ok ? (escrow === null ? signersProblem(decree, rules) : null) : applied.error
    if (!applied.ok || problem !== null) return problem
    const isSettled = applied.value.state.phase === 'settled'
    escrow = isSettled ? null : applied.value.state
    return isSettled && !offer(applied.value.credits) ? proofProblem('extra-data') : null
  }

  return {
    get step() {
      return state === null ? 0 : state.step + 1
    },
    takeCredit: (decree) => {
      const { tx } = decree
      const pays = tx.type === 'account' ? creditsOfAccountTx(tx) : []
      if (escrow !== null || pays.length === 0) return takeOfEscrow(decree)
      const checked = verifyOne(decree, rules)
      if (!checked.ok) return checked.error
      return signersProblem(decree, rules) ?? (offer(pays) ? null : proofProblem('extra-data'))
    },
    takeStep: (decree) => {
      if (escrow !== null) return proofProblem('extra-data')
      const applied = advanceAccount(state, decree, {
        rules,
        creditOf: (credit) => offered.get(toHex(credit)) ?? genesis.get(toHex(credit)) ?? null,
        isClaimed: (credit) => claimed.has(toHex(credit)),
      })
      if (!applied.ok) return applied.error
      const { body } = decree.tx as AccountTx
      for (const claim of body.claims) {
        claimed.add(toHex(claim))
        offered.delete(toHex(claim))
      }
      if (offered.size > 0) return proofProblem('extra-data')
      if (claimed.size > maxClaimed) return proofProblem('too-long')
      const { freeMicro } = applied.value.state
      sums = summedUp(sums, body, freeMicro - (state?.freeMicro ?? 0n))
      state = applied.value.state
      offered = new Map()
      return equalBytes(state.id, id) ? null : proofProblem('other-subject')
    },
    end: () => {
      if (escrow !== null || offered.size > 0) return { ok: false, error: proofProblem('extra-data') }
      return state === null ? nothingShown : ok({ kind: 'account', state, sums })
    },
  }
}

const summedUp = (
  { receivedMicro, paidMicro, lockedMicro }: AccountSums,
  { operation }: AccountTx['body'],
  changeMicro: bigint,
): AccountSums => {
  const paid = operation.kind === 'transfer' ? operation.amountMicro : 0n
  const locked = operation.kind === 'open-escrow' ? operation.terms.amountMicro : 0n
  return { receivedMicro: receivedMicro + changeMicro + paid + locked, paidMicro: paidMicro + paid, lockedMicro: lockedMicro + locked }
}
