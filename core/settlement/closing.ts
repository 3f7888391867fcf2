import type { Signer } from '../identity/signing.ts'
import { equalBytes } from '../platform/bytes.ts'
import type { SettlementAnswer, SettlementRequest } from './bundle.ts'
import { txHash } from './encoding.ts'
import { latestOf, maxCarriedInPage, signClosing, type CarriedStep } from './handover.ts'
import { quorumOf, type Committee, type ObjectId } from './objects.ts'
import type { RefusalCode } from './refusals.ts'
import type { SettlementRules } from './rules.ts'
import { notarizationsIn } from './testimony.ts'
import type { WitnessStore } from './witness-store.ts'

/** The side of a witness that hands its accounts over (H1, H2 of handover.ts). */
export type Closer = {
  readonly store: WitnessStore
  readonly rules: SettlementRules
  readonly signer: Signer
  readonly committee: Committee
  readonly me: number
}

type HandOver = Extract<SettlementRequest, { readonly kind: 'hand-over' }>

/** The caller's transaction commits before the answer leaves, so what is shown is closed. */
export const answerHandOver = (closer: Closer, { fromPosition }: HandOver, nowMs: number): SettlementAnswer => {
  const { store, committee } = closer
  const refusal = closeEpoch(closer, nowMs)
  const signature = store.closingSignature(committee.epoch)
  if (refusal !== null || signature === null) return { kind: 'refused', refusal: refusal ?? 'internal' }
  const carried = store.handedOver(committee.epoch, fromPosition, maxCarriedInPage)
  const isLast = carried.length < maxCarriedInPage
  return { kind: 'handed-over', carried, next: isLast ? null : fromPosition + carried.length, signature }
}

const closeEpoch = ({ store, rules, signer, committee, me }: Closer, nowMs: number): RefusalCode | null => {
  const { epoch } = committee
  if (store.isClosed(epoch)) return null
  const closesAtMs = rules.epochs.get(epoch)?.closesAtMs ?? null
  if (closesAtMs === null || nowMs < closesAtMs) return 'too-early'
  const former = rules.epochs.get(epoch - 1)?.committee
  if (former !== undefined && store.takenOverFrom(former.epoch).length < quorumOf(former)) return 'not-taken-over'
  const left = store.openSteps(epoch).flatMap(({ object, step }) => leftOpen({ store, rules, committee, me }, object, step) ?? [])
  store.close(epoch, left, signClosing(committee, left, signer))
  return null
}

/** The latest notarization of an account's step; null when it has none or is decided. */
const leftOpen = ({ store, rules, committee, me }: Omit<Closer, 'signer'>, objectId: ObjectId, step: number): CarriedStep | null => {
  const isAccount = store.escrow(objectId) === null && !equalBytes(objectId, rules.federationId)
  if (!isAccount || store.decidedAt(objectId, step) !== null) return null
  const { federationId, epoch } = committee
  const register = { governance: { federationId, epoch }, objectId, step }
  const votes = [...store.ownVotes(register, me), ...store.peerVotes(register)]
  const own = notarizationsIn(register, votes, committee)
  const carried = store.carried(objectId, step)
  const certificate = latestOf([...own, ...carried.map((one) => one.certificate)])
  if (certificate === null) return null
  const orders = [...store.candidates(register), ...carried].flatMap(({ order }) => order ?? [])
  return { certificate, order: orders.find(({ tx }) => equalBytes(txHash(tx), certificate.statement.txHash)) ?? null }
}
