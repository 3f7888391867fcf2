import type { Bid, Signed, TaskRequest } from '../orders/model.ts'
import { toHex } from '../platform/bytes.ts'
import type { Clock } from '../platform/clock.ts'
import type { Bytes32 } from '../settlement/objects.ts'
import type { BidKey } from './sealing.ts'

/** A bid of mine that its client may take up: it holds a slot and its part of the day's tokens until it lapses or is lost. */
export type Promised = { readonly request: Signed<TaskRequest>; readonly bid: Signed<Bid>; readonly key: BidKey }
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
    clear: (): void => entries.clear(),
    /** What bids hold now, without the one that is being taken up. */
    held: (except: Promised | null): { readonly requests: readonly TaskRequest[] } => {
      const nowMs = clock.nowMs()
      const holding = [...entries.values()].filter(
        (entry) => entry.heldUntilMs > nowMs && (except === null || keyOf(entry) !== keyOf(except)),
      )
      return { requests: holding.map(({ request }) => request.value) }
    },
  }
}
