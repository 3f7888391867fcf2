import { equalBytes } from '../platform/bytes.ts'
import type { Bytes32, Committee, Governance } from './objects.ts'

/** A committee and the time from which it may decide. */
export type Epoch = { readonly committee: Committee; readonly startsAtMs: number }

/** The committees of one federation that this node knows of. Whoever holds it may learn of more at any time. */
export type Epochs = {
  readonly federationId: Bytes32
  /** Null for an epoch that this node has not learnt of. */
  readonly get: (epoch: number) => Epoch | null
  readonly newest: () => Epoch
}

/** A federation whose committee never changed. */
export const firstEpoch = (committee: Committee): Epochs => {
  const epoch: Epoch = { committee, startsAtMs: 0 }
  return { federationId: committee.federationId, get: (number) => (number === committee.epoch ? epoch : null), newest: () => epoch }
}

/** The committee that `governance` names; null for another federation's and for an epoch not known here. */
export const committeeNamed = (epochs: Epochs, { federationId, epoch }: Governance): Committee | null =>
  equalBytes(federationId, epochs.federationId) ? (epochs.get(epoch)?.committee ?? null) : null
