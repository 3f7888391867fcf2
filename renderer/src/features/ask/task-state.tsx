import { t } from '../../messages/translate.ts'
import type { TaskRow } from '../../store/types.ts'
import { Status, type StatusTone } from '../../ui/status.tsx'

const TONES: Readonly<Record<TaskRow['state'], StatusTone>> = {
  'waiting-for-bids': 'waiting',
  locking: 'waiting',
  running: 'running',
  delivered: 'running',
  settled: 'good',
  failed: 'bad',
  refunded: 'neutral',
  cancelled: 'neutral',
}

export const TaskState = ({ state }: { readonly state: TaskRow['state'] }) => (
  <Status tone={TONES[state]}>{t(`task.state.${state}`)}</Status>
)
