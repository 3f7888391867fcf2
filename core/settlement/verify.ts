import { applyEscrowMove, openEscrow } from '../escrow/model.ts'
import { equalBytes, toHex } from '../platform/bytes.ts'
import { ok, type Result } from '../platform/result.ts'
import { accountBornOf, applyAccountTx, creditsOfAccountTx, type AccountContext, type AccountEffect } from './account.ts'
import { decreeProblem, verifyDecree } from './certificate.ts'
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
export const verifyOne = (decree: Decree, { epochs }: SettlementRules): Result<Decree, Refusal> => {
  const problem = decreeProblem(decree, epochs)
  return problem === null ? ok(decree) : refuse(problem)
}

/** One more decree of an escrow: the one that opened it when nothing of it is known yet. */
export const advanceEscrow = (
  state: EscrowState | null,
  decree: Decree,
  rules: SettlementRules,
): Result<{ readonly state: EscrowState; readonly credits: readonly Credit[] }, Refusal> => {
  const checked = verifyOne(decree, rules)
  if (!checked.ok) return checked
  const { tx, authorisations } = decree
  if (state !== null)
    return tx.type === 'escrow' ? applyEscrowMove(state, { tx, authorisations }, { rules, nowMs: null }) : refuse('wrong-object')
  const opened = tx.type === 'account' ? openEscrow(tx) : null
  return opened === null ? refuse('missing-history') : ok({ state: opened, credits: [] })
}

/** One more decree of an account, checked as a witness checked it, but for the clock. */
export const advanceAccount = (
  state: AccountState | null,
  decree: Decree,
  context: Omit<AccountContext, 'nowMs'>,
): Result<AccountEffect, Refusal> => {
  const checked = verifyOne(decree, context.rules)
  if (!checked.ok) return checked
  const { tx, authorisations } = decree
  if (tx.type !== 'account') return refuse('wrong-object')
  const before = state ?? accountBornOf({ tx, authorisations })
  return before === null ? refuse('not-authorised') : applyAccountTx(before, { tx, authorisations }, { ...context, nowMs: null })
}

/** Every credit that these decrees prove. Steps of an escrow count only after the decree that opened it. */
export const provenCredits = (decrees: readonly Decree[], { rules }: VerifyContext): Result<readonly ProvenCredit[], Refusal> => {
  const escrows = new Map<string, { readonly state: EscrowState; readonly proof: readonly Decree[] }>()
  const proven = new Map<string, ProvenCredit>()
  const prove = (credits: readonly Credit[], proof: readonly Decree[]): void => {
    for (const credit of credits) proven.set(toHex(credit.id), { credit, proof })
  }
  for (const decree of decrees) {
    const { tx } = decree
    if (tx.type === 'account') {
      const checked = verifyOne(decree, rules)
      if (!checked.ok) return checked
      prove(creditsOfAccountTx(tx), [decree])
      const opened = openEscrow(tx)
      if (opened !== null && !escrows.has(toHex(opened.id))) escrows.set(toHex(opened.id), { state: opened, proof: [decree] })
      continue
    }
    if (tx.type === 'federation') return refuse('wrong-object')
    const escrow = escrows.get(toHex(tx.objectId))
    if (escrow === undefined) return refuse('missing-history')
    if (equalBytes(escrow.state.headHash, txHash(tx)) && verifyDecree(decree, rules.epochs)) continue
    const applied = advanceEscrow(escrow.state, decree, rules)
    if (!applied.ok) return applied
    const proof = [...escrow.proof, decree]
    escrows.set(toHex(tx.objectId), { state: applied.value.state, proof })
    prove(applied.value.credits, proof)
  }
  return ok([...proven.values()])
}

/** An escrow's state from its whole chain, which starts with the decree that opened it. */
export const replayEscrow = (decrees: readonly Decree[], { rules }: VerifyContext): Result<EscrowState, Refusal> => {
  let state: EscrowState | null = null
  for (const decree of decrees) {
    const applied = advanceEscrow(state, decree, rules)
    if (!applied.ok) return applied
    state = applied.value.state
  }
  return state === null ? refuse('missing-history') : ok(state)
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
    const applied = advanceAccount(state, decree, { rules: context.rules, creditOf, isClaimed })
    if (!applied.ok) return applied
    if (decree.tx.type === 'account') for (const claim of decree.tx.body.claims) claimed.add(toHex(claim))
    state = applied.value.state
  }
  return state !== null && equalBytes(state.id, id) ? ok(state) : refuse('missing-history')
}
