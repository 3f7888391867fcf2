import { formatDuration } from '../../format/time.ts'
import { said, t } from '../../messages/translate.ts'
import type { TaskDetail } from '../../store/types.ts'
import { stepViews } from './steps-model.ts'
import './steps.css'

export const Steps = ({ task }: { readonly task: TaskDetail }) => {
  const views = stepViews(task)
  const latest = task.steps.at(-1)
  return (
    <>
      <ol className='steps'>
        {views.map(({ name, state, afterMs, detail }) => (
          <li key={name} className={`step step-${state}`} data-testid={`step-${name}`} data-state={state}>
            <span className='step-label'>
              {t(`task.step.${name}`)}
              <span className='unseen'> {t(`task.stepState.${state}`)}</span>
            </span>
            <span className='step-time figure'>{afterMs === null ? '' : formatDuration(afterMs)}</span>
            {detail !== '' && <span className='step-detail foreign'>{said(detail)}</span>}
          </li>
        ))}
      </ol>
      <p className='unseen' role='status'>
        {latest === undefined ? '' : t('task.stepAnnounced', { step: t(`task.step.${latest.name}`), detail: said(latest.detail) })}
      </p>
    </>
  )
}
