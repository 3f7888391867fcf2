import { applyEscrowMove, expiryOf, openEscrow } from '../escrow/model.ts'
import { assert } from '../platform/assert.ts'
import { equalBytes, sha256, toHex } from '../platform/bytes.ts'
import { accountBornOf, applyCertifiedAccountTx, creditsOfAccountTx } from './account.ts'
import { decreeProblem } from './certificate.ts'
import { encodeDecree, txHash } from './encoding.ts'
import type { EvidenceSink } from './evidence.ts'
import { createJudge } from './judge.ts'
import type { AccountId, AccountState, AccountTx, Bytes32, Credit, CreditId, Decree, EscrowState, EscrowTx, ObjectId } from './objects.ts'
import { createRecent } from './recent.ts'
import { refuse, type RefusalCode } from './refusals.ts'
import type { SettlementRules } from './rules.ts'
import { verifyAuthorisation } from './signatures.ts'
import type { WitnessStore } from './witness-store.ts'

/** What a witness knows for certain: decrees it has verified, and the objects, credits and claims that follow from them. */

export type Facts = ReturnType<typeof createFacts>

/** `isConvicted`: who has no place in a new committee. */
export const createFacts = (
  store: WitnessStore,
  rules: SettlementRules,
  genesis: readonly Credit[],
  found: EvidenceSink,
  isConvicted: (publicKey: Bytes32) => boolean,
  nowMs: () => number,
) => {
  const genesisById = new Map(genesis.map((credit) => [toHex(credit.id), credit]))
  const verified = createRecent<true>(maxRemembered)

  const creditOf = (id: CreditId): Credit | null => genesisById.get(toHex(id)) ?? store.credit(id)

  const saveCredits = (credits: readonly Credit[], object: ObjectId, step: number): void => {
    for (const credit of credits) store.saveCredit(credit, object, step)
  }

  const saveEscrow = (state: EscrowState): void => {
    store.saveEscrow(state)
    store.saveDeadline(state.id, expiryOf(state, rules.limits)?.dueMs ?? null)
    if (state.payout !== null) {
      store.endProvision(state.id)
      store.saveDealing(state.terms.client, state.terms.provider, state.payout.providerMicro)
    } else store.saveProvision(state.terms.provider, state.id)
  }

  const problemOf = (decree: Decree): RefusalCode | null => {
    const key = toHex(sha256(encodeDecree(decree)))
    if (verified.get(key) === true) return null
    const problem = decreeProblem(decree, rules.epochs)
    if (problem === null) verified.set(key, true)
    return problem
  }

  const noteKeys = ({ objectId, body: { operation } }: AccountTx, ownerBefore: Bytes32 | null): void => {
    if (operation.kind === 'revoke-device') store.revokeKey(objectId, operation.deviceKey)
    if (operation.kind === 'register-device') store.reinstateKey(objectId, operation.deviceKey)
    if (operation.kind === 'rotate-key' && ownerBefore !== null) store.revokeKey(objectId, ownerBefore)
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
      noteKeys(order.tx, state?.ownerKey ?? null)
      state = applied.value.state
      store.saveAccount(state)
      store.forgetStep(id, state.step, nowMs())
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
      store.forgetStep(id, state.step, nowMs())
      saveCredits(applied.value.credits, id, state.step)
    }
  }

  const advanceFederation = (decree: Decree): void => {
    const problem = rules.epochs.take(decree)
    // Endorsements are outside the certificate, so a copy may carry damaged ones; another copy will do.
    if (problem !== null) return store.dropDecree(decree.tx.objectId, decree.tx.step)
    store.forgetStep(decree.tx.objectId, decree.tx.step, nowMs())
  }

  /** Takes in a decree known to be final. */
  const adopt = (decree: Decree): void => {
    const { tx } = decree
    const known = store.decidedAt(tx.objectId, tx.step)
    assert(known === null || equalBytes(known, txHash(tx)), 'two final decrees for one step: more than f witnesses of this federation lie')
    if (known !== null) return
    store.saveDecree(decree, nowMs())
    if (tx.type === 'escrow') return advanceEscrow(tx.objectId)
    if (tx.type === 'federation') return advanceFederation(decree)
    saveCredits(creditsOfAccountTx(tx), tx.objectId, tx.step)
    advanceAccount(tx.objectId)
    const opened = openEscrow(tx)
    if (opened === null || store.decidedAt(tx.objectId, tx.step) === null) return
    if (store.escrow(opened.id) === null) saveEscrow(opened)
    // A copy that waited for its predecessor may have been a damaged one; the newest takes its place.
    store.dropDecree(opened.id, 0)
    store.saveOpening(opened.id, decree)
    advanceEscrow(opened.id)
  }

  /** Verifies and takes in decrees of others, oldest first; says why not when one does not hold. */
  const take = (decrees: readonly Decree[]): RefusalCode | null => {
    for (const decree of decrees) {
      if (!equalBytes(decree.tx.governance.federationId, rules.federationId)) return 'wrong-federation'
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

  const headStep = (id: ObjectId): number =>
    equalBytes(id, rules.federationId) ? rules.epochs.head().step : (store.account(id)?.step ?? store.escrow(id)?.step ?? -1)

  const judge = createJudge({ store, rules, creditOf, headStep, isConvicted })
  return { take, adopt, headStep, ...judge, decree: store.decree }
}

/** About 200 bytes each; a step is asked about again within minutes or not at all. */
const maxRemembered = 8_192
