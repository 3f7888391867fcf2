import type { Orders } from '../orders/service.ts'
import type { Clock } from '../platform/clock.ts'
import type { Task, TaskId } from './model.ts'

/**
 * A standing task: it waits, with nothing locked, until somebody can serve it. Each try is an ordinary auction, so money is only ever
 * locked for a bid that a living provider has just made; who is away is waited for and not paid.
 */
export const maxStandingMs = 24 * 3_600_000

export type StandingDeps = {
  readonly orders: Pick<Orders, 'newestOfferMs'>
  readonly clock: Clock
  readonly isWaiting: (id: TaskId) => boolean
}

/** How often it is looked whether an offer is new: a walk through the offers of one class. */
const lookEveryMs = 5_000
/** Without a new offer a try is made again, because gossip may reach somebody whom the book does not know; ever more rarely. */
const firstAgainMs = 15_000
const lastAgainMs = 300_000

export const createStanding = ({ orders, clock, isWaiting }: StandingDeps) => {
  const newest = ({ classKey, onlyProviderKey }: Task): number => orders.newestOfferMs(classKey, onlyProviderKey)
  const sleep = (ms: number): Promise<void> => new Promise((resolve) => void clock.after(ms, resolve))

  return {
    /** Begun before a try, so that an offer that comes during it is not missed; `failedTries` sets the pace of one that stands. */
    watch: (task: Task, failedTries: number): (() => Promise<void>) => {
      const known = newest(task)
      return async () => {
        const againMs = task.standing === null ? lookEveryMs : Math.min(firstAgainMs * 2 ** Math.min(failedTries, 10), lastAgainMs)
        const untilMs = Math.min(task.standing?.untilMs ?? task.deadlineMs, clock.nowMs() + againMs)
        do await sleep(Math.max(1, Math.min(lookEveryMs, untilMs - clock.nowMs())))
        while (isWaiting(task.id) && clock.nowMs() < untilMs && newest(task) <= known)
      }
    },
  }
}
