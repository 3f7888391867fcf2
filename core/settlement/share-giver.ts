import { equalBytes, toHex } from '../platform/bytes.ts'
import type { SettlementAnswer } from './bundle.ts'
import { committeeNamed, type Epochs } from './epochs.ts'
import type { EscrowState } from './objects.ts'
import { createRecent } from './recent.ts'
import type { RefusalCode } from './refusals.ts'
import type { SeedKey } from './seed-share.ts'

/**
 * A share is given only once the dispute is final here. It is the same every time and takes some 15 ms to make, so whoever asks often
 * gets the one that was made.
 */
export const createShares = (seedKey: SeedKey, epochs: Epochs) => {
  const made = createRecent<Uint8Array>(maxShares)
  return (escrow: EscrowState | null): SettlementAnswer => {
    if (escrow === null) return refused('missing-history')
    if (escrow.dispute === null) return refused('wrong-phase')
    const seats = committeeNamed(epochs, escrow.governance)?.witnesses ?? []
    if (!seats.some((seat) => equalBytes(seat.seedKey, seedKey.publicKey))) return refused('wrong-governance')
    const { txHash: disputeHash } = escrow.dispute
    const name = { federationId: epochs.federationId, escrowId: escrow.id, disputeHash }
    const share = made.get(toHex(disputeHash)) ?? seedKey.share(name)
    made.set(toHex(disputeHash), share)
    return { kind: 'share', share }
  }
}
const maxShares = 1_024

const refused = (refusal: RefusalCode): SettlementAnswer => ({ kind: 'refused', refusal })
