import { claimPendingInvite, type ClaimingDeps } from './claiming.ts'
import { watchRestoredAccount, type RestoredAccountDeps } from './restored-account.ts'

export type FollowUpDeps = Omit<ClaimingDeps, 'door' | 'refused'> & RestoredAccountDeps

/** What the first start left to be done once a market runs. @returns what ends it */
export const followUp = (deps: FollowUpDeps): (() => void) => {
  const stopClaiming = claimPendingInvite({ ...deps, door: deps.market.door, refused: deps.noticed })
  const stopWatching = watchRestoredAccount(deps)
  return () => {
    stopClaiming()
    stopWatching()
  }
}
