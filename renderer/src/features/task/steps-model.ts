import type { TaskDetail } from '../../store/market-store.ts'

type StepName = TaskDetail['steps'][number]['name']

export type StepState = 'done' | 'current' | 'ahead' | 'failed'
export type StepView = { readonly name: StepName; readonly label: string; readonly state: StepState; readonly afterMs: number | null }

const PATH = ['requested', 'bids', 'locked', 'sent', 'received', 'running', 'delivered', 'settled'] as const satisfies readonly StepName[]

const LABELS: Readonly<Record<StepName, string>> = {
  requested: 'Requested',
  bids: 'Bids',
  locked: 'Locked',
  sent: 'Sent',
  received: 'Received',
  running: 'Running',
  delivered: 'Delivered',
  settled: 'Settled',
  failed: 'Failed',
  refunded: 'Refunded',
  cancelled: 'Cancelled',
}

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
  const latestAtMs = new Map(task.steps.map(({ name, atMs }) => [name, atMs]))
  const lockedAtMs = latestAtMs.get('locked') ?? 0
  const isOfThisAttempt = (name: StepName): boolean => {
    const atMs = latestAtMs.get(name)
    return atMs !== undefined && (name === 'requested' || name === 'bids' || atMs >= lockedAtMs)
  }
  const view = (name: StepName, state: StepState): StepView => {
    const atMs = state === 'ahead' || state === 'current' ? undefined : latestAtMs.get(name)
    return { name, label: LABELS[name], state, afterMs: atMs === undefined ? null : Math.max(0, atMs - task.askedAtMs) }
  }
  const end = END_STATES[task.state]
  if (end !== undefined) return [...PATH.filter(isOfThisAttempt).map((name) => view(name, 'done')), view(end, 'failed')]
  const reached = PATH.findLastIndex(isOfThisAttempt)
  return PATH.map((name, index) => view(name, index <= reached ? 'done' : index === reached + 1 ? 'current' : 'ahead'))
}
