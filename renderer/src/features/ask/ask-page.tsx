import { t } from '../../messages/translate.ts'
import { useFollowed, useMarket } from '../../store/context.tsx'
import type { TaskRow } from '../../store/types.ts'
import { links } from '../../ui/links.ts'
import { When } from '../../ui/moment.tsx'
import { Empty, LoadedView, Page, Section } from '../../ui/page.tsx'
import { Ruv } from '../../ui/ruv.tsx'
import { Table, type Column } from '../../ui/table.tsx'
import { Composer } from './composer.tsx'
import { TakeOffer } from './take-offer.tsx'
import { TaskPage } from './task-page.tsx'
import { TaskState } from './task-state.tsx'

/** Without an item the composer and what was asked before; with one that question, or the offer that is to be taken. */
export const AskPage = ({ item }: { readonly item: string | null }) => {
  const offerId = item?.startsWith(OFFER) === true ? item.slice(OFFER.length) : null
  return item === null || offerId !== null ? (
    <Page title={t('ask.title')}>
      {offerId === null ? <Composer offer={null} /> : <TakeOffer key={offerId} offerId={offerId} />}
      <Asked />
    </Page>
  ) : (
    <TaskPage key={item} taskId={item} />
  )
}
/** How the address of one standing offer begins (links.askOffer). */
const OFFER = 'offer-'

const COLUMNS: readonly Column<TaskRow>[] = [
  {
    name: 'ask.column.question',
    width: 'minmax(7rem, 1fr)',
    cell: ({ taskId, promptStart }) => (
      <a className='table-link foreign' href={links.task(taskId)}>
        {promptStart}
      </a>
    ),
  },
  { name: 'ask.column.class', width: '9rem', needs: 'wide', cell: ({ classKey }) => <span className='soft'>{classKey}</span> },
  { name: 'ask.column.state', width: '8.5rem', wraps: true, cell: ({ state }) => <TaskState state={state} /> },
  {
    name: 'ask.column.paid',
    width: '7rem',
    align: 'end',
    needs: 'medium',
    cell: ({ priceMicro }) => (priceMicro === null ? <span className='faint'>–</span> : <Ruv micro={priceMicro} unit={false} isColumn />),
  },
  {
    name: 'ask.column.when',
    width: '4.5rem',
    align: 'end',
    cell: ({ askedAtMs }) => (
      <span className='soft'>
        <When atMs={askedAtMs} />
      </span>
    ),
  },
]

const Asked = () => {
  const { tasks } = useMarket()
  const loaded = useFollowed(tasks)
  return (
    <Section title={t('ask.before')}>
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
              onNearEnd={tasks.loadMore}
              isLoadingMore={isLoadingMore}
            />
          )
        }
      </LoadedView>
    </Section>
  )
}
