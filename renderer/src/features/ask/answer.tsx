import { t } from '../../messages/translate.ts'
import type { TaskDetail } from '../../store/types.ts'
import { CopyButton } from '../../ui/copy.tsx'
import { Markdown } from '../../ui/markdown/markdown.tsx'
import { Section } from '../../ui/page.tsx'
import { Tag } from '../../ui/tag.tsx'
import { isUnderWay } from './steps-model.ts'

/** As it streams in. */
export const Answer = ({ task }: { readonly task: TaskDetail }) => {
  const isStreaming = isUnderWay(task) && task.state !== 'delivered'
  const hasAnswer = task.answer !== ''
  const aside = (
    <>
      {task.simulated && <Tag tone='amber'>{t('task.simulated')}</Tag>}
      {hasAnswer && <CopyButton text={task.answer} label={t('task.copyAnswer')} look='quiet' size='small' />}
    </>
  )
  return (
    <Section title={t('task.answer')} aside={aside}>
      <div className='answer' aria-busy={isStreaming}>
        <div data-testid='answer'>{hasAnswer && <Markdown text={task.answer} isGrowing={isStreaming} />}</div>
        {!hasAnswer && <p className='faint'>{isStreaming ? t('task.noAnswer') : t('task.noAnswerCame')}</p>}
      </div>
    </Section>
  )
}
