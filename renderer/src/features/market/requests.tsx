import { formatBytes, formatCount } from '../../format/number.ts'
import { t } from '../../messages/translate.ts'
import { useFollowed, useMarket } from '../../store/context.tsx'
import type { RequestRow } from '../../store/types.ts'
import { Empty, LoadedView, Section } from '../../ui/page.tsx'
import { Peer } from '../../ui/peer.tsx'
import { Ruv } from '../../ui/ruv.tsx'
import { Table, type Column } from '../../ui/table.tsx'

const COLUMNS: readonly Column<RequestRow>[] = [
  { name: 'market.column.client', width: 6.5, grows: 1, cell: ({ client, own }) => <Peer id={client} own={own} /> },
  { name: 'market.column.class', width: 6.5, grows: 2, cell: ({ classKey }) => <span title={classKey}>{classKey}</span> },
  {
    name: 'market.column.size',
    width: 5.5,
    align: 'end',
    leaves: 'second',
    cell: ({ inputBucketBytes }) => formatBytes(inputBucketBytes),
  },
  {
    name: 'market.column.mode',
    width: 6,
    leaves: 'second',
    wraps: true,
    cell: ({ mode }) => <span className='soft'>{t(`ask.mode.${mode}`)}</span>,
  },
  {
    name: 'market.column.most',
    width: 5,
    align: 'end',
    cell: ({ maxPriceMicro }) => <Ruv micro={maxPriceMicro} unit={false} isColumn />,
  },
]

export const Requests = ({ classKey }: { readonly classKey: string | null }) => {
  const list = useMarket().requests(classKey)
  const loaded = useFollowed(list)
  return (
    <Section title={t('market.requests')} aside={loaded.status === 'ready' && formatCount(loaded.value.total)}>
      <LoadedView of={loaded} lines={3} onRetry={list.refresh}>
        {({ rows, total, isLoadingMore }) =>
          total === 0 ? (
            <Empty title={t('market.requests.empty.title')}>{t('market.requests.empty.body')}</Empty>
          ) : (
            <Table
              label={t('market.requests')}
              columns={COLUMNS}
              rows={rows}
              total={total}
              rowHeight={36}
              testId='request'
              onNearEnd={list.loadMore}
              isLoadingMore={isLoadingMore}
            />
          )
        }
      </LoadedView>
    </Section>
  )
}
