import { equalBytes } from '../platform/bytes.ts'
import { ok, type Result } from '../platform/result.ts'
import { accountIdOf, birthOf } from './account-id.ts'
import { committeeProblem } from './committee-rules.ts'
import { txHash } from './encoding.ts'
import {
  quorumOf,
  type Authorisation,
  type Bytes32,
  type Committee,
  type EpochBody,
  type FederationTx,
  type Governance,
  type NamedArbiter,
  type ObjectId,
  type TxHash,
} from './objects.ts'
import { refuse, type Refusal, type RefusalCode } from './refusals.ts'
import { checkExtends, checkWindow, type SettlementLimits, type Window } from './rules.ts'
import { verifyAuthorisation } from './signatures.ts'

/**
 * The federation itself: a chain whose step e is the beginning of epoch e, decided by the committee of epoch e − 1 and endorsed by q of
 * its members (settlement.md §7). The genesis document is its head before the first step.
 */
export type FederationState = {
  readonly id: ObjectId
  /** The newest epoch. */
  readonly step: number
  readonly headHash: TxHash
  readonly governance: Governance
  readonly committee: Committee
  readonly startsAtMs: number
}

export type EpochOrder = { readonly tx: FederationTx; readonly authorisations: readonly Authorisation[] }
export type EpochContext = {
  readonly limits: SettlementLimits
  /** Whose guilt is proven may not be in a new committee, nor in its roster of arbiters. A certificate vouches that it was not known then. */
  readonly isConvicted: (publicKey: Bytes32) => boolean
  /** Null: a certificate vouches for the time. */
  readonly nowMs: number | null
}

export const foundedState = (committee: Committee, startsAtMs: number): FederationState => ({
  id: committee.federationId,
  step: 0,
  headHash: committee.federationId,
  governance: { federationId: committee.federationId, epoch: 0 },
  committee,
  startsAtMs,
})

export const applyEpochTx = (state: FederationState, order: EpochOrder, context: EpochContext): Result<FederationState, Refusal> => {
  const { tx } = order
  const reason =
    checkExtends(state, tx) ??
    checkEndorsements(state, order) ??
    checkCommittee(state, tx.body, context.isConvicted) ??
    checkWindow(epochWindow(tx, context.limits), context.nowMs)
  return reason === null ? ok(advance(state, tx)) : refuse(reason)
}

/** The same of an order that nobody has endorsed yet. */
export const proposalProblem = (state: FederationState, tx: FederationTx, context: EpochContext): RefusalCode | null =>
  checkExtends(state, tx) ??
  checkCommittee(state, tx.body, context.isConvicted) ??
  checkWindow(epochWindow(tx, context.limits), context.nowMs)

/** Members hear of a change before it comes, and of none that lies so far ahead that its committee is out of date by then. */
export const epochWindow = ({ body: { startsAtMs } }: FederationTx, { epochNoticeMs }: SettlementLimits): Window => ({
  notBeforeMs: startsAtMs - epochNoticeMs - maxAheadMs,
  notAfterMs: startsAtMs - epochNoticeMs,
})
const maxAheadMs = 90 * 24 * 3_600_000

/** Exactly q members of the committee, in its order, so that an endorsed order has a bounded size. */
export const checkEndorsements = (
  { committee }: Pick<FederationState, 'committee'>,
  { tx, authorisations }: EpochOrder,
): RefusalCode | null => {
  const places = authorisations.map(({ publicKey }) => seatOf(committee, publicKey))
  const ascending = places.every((place, at) => place > (places[at - 1] ?? -1))
  const endorsed = authorisations.every((one) => one.role === 'member' && verifyAuthorisation(tx, one))
  return ascending && authorisations.length === quorumOf(committee) && endorsed ? null : 'not-authorised'
}

/** −1 for who has none. */
export const seatOf = ({ witnesses }: Committee, publicKey: Bytes32): number =>
  witnesses.findIndex((witness) => equalBytes(witness.publicKey, publicKey))

const checkCommittee = (state: FederationState, body: EpochBody, isConvicted: EpochContext['isConvicted']): RefusalCode | null => {
  const before = state.committee
  const isWeaker = before.faults > 0 && body.faults === 0
  const isUnreachable = before.witnesses.every(hasAddress) && !body.witnesses.every(hasAddress)
  if (committeeProblem(body) !== null || isWeaker || isUnreachable || body.startsAtMs < state.startsAtMs) return 'bad-committee'
  return [...body.witnesses, ...body.arbiters].some(({ publicKey }) => isConvicted(publicKey)) ? 'convicted' : null
}
const hasAddress = ({ addresses }: { readonly addresses: readonly string[] }): boolean => addresses.length > 0

const advance = (state: FederationState, tx: FederationTx): FederationState => ({
  id: state.id,
  step: tx.step,
  headHash: txHash(tx),
  governance: tx.next,
  committee: committeeFrom(tx.next, tx.body),
  startsAtMs: tx.body.startsAtMs,
})

/** An arbiter's key is the first key of its account. */
export const committeeFrom = (
  { federationId, epoch }: Governance,
  { witnesses, faults, arbiters }: Pick<EpochBody, 'witnesses' | 'faults'> & { readonly arbiters: readonly NamedArbiter[] },
): Committee => ({
  federationId,
  epoch,
  witnesses,
  faults,
  arbiters: arbiters.map((arbiter) => ({ ...arbiter, account: accountIdOf(birthOf(federationId), arbiter.publicKey) })),
})

/** The order that begins the epoch after this state's; its endorsements are still to be gathered. */
export const epochTx = ({ id, step, headHash, governance }: FederationState, body: EpochBody): FederationTx => ({
  version: 1,
  type: 'federation',
  objectId: id,
  step: step + 1,
  previousHash: headHash,
  governance,
  next: { federationId: id, epoch: step + 1 },
  body,
})
