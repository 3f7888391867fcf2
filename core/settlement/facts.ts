import { applyEscrowMove, expiryOf, moveWindow, openEscrow } from '../escrow/model.ts'
import { assert } from '../platform/assert.ts'
import { equalBytes, sha256, toHex } from '../platform/bytes.ts'
import { ok, type Result } from '../platform/result.ts'
import { accountBornOf, accountWindow, applyAccountTx, applyCertifiedAccountTx, creditsOfAccountTx } from './account.ts'
import { decreeProblem } from './certificate.ts'
import { encodeDecree, txHash } from './encoding.ts'
import type { Epochs } from './epochs.ts'
import type { EvidenceSink } from './evidence.ts'
import { isInvitation } from './inviters.ts'
import type {
  AccountId,
  AccountState,
  AccountTx,
  AuthorisedTx,
  Credit,
  CreditId,
  Decree,
  EscrowMove,
  EscrowState,
  EscrowTx,
  ObjectId,
} from './objects.ts'
import { createRecent } from './recent.ts'
import { refuse, type Refusal, type RefusalCode } from './refusals.ts'
import type { SettlementRules, Window } from './rules.ts'
import { verifyAuthorisation } from './signatures.ts'
import type { WitnessStore } from './witness-store.ts'

/** What a witness knows for certain: decrees it has verified, and the objects, credits and claims that follow from them. */

export type Judgement = {
  readonly window: Window
  /** What a leader prefers; lower first. */
  readonly rank: number
}
export type Facts = ReturnType<typeof createFacts>

export const createFacts = (
  store: WitnessStore,
  epochs: Epochs,
  rules: SettlementRules,
  genesis: readonly Credit[],
  found: EvidenceSink,
) => {
  const genesisById = new Map(genesis.map((credit) => [toHex(credit.id), credit]))
  const verified = createRecent<true>(maxRemembered)
  const judgements = createRecent<Judgement>(maxRemembered)

  const creditOf = (id: CreditId): Credit | null => genesisById.get(toHex(id)) ?? store.credit(id)

  const saveCredits = (credits: readonly Credit[], object: ObjectId, step: number): void => {
    for (const credit of credits) store.saveCredit(credit, object, step)
  }

  const saveEscrow = (state: EscrowState): void => {
    store.saveEscrow(state)
    store.saveDeadline(state.id, expiryOf(state, rules.limits)?.dueMs ?? null)
  }

  const problemOf = (decree: Decree): RefusalCode | null => {
    const key = toHex(sha256(encodeDecree(decree)))
    if (verified.get(key) === true) return null
    const problem = decreeProblem(decree, epochs)
    if (problem === null) verified.set(key, true)
    return problem
  }

  /** Applies the stored steps that continue an account. */
  const advanceAccount = (id: AccountId): void => {
    let state: AccountState | null = store.account(id)
    for (let decree = store.decree(id, (state?.step ?? -1) + 1); decree !== null; decree = store.decree(id, (state?.step ?? -1) + 1)) {
      const order = { tx: decree.tx as AccountTx, authorisations: decree.authorisations }
      const before = state ?? accountBornOf(order)
      const applied = before === null ? refuse('not-authorised') : applyCertifiedAccountTx(before, order)
      // Authorisations are outside the certificate, so a copy may carry damaged ones; another copy will do.
      if (!applied.ok) return store.dropDecree(id, decree.tx.step)
      state = applied.value.state
      store.saveAccount(state)
      for (const claim of order.tx.body.claims) store.saveClaim(id, claim)
    }
  }

  const advanceEscrow = (id: ObjectId): void => {
    let state = store.escrow(id)
    while (state !== null) {
      const decree = store.decree(id, state.step + 1)
      if (decree === null) return
      const applied = applyEscrowMove(state, { tx: decree.tx as EscrowTx, authorisations: decree.authorisations }, { rules, nowMs: null })
      if (!applied.ok) return store.dropDecree(id, decree.tx.step)
      state = applied.value.state
      saveEscrow(state)
      saveCredits(applied.value.credits, id, state.step)
    }
  }

  /** Takes in a decree known to be final. */
  const adopt = (decree: Decree): void => {
    const { tx } = decree
    const known = store.decidedAt(tx.objectId, tx.step)
    assert(known === null || equalBytes(known, txHash(tx)), 'two final decrees for one step: more than f witnesses of this federation lie')
    if (known !== null) return
    store.saveDecree(tx.objectId, tx.step, decree)
    store.forgetRegister(tx.objectId, tx.step)
    if (tx.type === 'escrow') return advanceEscrow(tx.objectId)
    saveCredits(creditsOfAccountTx(tx), tx.objectId, tx.step)
    advanceAccount(tx.objectId)
    const opened = openEscrow(tx)
    const isDropped = store.decree(tx.objectId, tx.step) === null
    if (opened === null || isDropped) return
    if (store.escrow(opened.id) === null) saveEscrow(opened)
    // A copy that waited for its predecessor may have been a damaged one; the newest takes its place.
    store.dropDecree(opened.id, 0)
    store.saveDecree(opened.id, 0, decree)
    advanceEscrow(opened.id)
  }

  /** Verifies and takes in decrees of others, oldest first; says why not when one does not hold. */
  const take = (decrees: readonly Decree[]): RefusalCode | null => {
    for (const decree of decrees) {
      if (!equalBytes(decree.tx.governance.federationId, epochs.federationId)) return 'wrong-federation'
      const known = store.decidedAt(decree.tx.objectId, decree.tx.step)
      if (known !== null && equalBytes(known, txHash(decree.tx))) continue
      // Authorisations lie outside the certificate: whoever passes a decree on could damage them.
      if (!decree.authorisations.every((one) => verifyAuthorisation(decree.tx, one))) return 'not-authorised'
      const problem = problemOf(decree)
      if (problem !== null) return problem
      const other = known === null ? null : store.decree(decree.tx.objectId, decree.tx.step)
      if (other !== null) {
        found({ kind: 'finals', first: other.certificate, second: decree.certificate })
        return 'halted'
      }
      adopt(decree)
    }
    return null
  }

  const headStep = (id: ObjectId): number => store.account(id)?.step ?? store.escrow(id)?.step ?? -1

  const judgeAnew = (order: AuthorisedTx): Result<Judgement, Refusal> => {
    const { tx, authorisations } = order
    if (tx.step > headStep(tx.objectId) + 1) return refuse('missing-history')
    if (tx.type === 'account') {
      const state = store.account(tx.objectId) ?? accountBornOf({ tx, authorisations })
      if (state === null) return refuse('not-authorised')
      const isClaimed = (id: CreditId): boolean => store.isClaimed(tx.objectId, id)
      const applied = applyAccountTx(state, { tx, authorisations }, { rules, creditOf, isClaimed, nowMs: null })
      return applied.ok ? ok({ window: accountWindow(tx, rules.limits), rank: 0 }) : applied
    }
    const state = store.escrow(tx.objectId)
    if (state === null) return refuse('missing-history')
    const isClose = (a: AccountId, b: AccountId): boolean => isInvitation(a, b, store)
    const applied = applyEscrowMove(state, { tx, authorisations }, { rules, nowMs: null, isClose })
    return applied.ok ? ok({ window: moveWindow(state, tx.body, rules), rank: rankOf(tx.body) }) : applied
  }

  /** Whether an order is a valid next step, whatever the time; and if so, in which time. */
  const judge = (order: AuthorisedTx): Result<Judgement, Refusal> => {
    const judged = judgeAnew(order)
    if (judged.ok) judgements.set(toHex(txHash(order.tx)), judged.value)
    return judged
  }
  /** The same for an order that was judged and stored: valid then, it is valid until its step is decided. */
  const judgeAgain = (order: AuthorisedTx): Result<Judgement, Refusal> => {
    const known = judgements.get(toHex(txHash(order.tx)))
    return known === undefined ? judge(order) : ok(known)
  }

  return { take, adopt, headStep, judge, judgeAgain, decree: store.decree }
}

/** Concessions first, then what arbiters say, then what was in time, then what only waited (settlement.md §3.1). */
const rankOf = ({ kind }: EscrowMove): number => {
  if (kind === 'release' || kind === 'refund' || kind === 'split') return 0
  if (kind === 'rule') return 1
  return kind === 'deliver' || kind === 'dispute' || kind === 'seat-panel' ? 2 : 3
}

/** About 200 bytes each; a step is asked about again within minutes or not at all. */
const maxRemembered = 8_192
