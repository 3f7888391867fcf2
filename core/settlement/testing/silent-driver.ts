import { fail } from '../../platform/result.ts'
import type { Driver } from '../driver-port.ts'

const silent = () => Promise.resolve(fail('no-quorum', 'Too few witnesses answered.'))

/** Witnesses that never answer; a test replaces what it needs. */
export const silentDriver: Driver = {
  decide: silent,
  fetchObject: silent,
  fetchInbox: silent,
  fetchShares: silent,
  fetchKeys: silent,
  fetchCredits: silent,
  fetchEscrows: silent,
  fetchTimes: silent,
  fetchUndecided: silent,
  learnEpochs: () => Promise.resolve(false),
}
