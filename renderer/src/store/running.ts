import type { ProviderStatus } from './types.ts'

/** Of the tasks that hold a place, those that run and those that wait for their owner's word. */
export const runningAndWaiting = ({ runningTasks, approvalsWaiting }: Pick<ProviderStatus, 'runningTasks' | 'approvalsWaiting'>) => ({
  running: Math.max(runningTasks - approvalsWaiting, 0),
  waiting: approvalsWaiting,
})
