import type { TaskDetail } from '../../store/types.ts'

type StepName = TaskDetail['steps'][number]['name']

export type StepState = 'done' | 'current' | 'ahead' | 'failed'
export type StepView = {
  readonly name: StepName
  readonly state: StepState
  readonly afterMs: number | null
  /** What happened; may quote a peer. */
  readonly detail: string
}

const PATH = ['requested', 'bids', 'locked', 'sent', 'received', 'running', 'delivered', 'settled'] as const satisfies readonly StepName[]

const END_STATES: Readonly<Partial<Record<TaskDetail['state'], StepName>>> = {
  failed: 'failed',
  refunded: 'refunded',
  cancelled: 'cancelled',
}

export const isUnderWay = ({ state }: Pick<TaskDetail, 'state'>): boolean => state !== 'settled' && END_STATES[state] === undefined

/**
 * The path of a task as far as it came, with the time since it was requested. After a failover the newest attempt counts; a task
 * that ended early shows what it reached and how it ended.
 */
export const stepViews = (task: Pick<TaskDetail, 'state' | 'steps' | 'askedAtMs'>): readonly StepView[] => {
  const latest = new Map(task.steps.map((step) => [step.name, step]))
  const lockedAtMs = latest.get('locked')?.atMs ?? 0
  const isOfThisAttempt = (name: StepName): boolean => {
    const atMs = latest.get(name)?.atMs
    return atMs !== undefined && (name === 'requested' || name === 'bids' || atMs >= lockedAtMs)
  }
  const view = (name: StepName, state: StepState): StepView => {
    const step = state === 'ahead' || state === 'current' ? undefined : latest.get(name)
    return { name, state, afterMs: step === undefined ? null : Math.max(0, step.atMs - task.askedAtMs), detail: step?.detail ?? '' }
  }
  const end = END_STATES[task.state]
  if (end !== undefined) return [...PATH.filter(isOfThisAttempt).map((name) => view(name, 'done')), view(end, 'failed')]
  const reached = PATH.findLastIndex(isOfThisAttempt)
  return PATH.map((name, index) => view(name, index <= reached ? 'done' : index === reached + 1 ? 'current' : 'ahead'))
}
