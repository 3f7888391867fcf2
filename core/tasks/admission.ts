import type { Audit } from '../audit/service.ts'
import type { TaskRequest } from '../orders/model.ts'
import { equalBytes } from '../platform/bytes.ts'
import type { Clock } from '../platform/clock.ts'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'
import { encodeTerms } from '../settlement/encoding.ts'
import type { Bytes32, EscrowTerms } from '../settlement/objects.ts'
import type { BackendId } from './choice-store.ts'
import type { Promised } from './promises.ts'
import type { Room } from './room.ts'
import type { Serving } from './task-bidder.ts'
import type { TaskRefusal } from './wire.ts'

export type AdmissionDeps = {
  readonly clock: Clock
  readonly audit: Pick<Audit, 'note' | 'tally'>
  readonly room: Room
  /** The backend of the offer that was bid with; null once it is off. */
  readonly serving: (backendId: BackendId) => Serving | null
}
type Refused = Failure<TaskRefusal>
export type Admitted = { readonly serving: Serving; readonly isAsked: boolean }

const maxSentenceLength = 280
const justStopped = fail<TaskRefusal>('not-serving', 'This provider has just stopped.')

/** The last word on a task whose money is locked, before it is opened and again before it runs: all of it may have changed since the bid. */
export const createAdmission = ({ clock, audit, room, serving }: AdmissionDeps) => {
  const decided = (now: Serving, request: TaskRequest, escrowId: Bytes32): Result<Admitted, Refused> => {
    const { verdict, rule, sentence } = now.decisionFor(request)
    audit.note({ kind: 'policy', outcome: verdict, rule, member: request.client, reference: escrowId })
    return verdict === 'refuse'
      ? fail('refused-by-policy', sentence.slice(0, maxSentenceLength))
      : ok({ serving: now, isAsked: verdict === 'ask' })
  }
  return {
    mayOpen: (escrowId: Bytes32, terms: EscrowTerms, promised: Promised): Result<unknown, Refused> => {
      const { request, bid } = promised
      if (!equalBytes(encodeTerms(terms), encodeTerms(bid.value.terms))) return fail('terms-differ', 'The terms are not those of my bid.')
      if (terms.deliverByMs <= clock.nowMs()) return fail('too-late', 'The time to deliver is over.')
      const now = serving(promised.backendId)
      if (now === null) return justStopped
      const full = room.refusalOf(now, request.value, promised)
      if (full !== null) {
        audit.tally({ kind: 'cap', outcome: 'refuse', rule: full.rule, member: request.value.client })
        return fail('busy', 'All slots are taken.')
      }
      return now.decisionFor(request.value).verdict === 'refuse' ? decided(now, request.value, escrowId) : ok(undefined)
    },
    mayRun: ({ request, backendId }: Pick<Promised, 'request' | 'backendId'>, escrowId: Bytes32): Result<Admitted, Refused> => {
      const now = serving(backendId)
      if (now === null) return justStopped
      const rest = now.restsBecause()
      if (rest === null) return decided(now, request.value, escrowId)
      audit.note({ kind: 'switch', outcome: 'hold', rule: rest.rule, member: request.value.client, reference: escrowId })
      return fail('not-serving', 'This provider rests at the moment.')
    },
    /** What has come up while the task waited for its provider's word, in a sentence for the provider; null when it may still run. */
    standsInTheWay: ({ request, backendId }: Pick<Promised, 'request' | 'backendId'>): string | null => {
      const now = serving(backendId)
      if (now === null) return 'This backend is off by now.'
      if (now.isPaused()) return 'You have paused. Resume before you let a task run.'
      const { verdict, sentence } = now.decisionFor(request.value)
      return verdict === 'refuse' ? sentence : (now.restsBecause()?.reason ?? null)
    },
  }
}
