import { equalBytes } from '../platform/bytes.ts'
import type { LogEntry } from './bundle.ts'
import { txHash } from './encoding.ts'
import type { Epoch, Epochs } from './epochs.ts'
import type { Facts } from './facts.ts'
import { isCarriedTo, verifyClosing, type CarriedStep } from './handover.ts'
import { quorumOf, type Bytes32, type Committee, type Governance, type ObjectId, type Signature } from './objects.ts'
import type { SettlementRules } from './rules.ts'
import { seatIn } from './seat.ts'
import type { WitnessStore } from './witness-store.ts'

/** The witnesses, by index, of a committee from which this witness has still to take over. */
export type Inheritance = { readonly former: Epoch; readonly indexes: readonly number[] }

/** Where a witness stands towards the committees before those in which it has a seat. */
export type Successor = {
  /** Oldest first: an epoch can only be closed by who has taken over from the one before it. */
  readonly waitsFor: () => readonly Inheritance[]
  /** Which of these steps are not known here. */
  readonly lacks: (entries: readonly LogEntry[]) => readonly LogEntry[]
  readonly headStep: (id: ObjectId) => number
  /** Everything that this former witness knew is known here. */
  readonly caughtUp: (former: Committee, index: number) => void
  /** Takes in what this former witness left open; false when it does not hold. Its decrees must be known. */
  readonly takeOver: (former: Committee, index: number, carried: readonly CarriedStep[], signature: Signature) => boolean
}

type SuccessorDeps = { readonly store: WitnessStore; readonly rules: SettlementRules; readonly facts: Facts; readonly publicKey: Bytes32 }

const hasSeat = ({ rules, publicKey }: Pick<SuccessorDeps, 'rules' | 'publicKey'>, governance: Governance): boolean =>
  seatIn(rules, publicKey, governance).ok

/** Before a new witness has learnt what the former committee decided, its silence would be read as "there is nothing". */
export const isNewcomer = (deps: Omit<SuccessorDeps, 'facts'>): boolean => {
  const { committee } = deps.rules.epochs.newest()
  const former = deps.rules.epochs.get(committee.epoch - 1)?.committee
  if (former === undefined || !hasSeat(deps, committee) || hasSeat(deps, former)) return false
  return deps.store.caughtUpWith(former.epoch).length < quorumOf(former)
}

export const createSuccessor = (deps: SuccessorDeps): Successor => {
  const { store, rules, facts } = deps
  return {
    waitsFor: () => {
      const newest = rules.epochs.newest().committee.epoch
      const all = Array.from({ length: newest }, (_, epoch) => rules.epochs.get(epoch))
      return all.flatMap((former) => (former === null ? [] : (inheritanceOf(deps, former, newest) ?? [])))
    },
    lacks: (entries) => entries.filter(({ object, step }) => store.decidedAt(object, step) === null),
    headStep: facts.headStep,
    caughtUp: ({ epoch }, index) => store.transaction(() => store.saveCaughtUp(epoch, index)),
    takeOver: (former, index, carried, signature) => {
      const witness = former.witnesses[index]
      const holds =
        witness !== undefined &&
        verifyClosing(former, carried, signature, witness.publicKey) &&
        carried.every(isSound(rules.epochs, former))
      if (holds) store.transaction(() => saveTakenOver(store, former, index, carried))
      return holds
    },
  }
}

/** A quorum is enough for an epoch that has passed; of the newest all are asked, so that more becomes possible. */
const inheritanceOf = (deps: SuccessorDeps, former: Epoch, newest: number): Inheritance | null => {
  const { federationId, epoch, witnesses } = former.committee
  const taken = deps.store.takenOverFrom(epoch)
  const isEnough = taken.length >= (epoch + 1 === newest ? witnesses.length : quorumOf(former.committee))
  if (isEnough || !hasSeat(deps, { federationId, epoch: epoch + 1 })) return null
  return { former, indexes: witnesses.flatMap((_, index) => (taken.includes(index) ? [] : [index])) }
}

const isSound =
  (epochs: Epochs, former: Committee) =>
  ({ certificate, order }: CarriedStep): boolean => {
    const { objectId, step, txHash: hash } = certificate.statement
    const register = { governance: { federationId: former.federationId, epoch: former.epoch + 1 }, objectId, step }
    return isCarriedTo(register, certificate, epochs) && (order === null || equalBytes(txHash(order.tx), hash))
  }

const saveTakenOver = (store: WitnessStore, { epoch }: Committee, index: number, carried: readonly CarriedStep[]): void => {
  for (const left of carried) {
    const { objectId, step } = left.certificate.statement
    if (store.decidedAt(objectId, step) !== null) continue
    store.saveCarried(left)
    store.saveCarriedBy(left.certificate, epoch, index)
  }
  store.saveTakenOver(epoch, index)
}
