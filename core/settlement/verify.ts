import { applyEscrowMove, openEscrow } from '../escrow/model.ts'
import { equalBytes, toHex } from '../platform/bytes.ts'
import { ok, type Result } from '../platform/result.ts'
import { accountBornOf, applyAccountTx, creditsOfAccountTx } from './account.ts'
import { decreeProblem } from './certificate.ts'
import { txHash } from './encoding.ts'
import type { AccountId, AccountState, Credit, CreditId, Decree, EscrowState } from './objects.ts'
import { refuse, type Refusal } from './refusals.ts'
import type { SettlementRules } from './rules.ts'

/** Light verification: from the genesis document and decrees alone, offline, whoever handed them over. */
export type VerifyContext = { readonly rules: SettlementRules; readonly genesisCredits: readonly Credit[] }

export type ProvenCredit = {
  readonly credit: Credit
  /** What proves it, oldest first: nothing for genesis, a transfer's own decree, or an escrow's whole chain. */
  readonly proof: readonly Decree[]
}

/** One decree by itself: of this federation, and final. */
const checkDecree = (decree: Decree, { epochs }: SettlementRules): Result<Decree, Refusal> => {
  const problem = decreeProblem(decree, epochs)
  return problem === null ? ok(decree) : refuse(problem)
}

/** Every credit that these decrees prove. Steps of an escrow count only after the decree that opened it. */
export const provenCredits = (decrees: readonly Decree[], { rules }: VerifyContext): Result<readonly ProvenCredit[], Refusal> => {
  const escrows = new Map<string, { readonly state: EscrowState; readonly proof: readonly Decree[] }>()
  const proven = new Map<string, ProvenCredit>()
  const prove = (credits: readonly Credit[], proof: readonly Decree[]): void => {
    for (const credit of credits) proven.set(toHex(credit.id), { credit, proof })
  }
  for (const decree of decrees) {
    const checked = checkDecree(decree, rules)
    if (!checked.ok) return checked
    const { tx, authorisations } = decree
    if (tx.type === 'account') {
      prove(creditsOfAccountTx(tx), [decree])
      const opened = openEscrow(tx)
      if (opened !== null && !escrows.has(toHex(opened.id))) escrows.set(toHex(opened.id), { state: opened, proof: [decree] })
      continue
    }
    if (tx.type === 'federation') return refuse('wrong-object')
    const escrow = escrows.get(toHex(tx.objectId))
    if (escrow === undefined) return refuse('missing-history')
    if (equalBytes(escrow.state.headHash, txHash(tx))) continue
    const applied = applyEscrowMove(escrow.state, { tx, authorisations }, { rules, nowMs: null })
    if (!applied.ok) return applied
    const proof = [...escrow.proof, decree]
    escrows.set(toHex(tx.objectId), { state: applied.value.state, proof })
    prove(applied.value.credits, proof)
  }
  return ok([...proven.values()])
}

/** An escrow's state from its whole chain, which starts with the decree that opened it. */
export const replayEscrow = (decrees: readonly Decree[], { rules }: VerifyContext): Result<EscrowState, Refusal> => {
  const [opening, ...moves] = decrees
  const checked = opening === undefined ? refuse('missing-history') : checkDecree(opening, rules)
  if (!checked.ok) return checked
  const opened = checked.value.tx.type === 'account' ? openEscrow(checked.value.tx) : null
  if (opened === null) return refuse('missing-history')
  let state: EscrowState = opened
  for (const decree of moves) {
    const final = checkDecree(decree, rules)
    if (!final.ok) return final
    const { tx, authorisations } = decree
    const applied = tx.type === 'escrow' ? applyEscrowMove(state, { tx, authorisations }, { rules, nowMs: null }) : refuse('wrong-object')
    if (!applied.ok) return applied
    state = applied.value.state
  }
  return ok(state)
}

/**
 * An account's state from its whole chain. `supporting` proves the credits that it claims. Everything a witness checked is checked
 * again but the clock, so what this accepts is exactly what full replay accepts.
 */
export const replayAccount = (
  id: AccountId,
  decrees: readonly Decree[],
  supporting: readonly Decree[],
  context: VerifyContext,
): Result<AccountState, Refusal> => {
  const proven = provenCredits(supporting, context)
  if (!proven.ok) return proven
  const credits = [...context.genesisCredits, ...proven.value.map(({ credit }) => credit)]
  const known = new Map(credits.map((credit) => [toHex(credit.id), credit]))
  const claimed = new Set<string>()
  const creditOf = (creditId: CreditId): Credit | null => known.get(toHex(creditId)) ?? null
  const isClaimed = (creditId: CreditId): boolean => claimed.has(toHex(creditId))
  let state: AccountState | null = null
  for (const decree of decrees) {
    const final = checkDecree(decree, context.rules)
    if (!final.ok) return final
    const { tx, authorisations } = decree
    if (tx.type !== 'account') return refuse('wrong-object')
    const before: AccountState | null = state ?? accountBornOf({ tx, authorisations })
    if (before === null) return refuse('not-authorised')
    const applied = applyAccountTx(before, { tx, authorisations }, { rules: context.rules, creditOf, isClaimed, nowMs: null })
    if (!applied.ok) return applied
    for (const claim of tx.body.claims) claimed.add(toHex(claim))
    state = applied.value.state
  }
  return state !== null && equalBytes(state.id, id) ? ok(state) : refuse('missing-history')
}
