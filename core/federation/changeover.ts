import type { Network } from '../network/port.ts'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import type { Driver } from '../settlement/driver-port.ts'
import type { EpochBook } from '../settlement/epoch-book.ts'
import type { SettlementRules } from '../settlement/rules.ts'
import { createTakeover } from '../settlement/takeover.ts'
import { createWitnessClient } from '../settlement/witness-client.ts'
import type { Witness } from '../settlement/witness.ts'

type ChangeoverDeps = {
  readonly epochs: EpochBook
  readonly rules: SettlementRules
  readonly driver: Driver
  /** This node's own, when it is one. */
  readonly witness: Witness | null
  readonly network: Network
  readonly clock: Clock
  readonly log: Log
}

/** Whoever settles something meets a new committee at once; this finds one while nothing is settled. */
const pollMs = 600_000

/** Keeps up with the federation's committees, and takes over where this node's witness has a seat. Stops when the result is called. */
export const followEpochs = ({ epochs, rules, driver, witness, network, clock, log }: ChangeoverDeps): (() => void) => {
  const stop = new AbortController()
  let cancel = (): void => undefined
  const client = witness === null ? null : createWitnessClient(network, { witness, nowMs: clock.nowMs })
  const takeover = witness === null || client === null ? null : createTakeover({ witness, client, rules, clock, log })

  epochs.onTaken(() => {
    // It may be the witness that is learning it just now, in the middle of a transaction.
    clock.after(0, () => {
      if (stop.signal.aborted) return
      witness?.inform(epochs.chain())
      takeover?.wake()
    })
  })
  const poll = (): void => {
    driver
      .learnEpochs({ signal: stop.signal })
      .catch((error: unknown) => log.write('warn', 'epochs not asked for', { reason: String(error) }))
      .finally(() => {
        if (!stop.signal.aborted) cancel = clock.after(pollMs, poll)
      })
  }
  takeover?.wake()
  cancel = clock.after(0, poll)
  return () => {
    stop.abort()
    cancel()
    takeover?.stop()
  }
}
