import type { Network } from '../network/port.ts'
import { equalBytes } from '../platform/bytes.ts'
import { createClockCheck, type ClockCheck } from './clock-check.ts'
import { createSweeper, type Sweeper, type SweeperDeps } from './sweeper.ts'
import { createWitnessClient } from './witness-client.ts'

/** What a witness does without being asked. */
export type Duties = { readonly sweeper: Sweeper; readonly clockCheck: ClockCheck; readonly stop: () => void }

export const startDuties = (deps: SweeperDeps & { readonly network: Network; readonly isRetired: boolean }): Duties => {
  const { epochs, publicKey } = deps
  const client = createWitnessClient(deps.network, null)
  const clockCheck = createClockCheck({
    ...deps,
    others: () => {
      const { witnesses, faults } = epochs.newest().committee
      return { witnesses: witnesses.filter((witness) => !equalBytes(witness.publicKey, publicKey)), faults }
    },
    ask: async (witness) => {
      const answer = await client.ask(witness, { kind: 'clock' })
      return answer?.kind === 'clock' ? answer.nowMs : null
    },
  })
  // A retired witness has votes that it may not know of; the others see to it.
  const sweeper = deps.isRetired ? idle : createSweeper(deps)
  return {
    sweeper,
    clockCheck,
    stop: () => {
      sweeper.stop()
      clockCheck.stop()
    },
  }
}

const idle: Sweeper = { update: () => undefined, stop: () => undefined }
