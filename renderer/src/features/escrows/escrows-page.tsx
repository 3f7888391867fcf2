import { t } from '../../messages/translate.ts'
import { useFollowed, useMarket } from '../../store/context.tsx'
import type { EscrowRow } from '../../store/types.ts'
import { links } from '../../ui/links.ts'
import { When } from '../../ui/moment.tsx'
import { Empty, LoadedView, Page } from '../../ui/page.tsx'
import { Peer } from '../../ui/peer.tsx'
import { Ruv } from '../../ui/ruv.tsx'
import { Table, type Column } from '../../ui/table.tsx'
import { CasePage } from './case-page.tsx'
import { DeskLink, DeskPage } from './desk.tsx'
import { outcomeOf } from './escrow-outcome.ts'
import { EscrowPage } from './escrow-page.tsx'
import { EscrowPhase } from './escrow-phase.tsx'

/** Without an item all escrows; with one its timeline, with or without the wizard of a dispute, or the arbiter's desk and a case on it. */
export const EscrowsPage = ({ item }: { readonly item: string | null }) => {
  if (item === null) return <EscrowList />
  if (item === 'desk') return <DeskPage />
  const [, kind, escrowId = item] = /^(case|dispute)-(.+)$/.exec(item) ?? []
  return kind === 'case' ? (
    <CasePage key={item} escrowId={escrowId} />
  ) : (
    <EscrowPage key={item} escrowId={escrowId} isDisputing={kind === 'dispute'} />
  )
}

const COLUMNS: readonly Column<EscrowRow>[] = [
  {
    name: 'escrows.column.phase',
    width: 7,
    grows: 1,
    wraps: true,
    cell: ({ id, phase }) => (
      <a className='table-link' href={links.escrow(id)}>
        <EscrowPhase phase={phase} />
      </a>
    ),
  },
  {
    name: 'escrows.column.role',
    width: 5.5,
    leaves: 'second',
    wraps: true,
    cell: ({ role }) => <span className='soft'>{t(`escrow.role.${role}`)}</span>,
  },
  { name: 'escrows.column.with', width: 7, leaves: 'second', cell: ({ counterparty }) => <Peer id={counterparty} /> },
  {
    name: 'escrows.column.amount',
    width: 6,
    align: 'end',
    cell: ({ amountMicro }) => <Ruv micro={amountMicro} unit={false} isColumn />,
  },
  {
    name: 'escrows.column.outcome',
    width: 13,
    grows: 1,
    align: 'end',
    leaves: 'first',
    wraps: true,
    cell: (row) => <span className='soft'>{outcomeOf(row)}</span>,
  },
  {
    name: 'escrows.column.opened',
    width: 4.5,
    align: 'end',
    cell: ({ openedAtMs }) => (
      <span className='soft'>
        <When atMs={openedAtMs} />
      </span>
    ),
  },
]

const EscrowList = () => {
  const { escrows } = useMarket()
  return (
    <Page title={t('escrows.title')} actions={<DeskLink />}>
      <LoadedView of={useFollowed(escrows)} lines={6} onRetry={escrows.refresh}>
        {({ rows, total, isLoadingMore }) =>
          total === 0 ? (
            <Empty title={t('escrows.empty.title')}>{t('escrows.empty.body')}</Empty>
          ) : (
            <Table
              label={t('escrows.title')}
              columns={COLUMNS}
              rows={rows}
              total={total}
              testId='escrow'
              attributesOf={({ phase }) => ({ 'data-phase': phase })}
              onNearEnd={escrows.loadMore}
              isLoadingMore={isLoadingMore}
            />
          )
        }
      </LoadedView>
    </Page>
  )
}
