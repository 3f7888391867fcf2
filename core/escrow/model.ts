import type { AmountMicro } from '../platform/amount.ts'
import { assert, unreachable } from '../platform/assert.ts'
import { equalBytes } from '../platform/bytes.ts'
import { ok, type Result } from '../platform/result.ts'
import { accountIdOf, birthOf, creditIdOf } from '../settlement/account-id.ts'
import { txHash } from '../settlement/encoding.ts'
import { committeeNamed } from '../settlement/epochs.ts'
import type {
  AccountId,
  AccountTx,
  Authorisation,
  AuthorisationRole,
  Bytes32,
  Committee,
  Credit,
  EscrowMove,
  EscrowPhase,
  EscrowState,
  EscrowTx,
  Recused,
  RulingOutcome,
} from '../settlement/objects.ts'
import { refuse, type Refusal, type RefusalCode } from '../settlement/refusals.ts'
import {
  anyTime,
  checkExtends,
  checkWindow,
  guardMs,
  type SettlementLimits,
  type SettlementRules,
  type Window,
} from '../settlement/rules.ts'
import { verifyAuthorisation, verifyReceipt } from '../settlement/signatures.ts'
import { canBeSeated, checkShares, drawPanel, isDesignated, seedOf } from './panel.ts'

/**
 * An escrow: a chain of at most five steps with two writers (design.md §3.2). Every instant one-sided move is a concession by its
 * signer; whatever takes from the other side waits for a deadline or needs arbiters. So parties that race only hurt themselves.
 */
export type EscrowOrder = { readonly tx: EscrowTx; readonly authorisations: readonly Authorisation[] }
export type MoveKind = EscrowMove['kind']
export type EscrowEffect = { readonly state: EscrowState; readonly credits: readonly Credit[] }

/** From which states a move is possible and whose signatures it carries: exactly these, in this order; none = anyone's move. */
type MoveRule = { readonly from: readonly EscrowPhase[]; readonly by: readonly AuthorisationRole[] }
const unsettled: readonly EscrowPhase[] = ['open', 'delivered', 'disputed', 'panel']
export const moveRules: Readonly<Record<MoveKind, MoveRule>> = {
  release: { from: unsettled, by: ['client'] },
  refund: { from: unsettled, by: ['provider'] },
  split: { from: unsettled, by: ['client', 'provider'] },
  deliver: { from: ['open'], by: ['provider'] },
  'expire-refund': { from: ['open'], by: [] },
  dispute: { from: ['delivered'], by: ['client'] },
  'expire-release': { from: ['delivered'], by: [] },
  'seat-panel': { from: ['disputed'], by: [] },
  'expire-default': { from: ['disputed', 'panel'], by: [] },
  // By as many of the seated arbiters as the terms ask for.
  rule: { from: ['panel'], by: ['arbiter'] },
}

/** A sender's time may differ from a witness's clock by this much on arrival (settlement.md §5.4). */
const freshnessMs = 15_000

/** The escrow that an account step opens; null when it opens none. */
export const openEscrow = (tx: AccountTx): EscrowState | null => {
  if (tx.body.operation.kind !== 'open-escrow') return null
  const id = txHash(tx)
  return {
    id,
    phase: 'open',
    governance: tx.next,
    terms: tx.body.operation.terms,
    step: 0,
    headHash: id,
    deliveredPriceMicro: null,
    reviewByMs: null,
    ruleByMs: null,
    recused: [],
    dispute: null,
    panel: null,
    payout: null,
  }
}

export type EscrowContext = {
  readonly rules: SettlementRules
  /** Null when the step is certified, so that a quorum has vouched for its time. */
  readonly nowMs: number | null
  /** Whether an arbiter is close to a party; absent when a quorum has vouched for that too. */
  readonly isClose?: (arbiter: AccountId, party: AccountId) => boolean
}

export const applyEscrowMove = (state: EscrowState, order: EscrowOrder, context: EscrowContext): Result<EscrowEffect, Refusal> => {
  const { tx } = order
  const committee = committeeNamed(context.rules.epochs, state.governance)
  if (committee === null) return refuse('wrong-governance')
  const reason =
    checkExtends(state, tx) ??
    (moveRules[tx.body.kind].from.includes(state.phase) ? null : 'wrong-phase') ??
    checkSigners(state, order, committee) ??
    checkMove(state, tx.body, committee, context) ??
    checkWindow(moveWindow(state, tx.body, context.rules), context.nowMs)
  return reason === null ? ok(advance(state, tx, committee)) : refuse(reason)
}

/** When a witness may vote for a move on its own clock. */
export const moveWindow = (state: EscrowState, move: EscrowMove, rules: SettlementRules): Window => {
  const { limits } = rules
  const { notBeforeMs, notAfterMs } = deadlineOf(state, move.kind, limits)
  if (move.kind === 'deliver' || move.kind === 'dispute')
    return { notBeforeMs: move.atMs - freshnessMs, notAfterMs: Math.min(notAfterMs, move.atMs + freshnessMs) }
  const committee = committeeNamed(rules.epochs, state.governance)
  const isEarlySeat =
    move.kind === 'seat-panel' &&
    state.dispute !== null &&
    committee !== null &&
    !isDesignated(committee, state.dispute.txHash, move.shares)
  return { notBeforeMs: isEarlySeat ? seatAnyFromMs(state, limits) : notBeforeMs, notAfterMs }
}

/** From then on the shares of any f+1 witnesses seed the panel. */
export const seatAnyFromMs = ({ dispute }: EscrowState, limits: SettlementLimits): number =>
  (dispute?.atMs ?? 0) + limits.seatAnyAfterMs + guardMs(limits)

/** The credits that pay out a settled escrow: output 0 is the provider's, output 1 the client's; nothing is paid as zero. */
export const payoutCredits = ({ payout, terms, headHash }: EscrowState): readonly Credit[] => {
  if (payout === null) return []
  const outputs = [
    { account: terms.provider, amountMicro: payout.providerMicro },
    { account: terms.client, amountMicro: payout.clientMicro },
  ]
  return outputs
    .map((output, index) => ({ ...output, id: creditIdOf(headHash, index), sourceHash: headHash, index }))
    .filter(({ amountMicro }) => amountMicro > 0n)
}

/** How this escrow ends by time alone, and from when on; null while it cannot. */
export const expiryOf = (state: EscrowState, limits: SettlementLimits): { readonly move: ExpiryKind; readonly dueMs: number } | null => {
  const move = expiries.find((kind) => moveRules[kind].from.includes(state.phase))
  return move === undefined ? null : { move, dueMs: deadlineOf(state, move, limits).notBeforeMs }
}
type ExpiryKind = Extract<MoveKind, 'expire-refund' | 'expire-release' | 'expire-default'>
const expiries: readonly ExpiryKind[] = ['expire-refund', 'expire-release', 'expire-default']

/** The outer bounds of a kind of move, whatever is in it. */
export const deadlineOf = ({ terms, reviewByMs, ruleByMs }: EscrowState, move: MoveKind, limits: SettlementLimits): Window => {
  const never = Number.POSITIVE_INFINITY
  const after = (deadlineMs: number): Window => ({ notBeforeMs: deadlineMs + guardMs(limits), notAfterMs: never })
  const until = (deadlineMs: number): Window => ({ notBeforeMs: 0, notAfterMs: deadlineMs })
  switch (move) {
    case 'deliver':
      return until(terms.deliverByMs)
    case 'dispute':
      return until(reviewByMs ?? 0)
    case 'expire-refund':
      return after(terms.deliverByMs)
    case 'expire-release':
      return after(reviewByMs ?? never)
    case 'expire-default':
      return after(ruleByMs ?? never)
    case 'release':
    case 'refund':
    case 'split':
    case 'seat-panel':
    case 'rule':
      return anyTime
    default:
      return unreachable(move)
  }
}

/**
 * The key that the terms name for this side, or the key that names its account: so the owner can end what a device began that was lost
 * since. Whether the account has revoked the key is for the witnesses to know, who have seen its chain.
 */
export const actsFor = (
  { terms, governance }: Pick<EscrowState, 'terms' | 'governance'>,
  role: AuthorisationRole,
  key: Bytes32,
): boolean => {
  const [named, account] = role === 'client' ? [terms.clientKey, terms.client] : [terms.providerKey, terms.provider]
  return equalBytes(key, named) || equalBytes(accountIdOf(birthOf(governance.federationId), key), account)
}

const checkSigners = (state: EscrowState, order: EscrowOrder, { arbiters }: Committee): RefusalCode | null => {
  const { tx, authorisations } = order
  if (tx.body.kind === 'rule') return checkRulers(state, order, arbiters)
  const { by } = moveRules[tx.body.kind]
  const signed =
    authorisations.length === by.length &&
    authorisations.every(
      (authorisation, index) =>
        authorisation.role === by[index] &&
        actsFor(state, authorisation.role, authorisation.publicKey) &&
        verifyAuthorisation(tx, authorisation),
    )
  return signed ? null : 'not-authorised'
}

/** Exactly k seated arbiters in the order of the roster, so that a ruling has one form for each set of them. */
const checkRulers = (
  { panel, terms }: EscrowState,
  { tx, authorisations }: EscrowOrder,
  arbiters: Committee['arbiters'],
): RefusalCode | null => {
  const seated = panel ?? []
  const places = authorisations.map(({ publicKey }) =>
    seated.findIndex((place) => equalBytes(arbiters[place]?.publicKey ?? new Uint8Array(), publicKey)),
  )
  const signed =
    authorisations.length === terms.panel.quorum &&
    places.every((place, at) => place >= 0 && (at === 0 || place > (places[at - 1] ?? place))) &&
    authorisations.every((authorisation) => authorisation.role === 'arbiter' && verifyAuthorisation(tx, authorisation))
  return signed ? null : 'not-authorised'
}

const checkMove = (state: EscrowState, move: EscrowMove, committee: Committee, context: EscrowContext): RefusalCode | null => {
  const { terms } = state
  switch (move.kind) {
    case 'release':
      return move.receipt === null ? null : checkReceipt(state, move.receipt, context.rules.federationId)
    case 'split':
      return move.toProviderMicro <= terms.amountMicro ? null : 'over-the-lock'
    case 'deliver':
      if (move.priceMicro > terms.amountMicro) return 'over-the-lock'
      return move.atMs <= terms.deliverByMs ? checkRecused(state, move.recused, committee, context) : 'too-late'
    case 'dispute':
      return move.atMs <= (state.reviewByMs ?? 0) ? checkRecused(state, move.recused, committee, context) : 'too-late'
    case 'seat-panel':
      return canBeSeated(state, committee) ? checkShares(state, move.shares, committee) : 'no-panel'
    default:
      return null
  }
}

/** Nobody strikes a judge out at will: each one named must be shown to be close to a party, and none is without whom no panel can sit. */
const checkRecused = (state: EscrowState, recused: Recused, committee: Committee, { isClose }: EscrowContext): RefusalCode | null => {
  const { terms } = state
  const { arbiters } = committee
  const isAscending = recused.every((place, at) => place < arbiters.length && (at === 0 || place > (recused[at - 1] ?? place)))
  if (!isAscending) return 'wrong-recusal'
  if (recused.length > 0 && !canBeSeated({ terms, recused: recusedBy(state, recused) }, committee)) return 'too-many-recused'
  if (isClose === undefined) return null
  const areClose = recused.every((place) => {
    const account = arbiters[place]?.account
    return account !== undefined && (isClose(account, terms.client) || isClose(account, terms.provider))
  })
  return areClose ? null : 'wrong-recusal'
}

/** By both sides. */
const recusedBy = ({ recused }: EscrowState, more: Recused): Recused => [...new Set([...recused, ...more])].toSorted((a, b) => a - b)

type Receipt = NonNullable<Extract<EscrowMove, { readonly kind: 'release' }>['receipt']>
const checkReceipt = ({ id, terms }: EscrowState, signed: Receipt, federationId: Bytes32): RefusalCode | null => {
  if (!equalBytes(signed.receipt.escrowId, id) || !verifyReceipt(federationId, signed, terms.providerKey)) return 'bad-receipt'
  return signed.receipt.priceMicro <= terms.amountMicro ? null : 'over-the-lock'
}

const advance = (state: EscrowState, tx: EscrowTx, committee: Committee): EscrowEffect => {
  const moved: EscrowState = { ...state, step: tx.step, headHash: txHash(tx), governance: tx.next }
  const providerMicro = paidToProvider(state, tx.body)
  if (providerMicro === null) return { state: afterOpenMove(moved, tx, committee), credits: [] }
  const payout = { providerMicro, clientMicro: state.terms.amountMicro - providerMicro, by: tx.body.kind }
  assert(payout.providerMicro >= 0n && payout.clientMicro >= 0n, 'a payout is a split of the lock')
  const settled: EscrowState = { ...moved, phase: 'settled', payout }
  return { state: settled, credits: payoutCredits(settled) }
}

/**
 * What a settling move pays the provider; null when the move does not settle. A release pays the price that the provider signed:
 * on the receipt if the client shows one (then both have signed it), else with DELIVER, else the whole lock.
 */
const paidToProvider = ({ terms, deliveredPriceMicro }: EscrowState, move: EscrowMove): AmountMicro | null => {
  const priceMicro = deliveredPriceMicro ?? terms.amountMicro
  switch (move.kind) {
    case 'release':
      return move.receipt?.receipt.priceMicro ?? priceMicro
    case 'expire-release':
      return priceMicro
    case 'rule':
      return ruledMicro(move.outcome, priceMicro)
    case 'expire-default':
      // The one default there is: as if the panel had ruled for neither side.
      return ruledMicro('half', priceMicro)
    case 'split':
      return move.toProviderMicro
    case 'refund':
    case 'expire-refund':
      return 0n
    case 'deliver':
    case 'dispute':
    case 'seat-panel':
      return null
    default:
      return unreachable(move)
  }
}

/** Half of a price of odd µRUV: the odd one stays with the client, who paid for what it disputes. */
export const ruledMicro = (outcome: RulingOutcome, priceMicro: AmountMicro): AmountMicro => {
  if (outcome === 'release') return priceMicro
  return outcome === 'refund' ? 0n : priceMicro / 2n
}

const afterOpenMove = (state: EscrowState, tx: EscrowTx, committee: Committee): EscrowState => {
  const { terms } = state
  switch (tx.body.kind) {
    case 'deliver': {
      const { priceMicro, atMs, recused } = tx.body
      return { ...state, phase: 'delivered', deliveredPriceMicro: priceMicro, reviewByMs: atMs + terms.reviewMs, recused }
    }
    case 'dispute': {
      const { atMs } = tx.body
      const recused = recusedBy(state, tx.body.recused)
      return { ...state, phase: 'disputed', dispute: { atMs, txHash: txHash(tx) }, ruleByMs: atMs + terms.ruleMs, recused }
    }
    case 'seat-panel': {
      const panel = drawPanel(seedOf(committee.federationId, tx.body.shares), state, committee)
      assert(panel !== null, 'a panel was seated without judges')
      return { ...state, phase: 'panel', panel }
    }
    default:
      return state
  }
}
