import { isAdmissiblePublicKey } from '../identity/ed25519.ts'
import type { AmountMicro } from '../platform/amount.ts'
import { assert } from '../platform/assert.ts'
import { compareBytes, equalBytes } from '../platform/bytes.ts'
import { ok, type Result } from '../platform/result.ts'
import { openEscrow } from '../escrow/model.ts'
import { accountIdOf, creditIdOf } from './account-id.ts'
import { maxDevices, txHash } from './encoding.ts'
import type {
  AccountId,
  AccountOperation,
  AccountState,
  AccountTx,
  Authorisation,
  Bytes32,
  Credit,
  CreditId,
  EscrowState,
  EscrowTerms,
  Governance,
} from './objects.ts'
import { refuse, type Refusal, type RefusalCode } from './refusals.ts'
import { anyTime, checkExtends, checkWindow, type SettlementLimits, type SettlementRules, type Window } from './rules.ts'
import { verifyAuthorisation, verifyTerms } from './signatures.ts'

/**
 * An account: a chain with one writer (settlement.md §4). Its balance is a pure function of its own steps, because every step
 * names the credits it takes in and the balance it leaves.
 */
export type AccountOrder = { readonly tx: AccountTx; readonly authorisations: readonly Authorisation[] }

/** What a witness knows beside the chain. `nowMs` null: no clock is consulted. */
export type AccountContext = {
  readonly rules: SettlementRules
  /** A credit proven by a certified decree or the genesis document. */
  readonly creditOf: (id: CreditId) => Credit | null
  readonly isClaimed: (id: CreditId) => boolean
  readonly nowMs: number | null
}

export type AccountEffect = {
  readonly state: AccountState
  /** Payments to others made by this step. */
  readonly credits: readonly Credit[]
  readonly openedEscrow: EscrowState | null
}

export const initialAccount = (birth: Governance, firstKey: Bytes32): AccountState => ({
  id: accountIdOf(birth, firstKey),
  step: -1,
  headHash: new Uint8Array(32),
  governance: birth,
  ownerKey: firstKey,
  deviceKeys: [],
  freeMicro: 0n,
})

/** The state a first order starts from: its signer's own account. Whether it is the account in the order is for `applyAccountTx`. */
export const accountBornOf = ({ tx, authorisations }: AccountOrder): AccountState | null => {
  const first = authorisations[0]
  return first === undefined ? null : initialAccount(tx.governance, first.publicKey)
}

/** Applies an order that is not yet certified: everything is checked. */
export const applyAccountTx = (state: AccountState, order: AccountOrder, context: AccountContext): Result<AccountEffect, Refusal> => {
  const { tx } = order
  const unsigned = checkExtends(state, tx) ?? checkSigner(state, order)
  if (unsigned !== null) return refuse(unsigned)
  const claimed = creditsClaimed(state, tx, context)
  if (!claimed.ok) return claimed
  const outgoing = outgoingMicro(tx.body.operation)
  const available = state.freeMicro + claimed.value
  const reason =
    (context.rules.epochs.get(tx.next.epoch) === null ? 'unknown-epoch' : null) ??
    checkOperation(state, tx, context.rules) ??
    checkWindow(accountWindow(tx, context.rules), context.nowMs) ??
    (outgoing > available ? 'insufficient' : null) ??
    (tx.body.freeAfterMicro === available - outgoing ? null : 'wrong-balance')
  if (reason !== null) return refuse(reason)
  const effect = advance(state, tx)
  assert(effect.state.freeMicro + lockedOrPaid(effect) === available, 'a step neither makes nor loses money')
  return ok(effect)
}

/**
 * Applies a step that already has a valid certificate: a quorum checked its claims, amounts and time, so only that it continues
 * this chain and carries its owner's signature is checked.
 */
export const applyCertifiedAccountTx = (state: AccountState, order: AccountOrder): Result<AccountEffect, Refusal> => {
  const reason = checkExtends(state, order.tx) ?? checkSigner(state, order)
  return reason === null ? ok(advance(state, order.tx)) : refuse(reason)
}

/** An accepted offer lapses; a work deadline may not lie further ahead than allowed; nothing moves to a committee before its time. */
export const accountWindow = ({ governance, next, body: { operation } }: AccountTx, { limits, epochs }: SettlementRules): Window => {
  const movesAtMs = next.epoch === governance.epoch ? 0 : (epochs.get(next.epoch)?.startsAtMs ?? 0)
  if (operation.kind !== 'open-escrow') return { ...anyTime, notBeforeMs: movesAtMs }
  const { deliverByMs, acceptValidUntilMs } = operation.terms
  return { notBeforeMs: Math.max(movesAtMs, deliverByMs - limits.maxWorkMs), notAfterMs: Math.min(acceptValidUntilMs, deliverByMs) }
}

/** The credits that a certified account step makes; they need nothing but the step itself. */
export const creditsOfAccountTx = (tx: AccountTx): readonly Credit[] => {
  const { operation } = tx.body
  if (operation.kind !== 'transfer') return []
  const sourceHash = txHash(tx)
  return [{ id: creditIdOf(sourceHash, 0), account: operation.to, amountMicro: operation.amountMicro, sourceHash, index: 0 }]
}

/** The first owners of the supply, in the order of the genesis document. */
export const genesisCredits = (
  birth: Governance,
  holders: readonly { readonly firstKey: Bytes32; readonly amountMicro: AmountMicro }[],
): readonly Credit[] =>
  holders.map(({ firstKey, amountMicro }, index) => ({
    id: creditIdOf(birth.federationId, index),
    account: accountIdOf(birth, firstKey),
    amountMicro,
    sourceHash: birth.federationId,
    index,
  }))

const creditsClaimed = (state: AccountState, tx: AccountTx, context: AccountContext): Result<AmountMicro, Refusal> => {
  const { claims } = tx.body
  if (claims.some((id, index) => index > 0 && compareBytes(claims[index - 1] ?? id, id) >= 0)) return refuse('unordered-claims')
  if (state.step < 0 && claims.length === 0) return refuse('no-credit')
  let sum = 0n
  for (const id of claims) {
    if (context.isClaimed(id)) return refuse('already-claimed')
    const credit = context.creditOf(id)
    if (credit === null) return refuse('unknown-credit')
    if (!equalBytes(credit.account, state.id)) return refuse('foreign-credit')
    sum += credit.amountMicro
  }
  return ok(sum)
}

/** Devices may spend; only the owner's key says which keys the account has. */
const checkSigner = (state: AccountState, { tx, authorisations }: AccountOrder): RefusalCode | null => {
  const [signer, ...others] = authorisations
  if (signer === undefined || others.length > 0 || signer.role !== 'owner') return 'not-authorised'
  const isDevice = state.deviceKeys.some((key) => equalBytes(key, signer.publicKey))
  const mayManageKeys = equalBytes(state.ownerKey, signer.publicKey)
  const known = managesKeys(tx.body.operation) ? mayManageKeys : mayManageKeys || isDevice
  return known && verifyAuthorisation(tx, signer) ? null : 'not-authorised'
}
const managesKeys = ({ kind }: AccountOperation): boolean => kind === 'register-device' || kind === 'revoke-device' || kind === 'rotate-key'

const checkOperation = (state: AccountState, { body }: AccountTx, rules: SettlementRules): RefusalCode | null => {
  const { operation } = body
  const isKnown = (key: Bytes32): boolean => [state.ownerKey, ...state.deviceKeys].some((other) => equalBytes(other, key))
  switch (operation.kind) {
    case 'transfer':
      return checkTransfer(state, operation, rules.limits.giftPerDayMicro)
    case 'open-escrow':
      return (
        checkTerms(state.id, operation.terms, rules.limits) ??
        (verifyTerms(rules.federationId, operation.terms, operation.acceptSignature) ? null : 'not-accepted')
      )
    case 'register-device':
      if (!isAdmissiblePublicKey(operation.deviceKey)) return 'bad-key'
      if (isKnown(operation.deviceKey)) return 'known-key'
      return state.deviceKeys.length < maxDevices ? null : 'too-many-devices'
    case 'revoke-device':
      return state.deviceKeys.some((key) => equalBytes(key, operation.deviceKey)) ? null : 'unknown-key'
    case 'rotate-key':
      if (!isAdmissiblePublicKey(operation.newKey)) return 'bad-key'
      return isKnown(operation.newKey) ? 'known-key' : null
    case 'claim-only':
      return body.claims.length > 0 ? null : 'nothing-to-do'
  }
}

const checkTransfer = (
  state: AccountState,
  { to, amountMicro }: Extract<AccountOperation, { readonly kind: 'transfer' }>,
  limitMicro: AmountMicro | null,
): RefusalCode | null => {
  if (amountMicro === 0n) return 'zero-amount'
  if (equalBytes(to, state.id)) return 'to-self'
  return limitMicro !== null && amountMicro > limitMicro ? 'over-gift-limit' : null
}

/** What the witnesses check of terms beside their window: amounts, parties and the federation's limits. */
export const checkTerms = (client: AccountId, terms: EscrowTerms, limits: SettlementLimits): RefusalCode | null => {
  if (terms.amountMicro === 0n) return 'zero-amount'
  const withinLimits =
    terms.reviewMs >= limits.minReviewMs &&
    terms.reviewMs <= limits.maxReviewMs &&
    terms.ruleMs >= limits.minRuleMs &&
    terms.ruleMs <= limits.maxRuleMs &&
    terms.panel.quorum <= terms.panel.size &&
    terms.panel.quorum * 2 > terms.panel.size
  const twoParties =
    equalBytes(terms.client, client) &&
    !equalBytes(terms.client, terms.provider) &&
    !equalBytes(terms.clientKey, terms.providerKey) &&
    isAdmissiblePublicKey(terms.clientKey)
  return withinLimits && twoParties ? null : 'wrong-terms'
}

const outgoingMicro = (operation: AccountOperation): AmountMicro => {
  if (operation.kind === 'transfer') return operation.amountMicro
  return operation.kind === 'open-escrow' ? operation.terms.amountMicro : 0n
}

const lockedOrPaid = ({ credits, openedEscrow }: AccountEffect): AmountMicro =>
  credits.reduce((sum, credit) => sum + credit.amountMicro, openedEscrow?.terms.amountMicro ?? 0n)

const advance = (state: AccountState, tx: AccountTx): AccountEffect => {
  const { operation, freeAfterMicro } = tx.body
  return {
    state: {
      ...state,
      ...keysAfter(state, operation),
      step: tx.step,
      headHash: txHash(tx),
      governance: tx.next,
      freeMicro: freeAfterMicro,
    },
    credits: creditsOfAccountTx(tx),
    openedEscrow: openEscrow(tx),
  }
}

const keysAfter = (state: AccountState, operation: AccountOperation): Pick<AccountState, 'ownerKey' | 'deviceKeys'> => {
  const { ownerKey, deviceKeys } = state
  if (operation.kind === 'rotate-key') return { ownerKey: operation.newKey, deviceKeys }
  if (operation.kind === 'register-device') return { ownerKey, deviceKeys: [...deviceKeys, operation.deviceKey] }
  if (operation.kind === 'revoke-device') return { ownerKey, deviceKeys: deviceKeys.filter((key) => !equalBytes(key, operation.deviceKey)) }
  return { ownerKey, deviceKeys }
}
