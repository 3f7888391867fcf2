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
import type { BackendKind, TaskRequest } from '../orders/model.ts'
import type { Clock } from '../platform/clock.ts'
import type { BackendId } from './choice-store.ts'
import type { JobStore } from './job-store.ts'
import { shareOfOthers } from './owner-rules.ts'
import type { OwnerStore } from './owner-store.ts'
import type { Promised, Promises } from './promises.ts'

export type RoomDeps = {
  readonly store: Pick<JobStore, 'sumSince'>
  readonly owner: Pick<OwnerStore, 'rules' | 'usedSince'>
  readonly clock: Clock
  readonly promises: Promises
  /** Of one backend, or of all. */
  readonly runningCount: (backendId: BackendId | null) => number
}
export type Room = ReturnType<typeof createRoom>
/** A backend as far as its caps are concerned. */
export type Capped = { readonly id: BackendId; readonly backend: BackendKind; readonly caps: ProviderCaps }
/** What counts to a cap: what one backend does, or all of them. */
type Scope = { readonly id: BackendId | null; readonly backend: BackendKind | null }
type Held = { readonly promised: readonly Promised[]; readonly isRunningCounted: boolean }

/** If not even this fits, the day is over. */
const smallestTask: CapDemand = { outputTokens: 1, millicents: 0 }
const nothingHeld: Held = { promised: [], isRunningCounted: false }
const everything: Scope = { id: null, backend: null }

/**
 * What is left of a provider's caps: of each backend's, and of those that its owner set over all of them. What runs counts at its worst
 * as well as what is promised, so that no two tasks can be given the same room, on whatever backends; and others get their share only,
 * and never what the owner's own tasks have used.
 */
export const createRoom = ({ store, owner, clock, promises, runningCount }: RoomDeps) => {
  /** Jobs dated later than now count too, so a clock that is set back frees nothing. */
  const today = (id: BackendId | null) => store.sumSince(clock.nowMs() - capDayMs, id)
  const thisMonth = (id: BackendId | null) => store.sumSince(clock.nowMs() - capMonthMs, id)

  const useOfOthers = ({ id }: Scope, { promised, isRunningCounted }: Held): CapUse => {
    const [day, month] = [today(id), thisMonth(id)]
    const held = promised.filter(({ backendId }) => id === null || backendId === id)
    const millicents = held.reduce((sum, { worst }) => sum + worst.millicents, 0)
    return {
      running: (isRunningCounted ? runningCount(id) : 0) + held.length,
      tasksToday: day.tasks + held.length,
      outputTokensToday: day.outputTokens + held.reduce((sum, { worst }) => sum + worst.outputTokens, 0),
      millicentsToday: day.costMillicents + millicents,
      millicentsThisMonth: month.costMillicents + millicents,
    }
  }
  const withOwnUse = ({ backend }: Scope, use: CapUse): CapUse => {
    const [day, month] = [owner.usedSince(clock.nowMs() - capDayMs, backend), owner.usedSince(clock.nowMs() - capMonthMs, backend)]
    return {
      running: use.running,
      tasksToday: use.tasksToday + day.tasks,
      outputTokensToday: use.outputTokensToday + day.outputTokens,
      millicentsToday: use.millicentsToday + day.costMillicents,
      millicentsThisMonth: use.millicentsThisMonth + month.costMillicents,
    }
  }
  const refusalWithin = (caps: ProviderCaps, scope: Scope, demand: CapDemand, held: Held): CapRefusal | null => {
    const use = useOfOthers(scope, held)
    return refusalByCaps(shareOfOthers(caps, owner.rules()), use, demand) ?? refusalByCaps(caps, withOwnUse(scope, use), demand)
  }
  const refusal = (of: Capped, demand: CapDemand, held: Held): CapRefusal | null => {
    const { together } = owner.rules()
    const own = refusalWithin(of.caps, of, demand, held)
    return own ?? (together === null ? null : refusalWithin({ ...of.caps, ...together }, everything, demand, held))
  }

  return {
    today,
    thisMonth,
    /** Why one more task does not fit; `except` is a bid of mine that is being taken up. */
    refusalOf: (of: Capped, request: TaskRequest, except: Promised | null): CapRefusal | null =>
      refusal(of, worstOf(of.caps, request), { promised: promises.held(except), isRunningCounted: true }),
    /** Why nothing fits any more, whatever it asks; what runs is not counted, because a full house is busy and not closed. */
    closedBy: (of: Capped): CapRefusal | null => refusal(of, smallestTask, nothingHeld),
  }
}

/** A task at its worst. */
export const worstOf = (caps: ProviderCaps, request: TaskRequest): CapDemand => ({
  outputTokens: request.maxOutputTokens,
  millicents: costMillicents(caps, { inputTokens: worstInputTokens(request), outputTokens: request.maxOutputTokens }),
})

/** No tokeniser makes more than one token of a byte; some more frame the message. */
export const worstInputTokens = ({ inputBucketBytes }: Pick<TaskRequest, 'inputBucketBytes'>): number => inputBucketBytes + framingTokens
const framingTokens = 64
