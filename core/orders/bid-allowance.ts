import { toHex } from '../platform/bytes.ts'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'
import type { AccountId, Bytes32 } from '../settlement/objects.ts'
import type { Bid, Signed, TaskRequest } from './model.ts'

/**
 * A bid holds a slot until its client locks money, and asking for one costs a client nothing. So clients that nobody in the federation
 * vouches for hold a quarter of the slots together at most, and whoever lets bids lapse again and again, saying neither that it
 * locked nor that it chose another, gets none for a while.
 */
export const maxLapses = 8
export const coolDownMs = 10 * 60_000
/** A lost closing lets a bid lapse now and then; this much later one is forgiven. */
const forgetLapsesMs = 10 * 60_000
const strangersShare = 4
/** Remembered at a time; the longest silent is forgotten first. */
const maxClients = 10_000

type Hold = { readonly client: string; readonly isStranger: boolean; readonly untilMs: number }
type Lapses = { readonly count: number; readonly lastMs: number }

type BidAllowanceDeps = {
  /** Whether somebody the federation knows vouches for this account, by an invite or by certified trades. */
  readonly isKnown: (accountId: AccountId) => boolean
  /** Tasks this provider runs at a time. */
  readonly slots: () => number
}

export type BidAllowance = ReturnType<typeof createBidAllowance>

export const createBidAllowance = ({ isKnown, slots }: BidAllowanceDeps) => {
  const holds = new Map<string, Hold>()
  const lapses = new Map<string, Lapses>()

  const settleLapsed = (nowMs: number): void => {
    for (const [request, { client, untilMs }] of holds) {
      if (untilMs > nowMs) continue
      holds.delete(request)
      const before = lapses.get(client)
      const isRecent = before !== undefined && nowMs - before.lastMs < forgetLapsesMs
      lapses.delete(client)
      lapses.set(client, { count: isRecent ? before.count + 1 : 1, lastMs: nowMs })
      const oldest = lapses.keys().next().value
      if (lapses.size > maxClients && oldest !== undefined) lapses.delete(oldest)
    }
  }

  return {
    /** Before a bid is made. */
    check: ({ id, value }: Signed<TaskRequest>, nowMs: number): Result<void, Failure<'walked-away' | 'strangers-wait'>> => {
      settleLapsed(nowMs)
      if (holds.has(toHex(id))) return ok(undefined)
      const lapsed = lapses.get(toHex(value.clientKey))
      if (lapsed !== undefined && lapsed.count >= maxLapses && nowMs - lapsed.lastMs < coolDownMs)
        return fail('walked-away', 'You asked for bids again and again and took none up; I bid for you again later.')
      const held = [...holds.values()].filter(({ isStranger }) => isStranger).length
      if (!isKnown(value.client) && held >= Math.max(1, Math.floor(slots() / strangersShare)))
        return fail('strangers-wait', 'My slots for members whom nobody here has vouched for yet are taken; try again in a moment.')
      return ok(undefined)
    },
    /** A bid was made: it holds its slot. */
    hold: ({ id, value }: Signed<TaskRequest>, bid: Signed<Bid>): void =>
      void holds.set(toHex(id), {
        client: toHex(value.clientKey),
        isStranger: !isKnown(value.client),
        untilMs: bid.value.validUntilMs,
      }),
    /** The client said how it ended. */
    closed: (requestHash: Bytes32): void => void holds.delete(toHex(requestHash)),
    /** The client locked money for it. */
    locked: (requestHash: Bytes32): void => {
      const hold = holds.get(toHex(requestHash))
      holds.delete(toHex(requestHash))
      if (hold !== undefined) lapses.delete(hold.client)
    },
  }
}
