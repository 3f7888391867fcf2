import type { CapDemand } from '../compliance/caps.ts'
import type { Bid, Signed, TaskRequest } from '../orders/model.ts'
import { toHex } from '../platform/bytes.ts'
import type { Clock } from '../platform/clock.ts'
import type { Bytes32 } from '../settlement/objects.ts'
import type { BackendId } from './choice-store.ts'
import type { BidKey } from './sealing.ts'

/** A bid of mine that its client may take up: it holds a slot of its backend and its part of the day until it lapses or is lost. */
export type Promised = {
  readonly request: Signed<TaskRequest>
  readonly bid: Signed<Bid>
  readonly key: BidKey
  /** Whose offer the bid is for: that one serves it, or none. */
  readonly backendId: BackendId
  /** The task at its worst. */
  readonly worst: CapDemand
}
type Entry = Promised & { readonly heldUntilMs: number }
export type Promises = ReturnType<typeof createPromises>

const maxPromised = 256
/** A bid may be taken up this long after its slot was freed, if there is room: its lock was certified just in time. */
const lateLockMs = 30_000

export const createPromises = (clock: Clock) => {
  const entries = new Map<string, Entry>()
  const keyOf = ({ request }: Promised): string => toHex(request.id)
  const forgetOld = (): void => {
    for (const [key, { bid }] of entries) if (bid.value.terms.acceptValidUntilMs + lateLockMs < clock.nowMs()) entries.delete(key)
  }
  return {
    of: (requestHash: Bytes32): Promised | null => entries.get(toHex(requestHash)) ?? null,
    isFull: (): boolean => {
      forgetOld()
      return entries.size >= maxPromised
    },
    add: (promised: Promised): void =>
      void entries.set(keyOf(promised), { ...promised, heldUntilMs: promised.bid.value.terms.acceptValidUntilMs }),
    /** Its money is locked: until it is removed, nothing else gets its room. */
    keep: (promised: Promised): void => void entries.set(keyOf(promised), { ...promised, heldUntilMs: Number.POSITIVE_INFINITY }),
    /** The client chose another. */
    lose: (requestHash: Bytes32): void => {
      const entry = entries.get(toHex(requestHash))
      if (entry !== undefined && Number.isFinite(entry.heldUntilMs)) entries.set(toHex(requestHash), { ...entry, heldUntilMs: 0 })
    },
    remove: (promised: Promised): void => void entries.delete(keyOf(promised)),
    clear: (of: BackendId): void => {
      for (const [key, { backendId }] of entries) if (backendId === of) entries.delete(key)
    },
    /** What bids hold now, without the one that is being taken up. */
    held: (except: Promised | null): readonly Promised[] => {
      const nowMs = clock.nowMs()
      return [...entries.values()].filter((entry) => entry.heldUntilMs > nowMs && (except === null || keyOf(entry) !== keyOf(except)))
    },
  }
}
