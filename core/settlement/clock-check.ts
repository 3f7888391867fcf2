import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import type { Witness as WitnessIdentity } from './objects.ts'

/**
 * Honest clocks have to be within Λ of true time, which nobody can measure; so a witness compares its clock with those of the other
 * witnesses, and does not vote while it is further off than it may be (settlement.md §5.4).
 */
export type ClockCheck = {
  /** Compares now if the last comparison is old; call it whenever the clock is needed. */
  readonly update: () => void
  /** By how much the others are ahead; null as long as too few were asked. */
  readonly offsetMs: () => number | null
  readonly isOff: () => boolean
  readonly stop: () => void
}

export type ClockCheckDeps = {
  /** The other witnesses of the newest committee, and f: so many of them may lie. */
  readonly others: () => { readonly witnesses: readonly WitnessIdentity[]; readonly faults: number }
  /** Another witness's clock; null when it does not answer. */
  readonly ask: (witness: WitnessIdentity) => Promise<number | null>
  readonly clock: Clock
  readonly log: Log
}

export const maxOffsetMs = 2_000
/** The least that a median says anything about; and with f liars among 2f+1, the median lies between honest clocks. */
const minPeersFor = (faults: number): number => Math.max(3, 2 * faults + 1)
/** An answer that took longer says too little about the time. */
const maxRoundTripMs = 1_000
/** A quartz drifts by less than 100 ppm: 60 ms in this time. */
const freshForMs = 600_000
/** While it is off, so that it votes again soon after it was set right; and while too few have answered. */
const recheckMs = 60_000

export const createClockCheck = ({ others, ask, clock, log }: ClockCheckDeps): ClockCheck => {
  let offsetMs: number | null = null
  let freshUntilMs = Infinity
  let isChecking = false
  let isStopped = false
  let cancel = (): void => undefined

  const isOff = (): boolean => offsetMs !== null && Math.abs(offsetMs) > maxOffsetMs

  const measure = async (witness: WitnessIdentity): Promise<readonly number[]> => {
    const sentMs = clock.nowMs()
    const theirsMs = await ask(witness)
    const roundTripMs = clock.nowMs() - sentMs
    return theirsMs === null || roundTripMs > maxRoundTripMs ? [] : [theirsMs - sentMs - roundTripMs / 2]
  }

  const check = async (): Promise<void> => {
    const { witnesses, faults } = others()
    const offsets = (await Promise.all(witnesses.map(measure))).flat()
    const areEnough = offsets.length >= minPeersFor(faults)
    freshUntilMs = clock.nowMs() + (areEnough ? freshForMs : recheckMs)
    // Too few to tell whose clock is wrong: the last verdict stands.
    if (isStopped || !areEnough) return
    const wasOff = isOff()
    offsetMs = medianOf(offsets)
    if (isOff() !== wasOff) log.write(isOff() ? 'error' : 'info', isOff() ? 'clock off, not voting' : 'clock right again', { offsetMs })
  }

  const begin = (): void => {
    if (isChecking || isStopped) return
    isChecking = true
    cancel()
    check()
      .catch((error: unknown) => log.write('error', 'clock check failed', { reason: String(error) }))
      .finally(() => {
        isChecking = false
        if (!isStopped && isOff()) cancel = clock.after(recheckMs, begin)
      })
  }

  begin()
  return {
    update: () => {
      if (clock.nowMs() >= freshUntilMs) begin()
    },
    offsetMs: () => offsetMs,
    isOff,
    stop: () => {
      isStopped = true
      cancel()
    },
  }
}

/** Of an even number the lower middle one, so that it is always somebody's. */
export const medianOf = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[(values.length - 1) >> 1] ?? 0
