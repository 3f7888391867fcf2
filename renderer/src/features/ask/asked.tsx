import { useEffect, useState } from 'react'
import { maxSearchLength } from '../../../../core/contract/tasks.ts'
import { t } from '../../messages/translate.ts'
import { useFollowed, useMarket } from '../../store/context.tsx'
import type { FoundTask, TaskRow } from '../../store/types.ts'
import { TextField } from '../../ui/field.tsx'
import { links } from '../../ui/links.ts'
import { When } from '../../ui/moment.tsx'
import { Empty, LoadedView, Section } from '../../ui/page.tsx'
import { Ruv } from '../../ui/ruv.tsx'
import { Table, type Column } from '../../ui/table.tsx'
import { TaskState } from './task-state.tsx'
import './asked.css'

const COLUMNS: readonly Column<TaskRow>[] = [
  {
    name: 'ask.column.question',
    width: 6,
    grows: 1,
    cell: ({ taskId, promptStart }) => (
      <a className='table-link foreign' href={links.task(taskId)}>
        {promptStart}
      </a>
    ),
  },
  { name: 'ask.column.class', width: 8, leaves: 'first', cell: ({ classKey }) => <span className='soft'>{classKey}</span> },
  { name: 'ask.column.state', width: 7.75, wraps: true, cell: ({ state }) => <TaskState state={state} /> },
  {
    name: 'ask.column.paid',
    width: 6.5,
    align: 'end',
    leaves: 'second',
    cell: ({ priceMicro }) => (priceMicro === null ? <span className='faint'>–</span> : <Ruv micro={priceMicro} unit={false} isColumn />),
  },
  {
    name: 'ask.column.when',
    width: 4.5,
    align: 'end',
    cell: ({ askedAtMs }) => (
      <span className='soft'>
        <When atMs={askedAtMs} />
      </span>
    ),
  },
]

const FOUND_COLUMNS: readonly Column<FoundTask>[] = [
  {
    name: 'ask.column.found',
    width: 6,
    grows: 1,
    cell: ({ task, snippet }) => (
      <div className='found'>
        <a className='table-link foreign clip' href={links.task(task.taskId)}>
          {task.promptStart}
        </a>
        <span className='found-snippet foreign clip'>
          {snippet.map(({ text, isHit }, index) => (isHit ? <mark key={index}>{text}</mark> : text))}
        </span>
      </div>
    ),
  },
  { name: 'ask.column.state', width: 7.75, wraps: true, cell: ({ task }) => <TaskState state={task.state} /> },
  {
    name: 'ask.column.when',
    width: 4.5,
    align: 'end',
    cell: ({ task }) => (
      <span className='soft'>
        <When atMs={task.askedAtMs} />
      </span>
    ),
  },
]

/** After the last key, so that one search is made of a word and not of each of its letters. */
const SETTLE_MS = 200

const useSettled = (value: string): string => {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), SETTLE_MS)
    return () => clearTimeout(timer)
  }, [value])
  return settled
}

/** What was asked before, or what is found of it. */
export const Asked = () => {
  const [typed, setTyped] = useState('')
  const words = useSettled(typed.trim())
  return (
    <Section title={t('ask.before')}>
      <div className='asked-search' role='search'>
        <TextField
          label={t('ask.search')}
          isLabelUnseen
          placeholder={t('ask.search')}
          maxLength={maxSearchLength}
          value={typed}
          onChange={setTyped}
        />
      </div>
      {words === '' ? <Everything /> : <Found words={words} />}
    </Section>
  )
}

const Found = ({ words }: { readonly words: string }) => {
  const list = useMarket().foundTasks(words)
  const loaded = useFollowed(list)
  return (
    <LoadedView of={loaded} lines={4} onRetry={list.refresh}>
      {({ rows, total, isLoadingMore }) => (
        <>
          <p className='soft small' role='status'>
            {t('ask.searchFound', { count: total })}
          </p>
          {total > 0 && (
            <Table
              label={t('ask.foundLabel')}
              columns={FOUND_COLUMNS}
              rows={rows}
              total={total}
              rowHeight={60}
              testId='found'
              onNearEnd={list.loadMore}
              isLoadingMore={isLoadingMore}
            />
          )}
        </>
      )}
    </LoadedView>
  )
}

const Everything = () => {
  const { tasks } = useMarket()
  const loaded = useFollowed(tasks)
  return (
    <LoadedView of={loaded} lines={6} onRetry={tasks.refresh}>
      {({ rows, total, isLoadingMore }) =>
        total === 0 ? (
          <Empty title={t('ask.before.empty.title')}>{t('ask.before.empty.body')}</Empty>
        ) : (
          <Table
            label={t('ask.before')}
            columns={COLUMNS}
            rows={rows}
            total={total}
            testId='asked'
            attributesOf={({ state }) => ({ 'data-state': state })}
            onNearEnd={tasks.loadMore}
            isLoadingMore={isLoadingMore}
          />
        )
      }
    </LoadedView>
  )
}
