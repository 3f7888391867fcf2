import {
  capDayMs,
  capMonthMs,
  costMillicents,
  refusalByCaps,
  type CapDemand,
  type CapRefusal,
  type CapUse,
  type ProviderCaps,
} from '../compliance/caps.ts'
import type { TaskRequest } from '../orders/model.ts'
import type { Clock } from '../platform/clock.ts'
import type { JobStore } from './job-store.ts'
import { shareOfOthers } from './owner-rules.ts'
import type { OwnerStore } from './owner-store.ts'
import type { Promised, Promises } from './promises.ts'

export type RoomDeps = {
  readonly store: Pick<JobStore, 'sumSince'>
  readonly owner: Pick<OwnerStore, 'rules' | 'usedSince'>
  readonly clock: Clock
  readonly promises: Promises
  readonly runningCount: () => number
}
export type Room = ReturnType<typeof createRoom>
type Held = { readonly requests: readonly TaskRequest[]; readonly running: number }

/** If not even this fits, the day is over. */
const smallestTask: CapDemand = { outputTokens: 1, millicents: 0 }
const nothingHeld: Held = { requests: [], running: 0 }

/**
 * What is left of a provider's caps. What runs counts at its worst as well as what is promised, so that no two tasks can be given the
 * same room; and others get their share only, and never what the owner's own tasks have used.
 */
export const createRoom = ({ store, owner, clock, promises, runningCount }: RoomDeps) => {
  /** Jobs dated later than now count too, so a clock that is set back frees nothing. */
  const today = () => store.sumSince(clock.nowMs() - capDayMs)
  const thisMonth = () => store.sumSince(clock.nowMs() - capMonthMs)

  const useOfOthers = (caps: ProviderCaps, { requests, running }: Held): CapUse => {
    const [day, month] = [today(), thisMonth()]
    const millicents = requests.reduce((sum, request) => sum + worstCost(caps, request), 0)
    return {
      running: running + requests.length,
      tasksToday: day.tasks + requests.length,
      outputTokensToday: day.outputTokens + requests.reduce((sum, { maxOutputTokens }) => sum + maxOutputTokens, 0),
      millicentsToday: day.costMillicents + millicents,
      millicentsThisMonth: month.costMillicents + millicents,
    }
  }
  const withOwnUse = (use: CapUse): CapUse => {
    const [day, month] = [owner.usedSince(clock.nowMs() - capDayMs), owner.usedSince(clock.nowMs() - capMonthMs)]
    return {
      running: use.running,
      tasksToday: use.tasksToday + day.tasks,
      outputTokensToday: use.outputTokensToday + day.outputTokens,
      millicentsToday: use.millicentsToday + day.costMillicents,
      millicentsThisMonth: use.millicentsThisMonth + month.costMillicents,
    }
  }
  const refusal = (caps: ProviderCaps, demand: CapDemand, held: Held): CapRefusal | null => {
    const use = useOfOthers(caps, held)
    return refusalByCaps(shareOfOthers(caps, owner.rules()), use, demand) ?? refusalByCaps(caps, withOwnUse(use), demand)
  }

  return {
    today,
    thisMonth,
    /** Why one more task does not fit; `except` is a bid of mine that is being taken up. */
    refusalOf: (caps: ProviderCaps, request: TaskRequest, except: Promised | null): CapRefusal | null =>
      refusal(
        caps,
        { outputTokens: request.maxOutputTokens, millicents: worstCost(caps, request) },
        { requests: promises.held(except).requests, running: runningCount() },
      ),
    /** Why nothing fits any more, whatever it asks; what runs is not counted, because a full house is busy and not closed. */
    closedBy: (caps: ProviderCaps): CapRefusal | null => refusal(caps, smallestTask, nothingHeld),
  }
}

const worstCost = (caps: ProviderCaps, request: TaskRequest): number =>
  costMillicents(caps, { inputTokens: worstInputTokens(request), outputTokens: request.maxOutputTokens })

/** No tokeniser makes more than one token of a byte; some more frame the message. */
export const worstInputTokens = ({ inputBucketBytes }: Pick<TaskRequest, 'inputBucketBytes'>): number => inputBucketBytes + framingTokens
const framingTokens = 64
