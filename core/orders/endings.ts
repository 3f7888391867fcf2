import { equalBytes } from '../platform/bytes.ts'
import type { Failure, Result } from '../platform/result.ts'
import type { Bytes32 } from '../settlement/objects.ts'
import type { Bidding } from './bidding.ts'
import { closings, offers, withdrawals } from './model.ts'
import type { Shelves } from './shelves.ts'

/** Takes a maker's signed word that its order is over; who brings it, and how, does not matter. */
export type Endings = {
  /** A withdrawal, or a later offer that says so of the earlier ones. */
  readonly takeOfferEnding: (bytes: Uint8Array) => Result<unknown, Failure>
  readonly takeWithdrawal: (bytes: Uint8Array) => Result<unknown, Failure>
  readonly takeClosing: (bytes: Uint8Array) => Result<unknown, Failure>
}

type EndingsDeps = { readonly federationId: Bytes32; readonly ownKey: Bytes32; readonly shelves: Shelves; readonly bidding: Bidding }

export const createEndings = ({ federationId, ownKey, shelves, bidding }: EndingsDeps): Endings => {
  const takeWithdrawal = (bytes: Uint8Array): Result<unknown, Failure> => {
    const withdrawal = withdrawals.decode(bytes, federationId)
    if (!withdrawal.ok) return withdrawal
    const { offerId, providerKey } = withdrawal.value.value
    return shelves.offers.end(offerId, providerKey, bytes)
  }
  return {
    takeWithdrawal,
    takeOfferEnding: (bytes) => {
      const later = offers.decode(bytes, federationId)
      return later.ok ? shelves.offers.endEarlier(later.value, bytes) : takeWithdrawal(bytes)
    },
    takeClosing: (bytes) => {
      const closed = closings.decode(bytes, federationId)
      if (!closed.ok) return closed
      const { requestHash, clientKey, winner } = closed.value.value
      const ended = shelves.requests.end(requestHash, clientKey, bytes)
      if (ended.ok) bidding.closed(requestHash, winner !== null && equalBytes(winner, ownKey))
      return ended
    },
  }
}
