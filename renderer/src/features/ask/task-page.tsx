import { formatDateAndTime } from '../../format/time.ts'
import { said, t } from '../../messages/translate.ts'
import { useFollowed, useMarket } from '../../store/context.tsx'
import { valueOf } from '../../store/loaded.ts'
import type { TaskDetail } from '../../store/types.ts'
import { useCommand } from '../../store/use-command.ts'
import { Button, ButtonLink } from '../../ui/button.tsx'
import { Facts } from '../../ui/facts.tsx'
import { goTo, links } from '../../ui/links.ts'
import { Notice } from '../../ui/notice.tsx'
import { OpinionChoice } from '../../ui/opinion.tsx'
import { LoadedView, Page, Section } from '../../ui/page.tsx'
import { PlainText } from '../../ui/plain-text.tsx'
import { Ruv } from '../../ui/ruv.tsx'
import { Answer } from './answer.tsx'
import { Attachments } from './attachments.tsx'
import { Bids } from './bids.tsx'
import { Copies } from './copies.tsx'
import { Decide, isWaiting } from './decide.tsx'
import { draftStore } from './draft.ts'
import { Receipt } from './receipt.tsx'
import { WhatIsRead } from './privacy.tsx'
import { isUnderWay } from './steps-model.ts'
import { Steps } from './steps.tsx'
import { TaskState } from './task-state.tsx'
import { questionOf } from './task-text.ts'
import './task-page.css'

export const TaskPage = ({ taskId }: { readonly taskId: string }) => {
  const resource = useMarket().task(taskId)
  const loaded = useFollowed(resource)
  const task = valueOf(loaded)
  return (
    <Page
      title={t('task.title')}
      width='wide'
      back={{ href: links.ask, label: t('ask.backToAsk') }}
      actions={task !== null && <TaskActions task={task} />}
    >
      <LoadedView of={loaded} lines={8} onRetry={resource.refresh}>
        {(value) => <Task task={value} />}
      </LoadedView>
    </Page>
  )
}

const TaskActions = ({ task }: { readonly task: TaskDetail }) => {
  const askAgain = (): void => {
    const { classKey, mode, maxOutputTokens } = task
    draftStore.setState({ ...questionOf(task.prompt), classKey, mode, maxOutputTokens })
    goTo(links.ask)
  }
  if (isUnderWay(task)) return <CancelButton task={task} />
  return (
    <>
      <Button onPress={askAgain}>{t('ask.again')}</Button>
      <ButtonLink href={links.ask} look='primary'>
        {t('ask.another')}
      </ButtonLink>
    </>
  )
}

/** Only as long as nothing has been promised to a provider. */
const CancelButton = ({ task }: { readonly task: TaskDetail }) => {
  const { client } = useMarket()
  const cancel = useCommand(client.tasks.cancel)
  if (task.state !== 'waiting-for-bids') return null
  return (
    <>
      {cancel.problem !== null && <Notice tone='error'>{cancel.problem}</Notice>}
      <Button isPending={cancel.isPending} onPress={() => void cancel.run({ taskId: task.taskId })}>
        {t('task.cancel')}
      </Button>
    </>
  )
}

const Asked = ({ task }: { readonly task: TaskDetail }) => {
  const { prompt, files } = questionOf(task.prompt)
  return (
    <Section title={t('task.yourQuestion')} isTitleUnseen>
      <PlainText label={t('task.yourQuestion')} text={prompt} />
      <Attachments files={files} />
      {task.reads !== null && <WhatIsRead text={task.reads} />}
    </Section>
  )
}

const Task = ({ task }: { readonly task: TaskDetail }) => (
  <div className='task' data-testid='task' data-state={task.state}>
    <div className='task-main'>
      <Asked task={task} />
      <Decide task={task} />
      {task.problem !== null && !isWaiting(task) && (
        <Notice tone={task.state === 'failed' ? 'error' : 'warning'}>{said(task.problem)}</Notice>
      )}
      <Answer task={task} />
      {hasEnded(task) && task.provider !== null && <OpinionChoice provider={task.provider} />}
      <Copies task={task} />
      <Bids task={task} />
    </div>
    <div className='task-side'>
      <Section title={t('task.steps')} aside={<TaskState state={task.state} />}>
        <Steps task={task} />
      </Section>
      {task.receipt === null ? <TermsFacts task={task} /> : <Receipt receipt={task.receipt} task={task} />}
      {task.escrowId !== null && (
        <ButtonLink href={links.escrow(task.escrowId)} size='small'>
          {t('task.escrow')}
        </ButtonLink>
      )}
    </div>
  </div>
)

/** Paid or refused: its provider has done what it did. */
const hasEnded = ({ state }: TaskDetail): boolean => state === 'settled' || state === 'refunded' || state === 'failed'

const TermsFacts = ({ task }: { readonly task: TaskDetail }) => (
  <Section title={t('task.terms')}>
    <Facts
      facts={[
        { name: t('task.cap'), value: <Ruv micro={task.maxPriceMicro} /> },
        { name: t('ask.class'), value: task.classKey },
        { name: t('task.within'), value: <span className='figure'>{formatDateAndTime(task.deadlineMs)}</span> },
      ]}
    />
  </Section>
)
