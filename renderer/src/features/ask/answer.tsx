import { t } from '../../messages/translate.ts'
import type { TaskDetail } from '../../store/types.ts'
import { Section } from '../../ui/page.tsx'
import { Tag } from '../../ui/tag.tsx'
import { isUnderWay } from './steps-model.ts'

/** As it streams in. A peer wrote it: it is only ever text. */
export const Answer = ({ task }: { readonly task: TaskDetail }) => {
  const isStreaming = isUnderWay(task) && task.state !== 'delivered'
  return (
    <Section title={t('task.answer')} aside={task.simulated && <Tag tone='amber'>{t('task.simulated')}</Tag>}>
      <div className='answer' aria-busy={isStreaming}>
        <p className='answer-text foreign' data-testid='answer'>
          {task.answer}
          {isStreaming && task.answer !== '' && <span className='answer-caret' aria-hidden='true' />}
        </p>
        {task.answer === '' && <p className='faint'>{isStreaming ? t('task.noAnswer') : t('task.noAnswerCame')}</p>}
      </div>
    </Section>
  )
}
