import { formatLeft } from '../../format/time.ts'
import { shortId } from '../../format/id.ts'
import { t } from '../../messages/translate.ts'
import { useFollowed, useMarket } from '../../store/context.tsx'
import { valueOf } from '../../store/loaded.ts'
import type { CaseRow } from '../../store/types.ts'
import { useNow } from '../../store/use-now.ts'
import { ButtonLink } from '../../ui/button.tsx'
import { links } from '../../ui/links.ts'
import { Empty, LoadedView, Page } from '../../ui/page.tsx'
import { Ruv } from '../../ui/ruv.tsx'
import { Status, type StatusTone } from '../../ui/status.tsx'
import { Table, type Column } from '../../ui/table.tsx'

const TONES = { waiting: 'warning', ruled: 'running', over: 'good' } as const satisfies Readonly<Record<string, StatusTone>>

export const caseState = ({ phase, ownRuling }: CaseRow): keyof typeof TONES => {
  if (phase === 'settled') return 'over'
  return ownRuling === null ? 'waiting' : 'ruled'
}
export const CaseState = (row: CaseRow) => {
  const state = caseState(row)
  return <Status tone={TONES[state]}>{t(`desk.state.${state}`)}</Status>
}

const Left = ({ row: { phase, ruleByMs } }: { readonly row: CaseRow }) => {
  const nowMs = useNow(false)
  return phase === 'settled' || ruleByMs <= nowMs ? <span className='faint'>{t('desk.left.over')}</span> : formatLeft(ruleByMs - nowMs)
}

const COLUMNS: readonly Column<CaseRow>[] = [
  {
    name: 'desk.column.case',
    width: 6.5,
    cell: ({ escrowId }) => (
      <a className='table-link mono' href={links.case(escrowId)}>
        {shortId(escrowId)}
      </a>
    ),
  },
  { name: 'desk.column.state', width: 6.5, grows: 1, wraps: true, cell: CaseState },
  {
    name: 'desk.column.price',
    width: 7,
    align: 'end',
    leaves: 'second',
    cell: ({ priceMicro }) => <Ruv micro={priceMicro} unit={false} isColumn />,
  },
  { name: 'desk.column.left', width: 5, align: 'end', cell: (row) => <Left row={row} /> },
]

/** The cases this member was drawn for, those that wait for a ruling first. */
export const DeskPage = () => {
  const { cases } = useMarket()
  return (
    <Page title={t('desk.title')} back={{ href: links.escrows, label: t('escrow.back') }}>
      <LoadedView of={useFollowed(cases)} lines={5} onRetry={cases.refresh}>
        {({ rows, onRoster }) => (
          <>
            <p className='soft small'>{onRoster ? t('desk.body') : t('desk.notOnRoster')}</p>
            {rows.length === 0 ? (
              <Empty title={t('desk.empty.title')}>{t('desk.empty.body')}</Empty>
            ) : (
              <Table
                label={t('desk.title')}
                columns={COLUMNS}
                rows={rows.map((row) => ({ key: row.escrowId, row }))}
                total={rows.length}
                testId='case'
                attributesOf={(row) => ({ 'data-state': caseState(row) })}
              />
            )}
          </>
        )}
      </LoadedView>
    </Page>
  )
}

/** The way to the desk, for whoever may be drawn. */
export const DeskLink = () => {
  const cases = valueOf(useFollowed(useMarket().cases))
  if (cases === null || (!cases.onRoster && cases.rows.length === 0)) return null
  const waiting = cases.rows.filter((row) => caseState(row) === 'waiting').length
  return <ButtonLink href={links.desk}>{waiting === 0 ? t('desk.link') : t('desk.waiting', { count: waiting })}</ButtonLink>
}
