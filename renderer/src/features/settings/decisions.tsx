import { useState } from 'react'
import { formatCount } from '../../format/number.ts'
import { formatDateAndTime } from '../../format/time.ts'
import { said, t } from '../../messages/translate.ts'
import { useFollowed, useMarket } from '../../store/context.tsx'
import { valueOf } from '../../store/loaded.ts'
import type { AuditStatus, Decision } from '../../store/types.ts'
import { useCommand } from '../../store/use-command.ts'
import { Button } from '../../ui/button.tsx'
import { Facts } from '../../ui/facts.tsx'
import { When } from '../../ui/moment.tsx'
import { Notice } from '../../ui/notice.tsx'
import { LoadedView, Section } from '../../ui/page.tsx'
import { Peer } from '../../ui/peer.tsx'
import { Select } from '../../ui/select.tsx'
import { Table, type Column } from '../../ui/table.tsx'
import { DeleteDecisions } from './delete-decisions.tsx'
import { ExportDecisions } from './export-decisions.tsx'

/** The outcomes that have words; another is shown as the log has it. */
const OUTCOMES = [
  'allow',
  'ask',
  'refuse',
  'refuse-and-block',
  'run-once',
  'silence',
  'withdrawn',
  'expired',
  'given',
  'bid',
  'no-bid',
  'on',
  'not-on',
  'off',
  'paused',
  'resumed',
  'hold',
  'open',
  'set',
  'unblock',
  'again',
  'never',
  'no-opinion',
  'kept',
  'deleted',
  'stop',
  'retention',
  'own-task',
] as const

const What = ({ kind, outcome, times }: Decision) => {
  const known = OUTCOMES.find((one) => one === outcome)
  return (
    <>
      {t('settings.decisions.line', {
        kind: t(`settings.decisions.kind.${kind}`),
        outcome: known === undefined ? outcome : t(`settings.decisions.outcome.${known}`),
      })}
      {times > 1 && <span className='soft'> {t('settings.decisions.times', { count: times })}</span>}
    </>
  )
}

const COLUMNS: readonly Column<Decision>[] = [
  { name: 'settings.decisions.column.what', width: 9, grows: 1.4, wraps: true, cell: What },
  {
    name: 'settings.decisions.column.rule',
    width: 7,
    grows: 1,
    leaves: 'second',
    cell: ({ rule }) => <span className='soft mono'>{rule}</span>,
  },
  {
    name: 'settings.decisions.column.who',
    width: 7,
    leaves: 'first',
    cell: ({ member }) => (member === null ? <span className='faint'>–</span> : <Peer id={member} />),
  },
  {
    name: 'settings.decisions.column.when',
    width: 5.5,
    align: 'end',
    cell: ({ atMs }) => (
      <span className='soft'>
        <When atMs={atMs} />
      </span>
    ),
  },
]

/** What fits beside the other settings; the rest on demand. */
const SHOWN_AT_FIRST = 8

/** Everything that was decided for the person here: read, checked, exported, deleted. */
export const Decisions = () => {
  const { audit } = useMarket()
  const status = valueOf(useFollowed(audit))
  const { found, check } = useCheck()
  const hasAny = status !== null && status.entries > 0
  return (
    <Section
      title={t('settings.decisions')}
      aside={
        hasAny && (
          <span className='ledger-actions'>
            <Button size='small' onPress={() => void check()}>
              {t('settings.decisions.check')}
            </Button>
            <ExportDecisions />
            <DeleteDecisions />
          </span>
        )
      }
    >
      <p className='soft small'>{t('settings.decisions.body')}</p>
      {found !== null && (
        <Notice tone={found.isWhole ? 'info' : 'error'} isLive>
          {found.sentence}
        </Notice>
      )}
      {status !== null && <Kept status={status} />}
      <List />
    </Section>
  )
}

const List = () => {
  const { decisions } = useMarket()
  const [isWhole, setWhole] = useState(false)
  return (
    <LoadedView of={useFollowed(decisions)} lines={4} onRetry={decisions.refresh}>
      {({ rows, total, isLoadingMore }) =>
        total === 0 ? (
          <p className='soft small'>{t('settings.decisions.empty')}</p>
        ) : (
          <>
            <Table
              label={t('settings.decisions')}
              columns={COLUMNS}
              rows={isWhole ? rows : rows.slice(0, SHOWN_AT_FIRST)}
              total={isWhole ? total : Math.min(total, SHOWN_AT_FIRST)}
              testId='decision'
              onNearEnd={decisions.loadMore}
              isLoadingMore={isWhole && isLoadingMore}
            />
            {!isWhole && total > SHOWN_AT_FIRST && (
              <Button size='small' onPress={() => setWhole(true)}>
                {t('settings.decisions.all', { count: total })}
              </Button>
            )}
          </>
        )
      }
    </LoadedView>
  )
}

const KEPT_DAYS = ['30', '90', '365', '1095'] as const

const Kept = ({ status }: { readonly status: AuditStatus }) => {
  const { client } = useMarket()
  const keep = useCommand(client.audit.keepFor)
  const { entries, sinceMs, wasCut, cutAtMs, keepDays } = status
  const value = keepDays === null ? 'ever' : String(keepDays)
  const isUsual = value === 'ever' || KEPT_DAYS.some((days) => days === value)
  return (
    <>
      {keep.problem !== null && <Notice tone='error'>{keep.problem}</Notice>}
      <Facts
        facts={[
          { name: t('settings.decisions.entries'), value: formatCount(entries) },
          ...(sinceMs === null ? [] : [{ name: t('settings.decisions.since'), value: formatDateAndTime(sinceMs) }]),
          ...(wasCut ? [{ name: t('settings.decisions.cut'), value: formatDateAndTime(cutAtMs) }] : []),
        ]}
      />
      <div className='setting-rows'>
        <Select
          label={t('settings.decisions.keep')}
          options={[
            ...KEPT_DAYS.map((days) => ({ value: days as string, name: t(`settings.decisions.keep.${days}`) })),
            ...(isUsual ? [] : [{ value, name: t('settings.decisions.keep.other', { count: keepDays ?? 0 }) }]),
            { value: 'ever', name: t('settings.decisions.keep.ever') },
          ]}
          value={value}
          onChange={(chosen) => void keep.run({ days: chosen === 'ever' ? null : Number(chosen) })}
        />
      </div>
    </>
  )
}

type Found = { readonly isWhole: boolean; readonly sentence: string }

/** Asked for by a person: following a long chain takes a moment. */
const useCheck = (): { readonly found: Found | null; readonly check: () => Promise<void> } => {
  const { client } = useMarket()
  const [found, setFound] = useState<Found | null>(null)
  const check = async (): Promise<void> => {
    const answer = await client.audit.check({})
    if (!answer.ok) return setFound({ isWhole: false, sentence: answer.error.message })
    const { entries, problem } = answer.value
    setFound(
      problem === null
        ? { isWhole: true, sentence: t('settings.decisions.check.whole', { count: entries }) }
        : { isWhole: false, sentence: t('settings.decisions.check.broken', { problem: said(problem) }) },
    )
  }
  return { found, check }
}
