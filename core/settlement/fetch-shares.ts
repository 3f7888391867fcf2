import { isDesignated, designatedOrder } from '../escrow/panel.ts'
import { assert } from '../platform/assert.ts'
import { ok, type Result } from '../platform/result.ts'
import type { FetchFailure } from './driver-port.ts'
import { committeeNamed } from './epochs.ts'
import { askPatiently, noQuorum, type Ask } from './fetch.ts'
import type { Decree, EscrowState, SeedShare } from './objects.ts'
import { verifyShare } from './seed-share.ts'

/**
 * Shares of a panel's seed. Done as soon as the designated witnesses have given theirs; with whatever the others have given when one
 * of those stays silent.
 */
export const fetchShares = (
  ask: Ask,
  disputed: EscrowState,
  chain: readonly Decree[],
): Promise<Result<readonly SeedShare[], FetchFailure>> => {
  const { id: escrowId, dispute, governance } = disputed
  const committee = committeeNamed(ask.epochs, governance)
  assert(dispute !== null && committee !== null, 'only a dispute of a known committee has shares')
  const name = { federationId: committee.federationId, escrowId, disputeHash: dispute.txHash }
  const order = designatedOrder(committee, dispute.txHash)

  const shareOf = async (witnessIndex: number): Promise<SeedShare | null> => {
    const witness = committee.witnesses[witnessIndex]
    const answer = witness === undefined ? null : await askPatiently(ask, witness, { kind: 'fetch-share', escrowId, decrees: chain })
    if (witness === undefined || answer?.kind !== 'share') return null
    if (verifyShare(name, witness.seedKey, answer.share)) return { witnessIndex, share: answer.share }
    ask.client.report(witness, 'a share that is not its own')
    return null
  }

  return new Promise((resolve, reject) => {
    const shares: SeedShare[] = []
    let waiting = order.length
    const settle = (share: SeedShare | null): void => {
      waiting--
      if (share !== null) shares.push(share)
      const inOrder = shares.toSorted((a, b) => order.indexOf(a.witnessIndex) - order.indexOf(b.witnessIndex))
      const first = inOrder.slice(0, committee.faults + 1)
      const isComplete = first.length > committee.faults && isDesignated(committee, dispute.txHash, first)
      if (isComplete || (waiting === 0 && first.length > committee.faults)) resolve(ok(inOrder))
      else if (waiting === 0) resolve(noQuorum)
    }
    for (const witnessIndex of order) shareOf(witnessIndex).then(settle, reject)
  })
}
