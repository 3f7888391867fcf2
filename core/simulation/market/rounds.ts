import { clockAttempts, neutralStance, nextStance, type Outcome, type Stance } from '../../prices/clock.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Session } from './member.ts'

/** Everybody wants to trade once in every hour of work, and gives way every four minutes until somebody takes it. */
export const roundMs = 3_600_000
const attemptEveryMs = 240_000
/** Who comes later than that waits for the next hour; who is not through by then gives up. */
const lastBeginMs = 10 * 60_000

export type Wish = {
  readonly attempt: number
  readonly stance: Stance
}
export type RoundsDeps = {
  readonly clock: Clock
  readonly offsetMs: () => number
  readonly trading: () => boolean
  /** Tries to trade at this attempt. */
  readonly attempt: (session: Session, wish: Wish) => void
  /** Whether it would have traded at the price that everybody expects. */
  readonly couldTrade: (session: Session, stance: Stance) => boolean
}

export const createRounds = ({ clock, offsetMs, trading, attempt, couldTrade }: RoundsDeps) => {
  let stance = neutralStance
  let round = 0
  let attempts = 0
  let servedAt: number | null = null

  const tryAgain = (session: Session, ofRound: number): void => {
    if (ofRound !== round || servedAt !== null || attempts >= clockAttempts) return
    attempt(session, { attempt: attempts, stance })
    attempts++
    session.later(attemptEveryMs, () => tryAgain(session, ofRound))
  }
  const learn = (session: Session): void => {
    if (attempts === 0) return
    const outcome: Outcome =
      servedAt !== null ? { kind: 'served', attempt: servedAt } : couldTrade(session, stance) ? { kind: 'unserved' } : { kind: 'outpriced' }
    stance = nextStance(stance, outcome)
  }
  const begin = (session: Session): void => {
    learn(session)
    round++
    attempts = 0
    servedAt = null
    if (trading()) tryAgain(session, round)
  }
  const follow = (session: Session): void => {
    const sinceMs = clock.nowMs() % roundMs
    const inTime = sinceMs < lastBeginMs
    session.later(offsetMs(), () => (inTime ? begin(session) : undefined))
    session.later(roundMs - sinceMs, () => follow(session))
  }
  return {
    came: follow,
    /** Half a round says nothing about the price. */
    left: (): void => {
      round++
      attempts = 0
    },
    served: (): void => void (servedAt ??= Math.max(0, attempts - 1)),
    openAgain: (): void => void (servedAt = null),
  }
}
