import type { Clock } from '../platform/clock.ts'
import type { Database, SqlValue, Statement } from '../storage/database.ts'
import type { Power } from './disks.ts'
import type { Scheduler } from './scheduler.ts'

/** Where a process may die: at a write inside a transaction, when it is about to commit, or when it has committed and not yet spoken. */
export type CrashPoint = 'at-a-write' | 'before-commit' | 'after-commit'

export class SimulatedCrash extends Error {
  override name = 'SimulatedCrash'
  /** `over`: the process had died before. */
  readonly point: CrashPoint | 'over'
  constructor(point: CrashPoint | 'over') {
    super(point)
    this.point = point
  }
}

/**
 * One run of a process from start to crash. Whatever it waits for goes through its ports, so once it is over nothing of it ever
 * goes on: its timers do not ring, its questions are never answered, and its database throws.
 */
export type Life = {
  readonly isOver: () => boolean
  readonly end: () => void
  /** Its own clock, which may be wrong. */
  readonly clock: Clock
  /** Dies at the next point of this kind; null: at none. */
  readonly crashAt: (point: CrashPoint | null) => void
  readonly reach: (point: CrashPoint) => void
}

export const createLife = (scheduler: Scheduler, skewMs: number, crashed: (point: CrashPoint) => void): Life => {
  let isOver = false
  let armed: CrashPoint | null = null
  return {
    isOver: () => isOver,
    end: () => {
      isOver = true
    },
    clock: {
      nowMs: () => scheduler.nowMs() + skewMs,
      after: (delayMs, callback) =>
        scheduler.at(scheduler.nowMs() + delayMs, () => {
          if (!isOver) callback()
        }),
    },
    crashAt: (point) => {
      armed = point
    },
    reach: (point) => {
      if (isOver) throw new SimulatedCrash('over')
      if (point !== armed) return
      isOver = true
      crashed(point)
      throw new SimulatedCrash(point)
    },
  }
}

/** The process's view of its database: it may die at any write, and what was not committed then is gone, like what was not synced. */
export const createMortalDatabase = (db: Database, life: Life, power: Power): Database => {
  let writes = 0
  const assertAlive = (): void => {
    if (life.isOver()) throw new SimulatedCrash('over')
  }
  const commitAround = <T>(work: () => T, run: (work: () => T) => T): T => {
    writes = 0
    const committed = power.begin()
    const value = run(() => {
      const result = work()
      if (writes > 0) life.reach('before-commit')
      return result
    })
    if (writes > 0) {
      committed()
      life.reach('after-commit')
    }
    return value
  }
  const transaction = <T>(work: () => T): T => {
    assertAlive()
    return commitAround(work, db.transaction)
  }
  const prepare = <P extends readonly SqlValue[], R>(sql: string): Statement<P, R> => {
    const statement = db.prepare<P, R>(sql)
    const write = (...parameters: P) => {
      life.reach('at-a-write')
      writes++
      return statement.run(...parameters)
    }
    return {
      run: (...parameters) => (db.inTransaction() ? write(...parameters) : transaction(() => write(...parameters))),
      get: (...parameters) => {
        assertAlive()
        return statement.get(...parameters)
      },
      all: (...parameters) => {
        assertAlive()
        return statement.all(...parameters)
      },
    }
  }
  return {
    ...db,
    prepare,
    transaction,
    atomically: (work) => (db.inTransaction() ? db.atomically(work) : transaction(work)),
  }
}
