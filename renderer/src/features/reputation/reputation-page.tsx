import { useMemo, useState } from 'react'
import { formatCount, formatPercent } from '../../format/number.ts'
import { t } from '../../messages/translate.ts'
import { useFollowed, useMarket } from '../../store/context.tsx'
import type { Standing } from '../../store/types.ts'
import { Segments } from '../../ui/choice.tsx'
import { Interval } from '../../ui/interval.tsx'
import { When } from '../../ui/moment.tsx'
import { Empty, LoadedView, Page, Section } from '../../ui/page.tsx'
import { WordMark } from '../../ui/opinion.tsx'
import { Peer } from '../../ui/peer.tsx'
import { Ruv } from '../../ui/ruv.tsx'
import { Table, type Column } from '../../ui/table.tsx'

const StandingInterval = ({ lowPpm, midPpm, highPpm, trades }: Standing) => (
  <Interval
    lowPpm={lowPpm}
    midPpm={midPpm}
    highPpm={highPpm}
    label={t('reputation.interval', { low: formatPercent(lowPpm), mid: formatPercent(midPpm), high: formatPercent(highPpm), trades })}
  />
)

const outcomesOf = ({ paid, split, refunded, expired }: Standing): string => [paid, split, refunded, expired].map(formatCount).join(' · ')

const COLUMNS: readonly Column<Standing>[] = [
  { name: 'reputation.column.member', width: 8.75, grows: 1, cell: ({ accountId, own }) => <Peer id={accountId} own={own} /> },
  { name: 'reputation.column.interval', width: 5, grows: 2, cell: StandingInterval },
  { name: 'reputation.column.low', width: 4.5, align: 'end', cell: ({ lowPpm }) => formatPercent(lowPpm) },
  { name: 'reputation.column.trades', width: 5, align: 'end', leaves: 'second', cell: ({ trades }) => formatCount(trades) },
  {
    name: 'reputation.column.outcomes',
    width: 11,
    align: 'end',
    leaves: 'first',
    cell: (standing) => <span className='soft'>{outcomesOf(standing)}</span>,
  },
  {
    name: 'reputation.column.volume',
    width: 7,
    align: 'end',
    leaves: 'first',
    cell: ({ volumeMicro }) => <Ruv micro={volumeMicro} unit={false} isColumn />,
  },
  {
    name: 'reputation.column.last',
    width: 4.5,
    align: 'end',
    leaves: 'second',
    cell: ({ lastAtMs }) => (
      <span className='soft'>
        <When atMs={lastAtMs} />
      </span>
    ),
  },
]

/** What its owner said of providers. */
const PROVIDER_COLUMNS: readonly Column<Standing>[] = [
  ...COLUMNS.slice(0, 1),
  { name: 'reputation.column.word', width: 6.5, leaves: 'first', cell: ({ accountId }) => <WordMark provider={accountId} /> },
  ...COLUMNS.slice(1),
]

export const ReputationPage = () => {
  const { reputation } = useMarket()
  const [role, setRole] = useState<Standing['role']>('provider')
  return (
    <Page
      title={t('reputation.title')}
      width='wide'
      actions={
        <Segments
          label={t('reputation.role')}
          isLabelUnseen
          options={[
            { value: 'provider', name: t('reputation.role.provider') },
            { value: 'client', name: t('reputation.role.client') },
          ]}
          value={role}
          onChange={setRole}
        />
      }
    >
      <p className='soft'>{t('reputation.body')}</p>
      <LoadedView of={useFollowed(reputation)} lines={8} onRetry={reputation.refresh}>
        {({ rows }) => <Standings all={rows} role={role} />}
      </LoadedView>
    </Page>
  )
}

type StandingsProps = { readonly all: readonly Standing[]; readonly role: Standing['role'] }

const Standings = ({ all, role }: StandingsProps) => {
  const rows = useMemo(
    () =>
      all
        .filter((standing) => standing.role === role)
        .toSorted((one, other) => other.lowPpm - one.lowPpm)
        .map((row) => ({ key: row.accountId, row })),
    [all, role],
  )
  const mine = rows.filter(({ row }) => row.own)
  if (rows.length === 0) return <Empty title={t('reputation.empty.title')}>{t('reputation.empty.body')}</Empty>
  return (
    <>
      <Section title={t('reputation.mine')}>
        {mine.length === 0 ? (
          <p className='soft small'>{t('reputation.mine.none')}</p>
        ) : (
          <Table label={t('reputation.mine')} columns={COLUMNS} rows={mine} total={mine.length} />
        )}
      </Section>
      <Section title={t(`reputation.role.${role}`)} aside={formatCount(rows.length)}>
        <Table
          label={t(`reputation.role.${role}`)}
          columns={role === 'provider' ? PROVIDER_COLUMNS : COLUMNS}
          rows={rows}
          total={rows.length}
          testId='standing'
        />
      </Section>
    </>
  )
}
