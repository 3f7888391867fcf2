import { equalBytes } from '../platform/bytes.ts'
import { foundedState, type FederationState } from './federation-chain.ts'
import type { Bytes32, Committee, Decree, Governance } from './objects.ts'
import type { RefusalCode } from './refusals.ts'

/** A committee and its time. */
export type Epoch = {
  readonly committee: Committee
  /** From then on objects may move to it. */
  readonly startsAtMs: number
  /** From then on its witnesses may hand its accounts over to the next committee; null while there is no next one. */
  readonly closesAtMs: number | null
}

/** The committees of one federation that this node knows of. Whoever holds it may learn of more at any time. */
export type Epochs = {
  readonly federationId: Bytes32
  /** Null for an epoch that this node has not learnt of. */
  readonly get: (epoch: number) => Epoch | null
  readonly newest: () => Epoch
  /** The federation's chain, as far as it is known here. */
  readonly head: () => FederationState
  /** The decrees that made the epochs after the first, in their order. */
  readonly chain: () => readonly Decree[]
  /** Takes in the decree of the next epoch; the reason when it does not hold, null also when it was known. */
  readonly take: (decree: Decree) => RefusalCode | null
}

/** A federation whose committee never changed. */
export const firstEpoch = (committee: Committee): Epochs => {
  const epoch: Epoch = { committee, startsAtMs: 0, closesAtMs: null }
  return {
    federationId: committee.federationId,
    get: (number) => (number === committee.epoch ? epoch : null),
    newest: () => epoch,
    head: () => foundedState(committee, 0),
    chain: () => [],
    take: () => 'bad-certificate',
  }
}

/** The committee that `governance` names; null for another federation's and for an epoch not known here. */
export const committeeNamed = (epochs: Epochs, { federationId, epoch }: Governance): Committee | null =>
  equalBytes(federationId, epochs.federationId) ? (epochs.get(epoch)?.committee ?? null) : null

/** The newest epoch that has begun. */
export const epochAt = (epochs: Epochs, nowMs: number): Epoch => {
  for (let epoch = epochs.newest(); ;) {
    const before = epoch.startsAtMs > nowMs ? epochs.get(epoch.committee.epoch - 1) : null
    if (before === null) return epoch
    epoch = before
  }
}
