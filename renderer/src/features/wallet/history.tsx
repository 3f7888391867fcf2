import { t } from '../../messages/translate.ts'
import { useFollowed, useMarket } from '../../store/context.tsx'
import { valueOf } from '../../store/loaded.ts'
import type { HistoryRow } from '../../store/types.ts'
import { ButtonLink } from '../../ui/button.tsx'
import { ExportButton } from '../../ui/export-button.tsx'
import { links } from '../../ui/links.ts'
import { When } from '../../ui/moment.tsx'
import { Empty, LoadedView, Section } from '../../ui/page.tsx'
import { Peer } from '../../ui/peer.tsx'
import { Ruv } from '../../ui/ruv.tsx'
import { Table, type Column } from '../../ui/table.tsx'
import { Tag } from '../../ui/tag.tsx'

const What = ({ kind, escrowId, memo, state }: HistoryRow) => (
  <>
    {escrowId === null ? (
      t(`wallet.kind.${kind}`)
    ) : (
      <a className='table-link' href={links.escrow(escrowId)}>
        {t(`wallet.kind.${kind}`)}
      </a>
    )}
    {state === 'pending' && (
      <>
        {' '}
        <Tag tone='amber'>{t('wallet.state.pending')}</Tag>
      </>
    )}
    {memo !== '' && <span className='soft foreign'> {memo}</span>}
  </>
)

const COLUMNS: readonly Column<HistoryRow>[] = [
  { name: 'wallet.column.what', width: 6.5, grows: 1, wraps: true, cell: What },
  {
    name: 'wallet.column.who',
    width: 7,
    leaves: 'second',
    cell: ({ counterparty }) => (counterparty === null ? <span className='faint'>–</span> : <Peer id={counterparty} />),
  },
  {
    name: 'wallet.column.amount',
    width: 6.5,
    align: 'end',
    cell: ({ amountMicro }) => <Ruv micro={amountMicro} unit={false} signed isColumn />,
  },
  {
    name: 'wallet.column.when',
    width: 4.5,
    align: 'end',
    cell: ({ atMs }) => (
      <span className='soft'>
        <When atMs={atMs} />
      </span>
    ),
  },
]

export const History = () => {
  const { history } = useMarket()
  const loaded = useFollowed(history)
  const hasAny = (valueOf(loaded)?.total ?? 0) > 0
  return (
    <Section title={t('wallet.history')} aside={hasAny && <Exports />}>
      <LoadedView of={loaded} lines={6} onRetry={history.refresh}>
        {({ rows, total, isLoadingMore }) =>
          total === 0 ? (
            <Empty title={t('wallet.history.empty.title')}>{t('wallet.history.empty.body')}</Empty>
          ) : (
            <Table
              label={t('wallet.history')}
              columns={COLUMNS}
              rows={rows}
              total={total}
              testId='movement'
              onNearEnd={history.loadMore}
              isLoadingMore={isLoadingMore}
            />
          )
        }
      </LoadedView>
    </Section>
  )
}

const Exports = () => {
  const { client } = useMarket()
  return (
    <>
      <ButtonLink size='small' href={links.statement}>
        {t('wallet.statement.open')}
      </ButtonLink>
      <ExportButton
        label={t('wallet.export.csv')}
        fileName='history.csv'
        type='text/csv'
        read={(cursor) => client.wallet.exportCsv({ cursor })}
      />
      <ExportButton
        label={t('wallet.export.proof')}
        fileName='account.proof'
        type='text/plain'
        read={(cursor) => client.proofs.read({ subject: { kind: 'account' }, cursor })}
      />
    </>
  )
}
