import type { AmountMicro } from '../platform/amount.ts'
import { assert, unreachable } from '../platform/assert.ts'
import { equalBytes } from '../platform/bytes.ts'
import { ok, type Result } from '../platform/result.ts'
import { creditIdOf } from '../settlement/account-id.ts'
import { txHash } from '../settlement/encoding.ts'
import type {
  AccountTx,
  Authorisation,
  AuthorisationRole,
  Bytes32,
  Credit,
  EscrowMove,
  EscrowPhase,
  EscrowState,
  EscrowTx,
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
  rule: { from: ['panel'], by: [] },
}

/** Disputes come with the settlement issue; until then these moves have their place in the table but no effect. */
const disputeMoves: readonly MoveKind[] = ['dispute', 'seat-panel', 'rule', 'expire-default']

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
    payout: null,
  }
}

/** `nowMs` null: the step is certified, so a quorum has vouched for its time. */
export const applyEscrowMove = (
  state: EscrowState,
  order: EscrowOrder,
  context: { readonly rules: SettlementRules; readonly nowMs: number | null },
): Result<EscrowEffect, Refusal> => {
  const { tx } = order
  const { rules, nowMs } = context
  const reason =
    checkExtends(state, tx) ??
    (moveRules[tx.body.kind].from.includes(state.phase) ? null : 'wrong-phase') ??
    (disputeMoves.includes(tx.body.kind) ? 'not-supported-yet' : null) ??
    checkSigners(state, order) ??
    checkMove(state, tx.body, rules.federationId) ??
    checkWindow(moveWindow(state, tx.body, rules.limits), nowMs)
  return reason === null ? ok(advance(state, tx)) : refuse(reason)
}

/** When a witness may vote for a move on its own clock. */
export const moveWindow = (state: EscrowState, move: EscrowMove, limits: SettlementLimits): Window => {
  const { notBeforeMs, notAfterMs } = deadlineOf(state, move.kind, limits)
  if (move.kind !== 'deliver' && move.kind !== 'dispute') return { notBeforeMs, notAfterMs }
  return { notBeforeMs: move.atMs - freshnessMs, notAfterMs: Math.min(notAfterMs, move.atMs + freshnessMs) }
}

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

/** A way out of an escrow for one side. `alone`: it needs no signature of the other side. `closesAtMs` null: it stays open. */
export type EscrowExit = {
  readonly move: MoveKind
  readonly alone: boolean
  readonly opensAtMs: number
  readonly closesAtMs: number | null
}

/** Every move that this side could make or propose in this state, now or once its time has come. */
export const exitsOf = (state: EscrowState, role: 'client' | 'provider', limits: SettlementLimits): readonly EscrowExit[] =>
  moveKinds
    .filter((move) => !disputeMoves.includes(move))
    .filter((move) => moveRules[move].from.includes(state.phase))
    .filter((move) => moveRules[move].by.length === 0 || moveRules[move].by.includes(role))
    .map((move) => {
      const { notBeforeMs, notAfterMs } = deadlineOf(state, move, limits)
      const closesAtMs = Number.isFinite(notAfterMs) ? notAfterMs : null
      return { move, alone: moveRules[move].by.length < 2, opensAtMs: notBeforeMs, closesAtMs }
    })

export const exitsOpen = (
  state: EscrowState,
  role: 'client' | 'provider',
  nowMs: number,
  limits: SettlementLimits,
): readonly EscrowExit[] =>
  exitsOf(state, role, limits).filter(({ opensAtMs, closesAtMs }) => nowMs >= opensAtMs && nowMs <= (closesAtMs ?? nowMs))

const moveKinds = Object.keys(moveRules) as readonly MoveKind[]

const deadlineOf = ({ terms, reviewByMs, ruleByMs }: EscrowState, move: MoveKind, limits: SettlementLimits): Window => {
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

const checkSigners = ({ terms }: EscrowState, { tx, authorisations }: EscrowOrder): RefusalCode | null => {
  const { by } = moveRules[tx.body.kind]
  const keyOf = (role: AuthorisationRole): Bytes32 => (role === 'client' ? terms.clientKey : terms.providerKey)
  const signed =
    authorisations.length === by.length &&
    authorisations.every(
      (authorisation, index) =>
        authorisation.role === by[index] &&
        equalBytes(authorisation.publicKey, keyOf(authorisation.role)) &&
        verifyAuthorisation(tx, authorisation),
    )
  return signed ? null : 'not-authorised'
}

const checkMove = (state: EscrowState, move: EscrowMove, federationId: Bytes32): RefusalCode | null => {
  const { terms } = state
  switch (move.kind) {
    case 'release':
      return move.receipt === null ? null : checkReceipt(state, move.receipt, federationId)
    case 'split':
      return move.toProviderMicro <= terms.amountMicro ? null : 'over-the-lock'
    case 'deliver':
      if (move.priceMicro > terms.amountMicro) return 'over-the-lock'
      return move.atMs <= terms.deliverByMs ? null : 'too-late'
    default:
      return null
  }
}

type Receipt = NonNullable<Extract<EscrowMove, { readonly kind: 'release' }>['receipt']>
const checkReceipt = ({ id, terms }: EscrowState, signed: Receipt, federationId: Bytes32): RefusalCode | null => {
  if (!equalBytes(signed.receipt.escrowId, id) || !verifyReceipt(federationId, signed, terms.providerKey)) return 'bad-receipt'
  return signed.receipt.priceMicro <= terms.amountMicro ? null : 'over-the-lock'
}

const advance = (state: EscrowState, tx: EscrowTx): EscrowEffect => {
  const moved: EscrowState = { ...state, step: tx.step, headHash: txHash(tx), governance: tx.next }
  const providerMicro = paidToProvider(state, tx.body)
  if (providerMicro === null) return { state: afterDeadlineMove(moved, tx.body), credits: [] }
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
    case 'split':
      return move.toProviderMicro
    case 'refund':
    case 'expire-refund':
      return 0n
    default:
      return null
  }
}

const afterDeadlineMove = (state: EscrowState, move: EscrowMove): EscrowState =>
  move.kind === 'deliver'
    ? { ...state, phase: 'delivered', deliveredPriceMicro: move.priceMicro, reviewByMs: move.atMs + state.terms.reviewMs }
    : state
