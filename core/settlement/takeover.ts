import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import type { LogEntry } from './bundle.ts'
import { fetchFrom } from './fetch.ts'
import type { CarriedStep } from './handover.ts'
import type { Committee, Signature, Witness as WitnessIdentity } from './objects.ts'
import type { SettlementRules } from './rules.ts'
import type { Inheritance } from './successor.ts'
import type { WitnessClient } from './witness-client.ts'
import type { Witness } from './witness.ts'

export type TakeoverDeps = {
  readonly witness: Witness
  /** Asks this witness itself too, without a network. */
  readonly client: WitnessClient
  readonly rules: SettlementRules
  readonly clock: Clock
  readonly log: Log
}
export type Takeover = ReturnType<typeof createTakeover>

/**
 * A witness of a new committee learns what the former one decided, and takes over what it left open once the former witnesses may
 * close (handover.ts). It asks; nobody opens a connection to hand over.
 */
export const createTakeover = (deps: TakeoverDeps) => {
  const { witness, client, rules, clock } = deps
  const { successor } = witness
  const stop = new AbortController()
  // Whatever contradicts what is known is found when this witness is told of it.
  const ask = { client, clock, epochs: rules.epochs, found: () => undefined, signal: stop.signal }
  /** How far the log of a witness was read, by its key: only a saving, since what is known is skipped. */
  const cursors = new Map<string, number>()
  let cancel = (): void => undefined
  let isRunning = false
  let delayMs = firstDelayMs

  /** Tells this witness decrees that another one shows; false when something is still unknown after that. */
  const learn = async (from: WitnessIdentity, entries: readonly LogEntry[]): Promise<boolean> => {
    for (const { object, step } of successor.lacks(entries)) {
      const fromStep = Math.min(successor.headStep(object) + 1, step)
      const decrees = await fetchFrom(ask, from, object, fromStep)
      for (const decree of decrees ?? []) witness.inform([decree])
    }
    return successor.lacks(entries).length === 0
  }

  const catchUpWith = async (from: WitnessIdentity): Promise<boolean> => {
    for (let after = cursors.get(from.peerId) ?? 0; ;) {
      const answer = await client.ask(from, { kind: 'fetch-log', after }, stop.signal)
      if (answer?.kind !== 'log' || !(await learn(from, answer.entries))) return false
      if (answer.next === null) return true
      if (answer.next <= after) return false
      after = answer.next
      cursors.set(from.peerId, after)
    }
  }

  /** Everything that a former witness left open; null when it cannot hand over yet, or what it shows does not end. */
  const leftBy = async (
    former: Committee,
    from: WitnessIdentity,
  ): Promise<{ carried: readonly CarriedStep[]; signature: Signature } | null> => {
    const carried: CarriedStep[] = []
    const governance = { federationId: former.federationId, epoch: former.epoch }
    for (let fromPosition = 0; carried.length <= maxCarriedSteps;) {
      const answer = await client.ask(from, { kind: 'hand-over', governance, fromPosition }, stop.signal)
      if (answer?.kind !== 'handed-over') return null
      carried.push(...answer.carried)
      if (answer.next === null) return { carried, signature: answer.signature }
      if (answer.next <= fromPosition) return null
      fromPosition = answer.next
    }
    return null
  }

  const takeOverFrom = async ({ former }: Inheritance, index: number): Promise<void> => {
    const { committee, closesAtMs } = former
    const from = committee.witnesses[index]
    if (from === undefined || !(await catchUpWith(from))) return
    successor.caughtUp(committee, index)
    if (closesAtMs === null || clock.nowMs() < closesAtMs) return
    const left = await leftBy(committee, from)
    // What it decided while it was asked is in its log by now, since it has closed.
    if (left === null || !(await catchUpWith(from))) return
    if (!successor.takeOver(committee, index, left.carried, left.signature)) client.report(from, 'a handover that does not hold')
  }

  const round = async (): Promise<void> => {
    const before = pending()
    for (const inheritance of successor.waitsFor()) await Promise.all(inheritance.indexes.map((index) => takeOverFrom(inheritance, index)))
    delayMs = pending() < before ? firstDelayMs : Math.min(2 * delayMs, lastDelayMs)
  }
  const pending = (): number => successor.waitsFor().reduce((sum, { indexes }) => sum + indexes.length, 0)

  const wake = (): void => {
    cancel()
    if (isRunning || stop.signal.aborted) return
    isRunning = true
    round()
      .catch((error: unknown) => deps.log.write('error', 'takeover failed', { reason: String(error) }))
      .finally(() => {
        isRunning = false
        if (stop.signal.aborted || pending() === 0) return
        cancel = clock.after(delayMs, wake)
      })
  }

  return {
    /** Begins, or begins again at once: there may be a new epoch. */
    wake: (): void => {
      delayMs = firstDelayMs
      wake()
    },
    /** One attempt. */
    round,
    stop: (): void => {
      stop.abort()
      cancel()
    },
  }
}

/** A former witness may be starting; after ten minutes without news it is looked at rarely. */
const firstDelayMs = 1_000
const lastDelayMs = 600_000
/** Steps that were under way at the very moment of closing. */
const maxCarriedSteps = 100_000
