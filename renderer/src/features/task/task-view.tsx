import { formatRuv } from '../../format/amount.ts'
import { shortId } from '../../format/id.ts'
import { formatClock, formatDuration } from '../../format/time.ts'
import { useMarketState } from '../../store/context.tsx'
import type { TaskDetail } from '../../store/market-store.ts'
import { LoadedContent, Section } from '../../ui/section.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Bids } from './bids.tsx'
import { isUnderWay } from './steps-model.ts'
import { Steps } from './steps.tsx'
import './task-view.css'

export const TaskView = () => {
  const task = useMarketState((state) => state.task)
  if (task === null) return null
  const cap = task.status === 'ready' ? `at most ${formatRuv(task.value.maxPriceMicro)} RUV` : undefined
  return (
    <Section title='Task' aside={cap}>
      <LoadedContent of={task} loading='Opening the task…'>
        {(value) => <Task task={value} />}
      </LoadedContent>
    </Section>
  )
}

const Task = ({ task }: { readonly task: TaskDetail }) => (
  <div className='task' data-testid='task' data-state={task.state}>
    <p className='task-prompt'>{task.prompt}</p>
    <Steps task={task} />
    {task.problem !== null && <Notice tone={task.state === 'failed' ? 'error' : 'warning'}>{task.problem}</Notice>}
    <Bids bids={task.bids} askedAtMs={task.askedAtMs} isWaiting={task.state === 'waiting-for-bids'} />
    <Answer task={task} />
    <Receipt task={task} />
    <StepLog task={task} />
  </div>
)

const Answer = ({ task }: { readonly task: TaskDetail }) => {
  const isStreaming = isUnderWay(task) && task.state !== 'delivered'
  if (task.answer === '' && !isStreaming) return null
  return (
    <section className='answer' aria-label='Answer' aria-busy={isStreaming}>
      {task.simulated && <p className='answer-label'>Simulated answer</p>}
      {/* A peer wrote this: it is only ever text. */}
      <p className='answer-text' data-testid='answer'>
        {task.answer}
        {isStreaming && <span className='answer-caret' aria-hidden='true' />}
      </p>
    </section>
  )
}

const Receipt = ({ task: { receipt, priceMicro, maxPriceMicro } }: { readonly task: TaskDetail }) => {
  if (receipt === null) return null
  const firstTokenMs = receipt.firstTokenAtMs - receipt.startedAtMs
  return (
    <dl className='receipt figure'>
      <div>
        <dt>{priceMicro === null ? 'Price' : 'Paid'}</dt>
        <dd>
          {formatRuv(priceMicro ?? receipt.priceMicro)} of at most {formatRuv(maxPriceMicro)} RUV
        </dd>
      </div>
      <div>
        <dt>Tokens</dt>
        <dd>
          {receipt.inputTokens.toLocaleString('en')} in, {receipt.outputTokens.toLocaleString('en')} out
        </dd>
      </div>
      <div>
        <dt>First token</dt>
        <dd>after {formatDuration(Math.max(0, firstTokenMs))}</dd>
      </div>
      <div>
        <dt>Signed by</dt>
        <dd title={receipt.provider}>{shortId(receipt.provider)}</dd>
      </div>
    </dl>
  )
}

const StepLog = ({ task }: { readonly task: TaskDetail }) => (
  <details className='step-log'>
    <summary>Every step</summary>
    <ol>
      {task.steps.map((step, index) => (
        <li key={index}>
          <span className='figure soft'>{formatClock(step.atMs)}</span>
          <span>{step.name}</span>
          <span className='soft'>{step.detail}</span>
        </li>
      ))}
    </ol>
  </details>
)
