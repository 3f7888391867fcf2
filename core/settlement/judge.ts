import { applyEscrowMove, moveWindow } from '../escrow/model.ts'
import { isFrequent } from '../escrow/recusal.ts'
import { ok, type Result } from '../platform/result.ts'
import { accountBornOf, accountWindow, applyAccountTx, type AccountOrder } from './account.ts'
import { nameOf } from './ballots.ts'
import { mayDecide } from './certificate.ts'
import { txHash } from './encoding.ts'
import { applyEpochTx, epochWindow, type EpochOrder } from './federation-chain.ts'
import { isPossible, placeOf, txNameOf, type OpenStep } from './handover.ts'
import { isInvitation } from './inviters.ts'
import {
  quorumOf,
  type AccountId,
  type Authorisation,
  type AuthorisedTx,
  type Bytes32,
  type Credit,
  type CreditId,
  type EscrowMove,
  type Governance,
  type ObjectId,
} from './objects.ts'
import { createRecent } from './recent.ts'
import { refuse, type Refusal } from './refusals.ts'
import { anyTime, type SettlementRules, type Window } from './rules.ts'
import type { WitnessStore } from './witness-store.ts'

/** Whether a witness may vote for an order (R4, H3), from what it knows for certain. */
export type Judgement = {
  readonly window: Window
  /** What a leader prefers; lower first. */
  readonly rank: number
}

type JudgeDeps = {
  readonly store: WitnessStore
  readonly rules: SettlementRules
  readonly creditOf: (id: CreditId) => Credit | null
  readonly headStep: (id: ObjectId) => number
  readonly isConvicted: (publicKey: Bytes32) => boolean
}

export const createJudge = ({ store, rules, creditOf, headStep, isConvicted }: JudgeDeps) => {
  const judgements = createRecent<Judgement>(maxRemembered)

  const judgeAccount = (order: AccountOrder, epoch: number): Result<Judgement, Refusal> => {
    const { tx } = order
    const state = store.account(tx.objectId) ?? accountBornOf(order)
    if (state === null) return refuse('not-authorised')
    const isClaimed = (id: CreditId): boolean => store.isClaimed(tx.objectId, id)
    const applied = applyAccountTx(state, order, { rules, creditOf, isClaimed, nowMs: null })
    if (!applied.ok) return applied
    if (epoch === tx.governance.epoch) return ok({ window: accountWindow(tx, rules), rank: 0 })
    const left = leftOpen(tx.objectId, tx.step, epoch)
    if (!left.ok) return left
    const name = nameOf(txHash(tx))
    if (!isPossible(left.value.step, name, left.value.quorum)) return refuse('bound')
    // A notarized one was checked in its time by f+1 honest witnesses.
    const wasChecked = left.value.step.notarized.some((one) => one.tx === name)
    return ok({ window: wasChecked ? anyTime : accountWindow(tx, rules), rank: 0 })
  }

  const judgeEpoch = (order: EpochOrder): Result<Judgement, Refusal> => {
    const applied = applyEpochTx(rules.epochs.head(), order, { limits: rules.limits, isConvicted, nowMs: null })
    return applied.ok ? ok({ window: epochWindow(order.tx, rules.limits), rank: 0 }) : applied
  }

  /** What the committee before `epoch` left open of this step; refused until enough of its witnesses have handed over. */
  const leftOpen = (object: ObjectId, step: number, epoch: number): Result<{ step: OpenStep; quorum: number }, Refusal> => {
    const former = rules.epochs.get(epoch - 1)?.committee
    if (former === undefined) return refuse('unknown-epoch')
    const quorum = quorumOf(former)
    const witnesses = store.takenOverFrom(former.epoch)
    if (witnesses.length < quorum) return refuse('not-taken-over')
    const places = store.carriedBy(object, step, former.epoch)
    const notarized = store.carried(object, step).map(({ certificate }) => ({ ...placeOf(certificate), tx: txNameOf(certificate) }))
    return ok({ step: { carriedBy: witnesses.map((index) => places.get(index) ?? null), notarized }, quorum })
  }

  const judgeAnew = (order: AuthorisedTx, register: Governance): Result<Judgement, Refusal> => {
    const { tx, authorisations } = order
    if (!mayDecide(register, tx)) return refuse('wrong-governance')
    if (tx.step > headStep(tx.objectId) + 1) return refuse('missing-history')
    if (tx.type === 'account') {
      const { operation } = tx.body
      // A bid of a device that its provider has revoked since. The client's own key is checked against its account.
      if (operation.kind === 'open-escrow' && store.isRevoked(operation.terms.provider, operation.terms.providerKey))
        return refuse('revoked-key')
      return judgeAccount({ tx, authorisations }, register.epoch)
    }
    if (tx.type === 'federation') return judgeEpoch({ tx, authorisations })
    const state = store.escrow(tx.objectId)
    if (state === null) return refuse('missing-history')
    const partyOf = ({ role }: Authorisation): AccountId => (role === 'client' ? state.terms.client : state.terms.provider)
    // Who has lost a device has lost nothing more: what it may still have signed is worth nothing before it is certified.
    if (authorisations.some((one) => one.role !== 'arbiter' && store.isRevoked(partyOf(one), one.publicKey))) return refuse('revoked-key')
    const isClose = (arbiter: AccountId, party: AccountId): boolean =>
      isInvitation(arbiter, party, store) || isFrequent(store.dealings(arbiter, party), state.terms.amountMicro)
    const applied = applyEscrowMove(state, { tx, authorisations }, { rules, nowMs: null, isClose })
    return applied.ok ? ok({ window: moveWindow(state, tx.body, rules), rank: rankOf(tx.body) }) : applied
  }

  /** Whether an order is a valid next step for the committee of `register`, whatever the time; and if so, in which time. */
  const judge = (order: AuthorisedTx, register: Governance): Result<Judgement, Refusal> => {
    const judged = judgeAnew(order, register)
    if (judged.ok) judgements.set(`${register.epoch}/${nameOf(txHash(order.tx))}`, judged.value)
    return judged
  }
  /** The same for an order that was judged and stored: valid then, it is valid until its step is decided. */
  const judgeAgain = (order: AuthorisedTx, register: Governance): Result<Judgement, Refusal> => {
    const known = judgements.get(`${register.epoch}/${nameOf(txHash(order.tx))}`)
    return known === undefined ? judge(order, register) : ok(known)
  }

  return { judge, judgeAgain }
}

/** Concessions first, then what arbiters say, then what was in time, then what only waited (settlement.md §3.1). */
const rankOf = ({ kind }: EscrowMove): number => {
  if (kind === 'release' || kind === 'refund' || kind === 'split') return 0
  if (kind === 'rule') return 1
  return kind === 'deliver' || kind === 'dispute' || kind === 'seat-panel' ? 2 : 3
}

/** About 200 bytes each; a step is asked about again within minutes or not at all. */
const maxRemembered = 8_192
