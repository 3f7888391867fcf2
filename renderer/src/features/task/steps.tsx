import { formatDuration } from '../../format/time.ts'
import type { TaskDetail } from '../../store/market-store.ts'
import { stepViews, type StepState } from './steps-model.ts'
import './steps.css'

const STATE_NAMES: Readonly<Record<StepState, string>> = { done: 'done', current: 'under way', ahead: 'to come', failed: 'ended here' }

export const Steps = ({ task }: { readonly task: TaskDetail }) => {
  const views = stepViews(task)
  const latest = task.steps.at(-1)
  return (
    <>
      <ol className='steps' aria-label='Steps of this task'>
        {views.map(({ name, label, state, afterMs }) => (
          <li key={name} className={`step step-${state}`} data-testid={`step-${name}`} data-state={state}>
            <span className='step-label'>
              {label}
              <span className='unseen'> {STATE_NAMES[state]}</span>
            </span>
            <span className='step-time figure'>{afterMs === null ? '' : formatDuration(afterMs)}</span>
          </li>
        ))}
      </ol>
      <p className='unseen' role='status'>
        {latest === undefined ? '' : `${latest.name}: ${latest.detail}`}
      </p>
    </>
  )
}
