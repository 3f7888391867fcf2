import { useMemo } from 'react'
import { shortId } from '../../format/id.ts'
import { formatCount } from '../../format/number.ts'
import { formatDuration } from '../../format/time.ts'
import { t } from '../../messages/translate.ts'
import type { NetworkStatus } from '../../store/types.ts'
import { Empty, Section } from '../../ui/page.tsx'
import { Table, type Column } from '../../ui/table.tsx'

type PeerRow = NetworkStatus['peers'][number]

const COLUMNS: readonly Column<PeerRow>[] = [
  {
    name: 'network.column.peer',
    width: 7,
    grows: 1,
    cell: ({ peerId }) => (
      <span className='mono' title={peerId}>
        {shortId(peerId)}
      </span>
    ),
  },
  {
    name: 'network.column.address',
    width: 7,
    grows: 2,
    leaves: 'second',
    cell: ({ addresses }) => <span className='soft mono'>{addresses[0] ?? '–'}</span>,
  },
  {
    name: 'network.version',
    width: 5.5,
    leaves: 'first',
    cell: ({ version }) => version ?? <span className='faint'>–</span>,
  },
  {
    name: 'network.column.roundTrip',
    width: 5.5,
    align: 'end',
    cell: ({ roundTripMs }) => (roundTripMs === null ? <span className='faint'>–</span> : formatDuration(roundTripMs)),
  },
]

export const Peers = ({ peers }: Pick<NetworkStatus, 'peers'>) => {
  const rows = useMemo(() => peers.map((row) => ({ key: row.peerId, row })), [peers])
  return (
    <Section title={t('network.peers')} aside={peers.length > 0 && formatCount(peers.length)}>
      {rows.length === 0 ? (
        <Empty title={t('network.peers.empty.title')}>{t('network.peers.empty.body')}</Empty>
      ) : (
        <Table label={t('network.peers')} columns={COLUMNS} rows={rows} total={rows.length} rowHeight={36} testId='peer' />
      )}
    </Section>
  )
}
