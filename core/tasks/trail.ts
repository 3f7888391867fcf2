import type { Clock } from '../platform/clock.ts'
import { isOver, type StepName, type TaskId, type TaskState } from './model.ts'
import type { TaskStore } from './store.ts'

export type TrailDeps = { readonly store: TaskStore; readonly clock: Clock; readonly changed: (taskId: TaskId) => void }
export type Trail = ReturnType<typeof createTrail>

/** What the contract lets a detail or a problem have. */
const maxDetailLength = 300

/** What the owner sees of a task on its way: its state and the steps that led there. Events follow the transaction that they tell of. */
export const createTrail = ({ store, clock, changed }: TrailDeps) => {
  const addStep = (task: TaskId, name: StepName, detail: string): void =>
    store.addStep(task, { name, atMs: clock.nowMs(), detail: detail.slice(0, maxDetailLength) })
  const setState = (task: TaskId, state: TaskState, problem: string | null): void =>
    store.setState(task, state, problem?.slice(0, maxDetailLength) ?? null)
  const telling =
    (write: TaskStore['together']) =>
    <T>(task: TaskId, work: () => T): T => {
      const result = write(work)
      changed(task)
      return result
    }
  const together = telling(store.together)
  /** What the next step repeats when a power cut took it back, or what the next write that is waited for brings to the disk. */
  const noted = telling(store.noted)
  /** Without an answer, unless it has ended already. */
  const setEnd = (task: TaskId, state: 'failed' | 'cancelled', problem: string): void => {
    if (isOver(store.get(task)?.state ?? state)) return
    setState(task, state, problem)
    addStep(task, state, problem)
  }
  return {
    together,
    noted,
    addStep,
    setState,
    setEnd,
    step: (task: TaskId, name: StepName, detail: string): void => noted(task, () => addStep(task, name, detail)),
    move: (task: TaskId, state: TaskState, problem: string | null): void => together(task, () => setState(task, state, problem)),
    /** `write` stores what belongs to it. */
    end: (task: TaskId, state: 'failed' | 'cancelled', problem: string, write: () => void = () => undefined): void =>
      together(task, () => {
        write()
        setEnd(task, state, problem)
      }),
  }
}
