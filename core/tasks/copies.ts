import type { Clock } from '../platform/clock.ts'
import { agreementOf, agreesFromPpm } from './agreement.ts'
import { isOver, waitsForCopies, type Task, type TaskId } from './model.ts'
import type { Payments } from './payment.ts'
import type { Attempt, TaskStore } from './store.ts'
import type { Trail } from './trail.ts'

/**
 * One question asked of several providers, a different one for each copy. Nobody can copy: every answer is sealed to its client alone,
 * and a provider signs the transcript of its own (its receipt) before it is paid; none is paid before all are in. What agrees is paid
 * then; what differs waits for its owner, as a doubtful bill does.
 */
/** A copy begins its auction when those before it have locked, so that their bids hold no slots that this one needs. */
const turnEveryMs = 50

export type CopiesDeps = { readonly store: TaskStore; readonly clock: Clock; readonly isWaiting: (id: TaskId) => boolean }

export const createCopies = ({ store, clock, isWaiting }: CopiesDeps, trail: Trail, payments: Payments) => {
  const copiesOf = ({ copy }: Task): readonly Task[] => (copy === null ? [] : store.copiesOf(copy.first))
  const answerOf = ({ id }: Task): Attempt | undefined => store.attempts(id).find(({ receipt }) => receipt !== null)
  const isBefore = (task: Task, other: Task): boolean =>
    (other.copy?.number ?? 0) < (task.copy?.number ?? 0) && (other.state === 'waiting-for-bids' || other.state === 'locking')

  const judge = (copies: readonly Task[]): void => {
    const answered = copies.flatMap((task) => {
      const attempt = answerOf(task)
      return attempt === undefined ? [] : [{ task, attempt }]
    })
    const agreement = agreementOf(answered.map(({ attempt }) => attempt.answer))
    answered.forEach(({ task, attempt }, at) => {
      if (task.state === 'delivered') decide(task, attempt, agreement[at] ?? null)
    })
  }
  const decide = ({ id }: Task, attempt: Attempt, agreementPpm: number | null): void => {
    // What waits for its owner anyway is only compared.
    const isPending = store.holdOf(id) === waitsForCopies
    const agrees = agreementPpm !== null && agreementPpm >= agreesFromPpm
    trail.together(id, () => {
      store.setAgreement(id, agreementPpm)
      if (!isPending) return
      store.hold(id, agrees ? null : differs(agreementPpm))
      trail.setState(id, 'delivered', agrees ? null : differs(agreementPpm))
    })
    if (isPending && agrees) void payments.release(attempt)
  }

  return {
    /** Resolves when this copy may open its auction. */
    turnOf: async (task: Task): Promise<void> => {
      while (isWaiting(task.id) && copiesOf(task).some((other) => isBefore(task, other)))
        await new Promise<void>((resolve) => void clock.after(turnEveryMs, resolve))
    },
    /** Whenever one of them has come to rest: the last one decides for all. */
    rested: (task: Task | null): void => {
      const copies = task === null ? [] : copiesOf(task)
      if (copies.every(({ state }) => state === 'delivered' || isOver(state))) judge(copies)
    },
  }
}

const differs = (agreementPpm: number | null): string =>
  agreementPpm === null
    ? 'No other copy brought an answer to compare this one with. Release it on its escrow if it is good, or dispute it.'
    : `This answer shares ${Math.floor(agreementPpm / 10_000)} % of its words with the others. Release it on its escrow if it is good, or dispute it.`
