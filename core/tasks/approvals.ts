import type { Audit } from '../audit/service.ts'
import { equalBytes, toHex } from '../platform/bytes.ts'
import { armingDelayMs } from '../contract/approvals.ts'
import type { AmountMicro } from '../platform/amount.ts'
import type { Clock } from '../platform/clock.ts'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'
import type { Opinions } from '../opinions/service.ts'
import type { AccountId, Bytes32 } from '../settlement/objects.ts'

/** A stranger's task as its provider sees it before it decides. */
export type ApprovalAsk = {
  readonly escrowId: Bytes32
  readonly requester: AccountId
  readonly classKey: string
  readonly prompt: string
  readonly maxOutputTokens: number
  readonly capMicro: AmountMicro
  readonly worstCostMillicents: number
  /** It must have an answer by then, so it is of no use any more. */
  readonly endMs: number
}
export type WaitingTask = ApprovalAsk & {
  readonly receivedAtMs: number
  /** Not before the scanners have read it: until then, `refuseAtMs`. */
  readonly armedAtMs: number
  readonly refuseAtMs: number
  /** What the scanners noticed; empty while they still read. */
  readonly findings: readonly string[]
}
export type ApprovalWord = 'run-once' | 'refuse' | 'refuse-and-block'
/** `silence`: nobody said anything in time. `withdrawn`: the client gave up, or provider mode ended. */
export type ApprovalOutcome = ApprovalWord | 'silence' | 'withdrawn'

/** Silence this long refuses: long enough to read a page, short enough for whoever waits. */
export const approvalWaitMs = 60_000

export type ApprovalsDeps = {
  readonly clock: Clock
  /** Whom this provider never serves again. */
  readonly opinions: Pick<Opinions, 'say' | 'wordOn' | 'onSaid'>
  readonly audit: Pick<Audit, 'note'>
  /** Sentences about a text of somebody else. */
  readonly scan: (text: string) => Promise<readonly string[]>
  readonly changed: () => void
}
type Entry = {
  readonly decide: (outcome: ApprovalOutcome) => void
  /** A sentence for the provider; null while its word is enough. */
  readonly standsInTheWay: () => string | null
  task: WaitingTask
}

export type Approvals = ReturnType<typeof createApprovals>

/** Tasks that wait for their provider's word. They are in memory only: a restart refuses them, and their texts are nowhere else. */
export const createApprovals = ({ clock, opinions, audit, scan, changed }: ApprovalsDeps) => {
  const waiting = new Map<string, Entry>()

  /** Resolves with the provider's word, with silence after a minute, or at once when the task is withdrawn. */
  const ask = (task: ApprovalAsk, standsInTheWay: Entry['standsInTheWay'], signal: AbortSignal): Promise<ApprovalOutcome> =>
    new Promise((resolve) => {
      const key = toHex(task.escrowId)
      const receivedAtMs = clock.nowMs()
      const refuseAtMs = Math.max(receivedAtMs, Math.min(receivedAtMs + approvalWaitMs, task.endMs))
      const decide = (outcome: ApprovalOutcome): void => {
        if (!waiting.delete(key)) return
        audit.note({ kind: 'approval', outcome, rule: 'approval', member: task.requester, reference: task.escrowId })
        cancel()
        signal.removeEventListener('abort', withdraw)
        changed()
        resolve(outcome)
      }
      const withdraw = (): void => decide('withdrawn')
      const cancel = clock.after(refuseAtMs - receivedAtMs, () => decide('silence'))
      const entry: Entry = {
        decide,
        standsInTheWay,
        task: { ...task, receivedAtMs, refuseAtMs, armedAtMs: refuseAtMs, findings: [] },
      }
      waiting.set(key, entry)
      signal.addEventListener('abort', withdraw)
      if (signal.aborted) return withdraw()
      changed()
      void noteFindings(entry)
    })
  const noteFindings = async (entry: Entry): Promise<void> => {
    const findings = await scan(entry.task.prompt).catch(() => ['The scanners failed on this text. Read it with care.'])
    entry.task = { ...entry.task, findings, armedAtMs: clock.nowMs() + armingDelayMs }
    if (waiting.get(toHex(entry.task.escrowId)) === entry) changed()
  }

  const isBlocked = (account: AccountId): boolean => opinions.wordOn(account, 'client') === 'never'
  opinions.onSaid((account) => {
    if (!isBlocked(account)) return
    for (const { decide, task } of waiting.values()) if (equalBytes(task.requester, account)) decide('refuse-and-block')
  })

  return {
    ask,
    /** Oldest first. */
    waiting: (): readonly WaitingTask[] => [...waiting.values()].map(({ task }) => task),
    decide: (escrowId: Bytes32, word: ApprovalWord): Result<AccountId, Failure<'too-late' | 'too-early' | 'held'>> => {
      const entry = waiting.get(toHex(escrowId))
      if (entry === undefined) return fail('too-late', 'This task no longer waits: its time ran out or its client withdrew it.')
      const { requester, armedAtMs } = entry.task
      if (word === 'run-once' && clock.nowMs() < armedAtMs)
        return fail('too-early', 'This task has only just arrived. Look at it before you let it run.')
      const obstacle = word === 'run-once' ? entry.standsInTheWay() : null
      if (obstacle !== null) return fail('held', obstacle)
      if (word === 'refuse-and-block') opinions.say(requester, 'client', 'never')
      entry.decide(word)
      return ok(requester)
    },
    isBlocked,
  }
}
