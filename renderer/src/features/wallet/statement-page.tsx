import { useEffect, useState } from 'react'
import { groupedId, shortId } from '../../format/id.ts'
import { formatDateAndTime, formatMonth } from '../../format/time.ts'
import { t } from '../../messages/translate.ts'
import { useFollowed, useMarket } from '../../store/context.tsx'
import { loading, ready, valueOf, type Loaded } from '../../store/loaded.ts'
import type { HistoryRow } from '../../store/types.ts'
import { Facts } from '../../ui/facts.tsx'
import { links } from '../../ui/links.ts'
import { Notice } from '../../ui/notice.tsx'
import { LoadedView, Page } from '../../ui/page.tsx'
import { PdfButton } from '../../ui/pdf-button.tsx'
import { Peer } from '../../ui/peer.tsx'
import { Ruv } from '../../ui/ruv.tsx'
import { Select } from '../../ui/select.tsx'
import { monthsOf, statementOf, type Month } from './statement.ts'
import './statement-page.css'

const EVERYTHING = 'all'
const monthOf = (atMs: number): string => {
  const at = new Date(atMs)
  return `${at.getFullYear()}-${String(at.getMonth() + 1).padStart(2, '0')}`
}
const nameOf = (month: Month): string => (month === null ? t('wallet.statement.all') : formatMonth(Date.parse(`${month}-15`)))

/** An account's movements on paper: what there was, what came and went, what there is. */
export const StatementPage = () => {
  const { rows, isCut } = useWholeHistory()
  const [month, setMonth] = useState<Month>(null)
  const history = valueOf(rows) ?? []
  return (
    <Page
      title={t('wallet.statement')}
      back={{ href: links.wallet, label: t('wallet.statement.back') }}
      actions={
        <>
          <Select
            label={t('wallet.statement.time')}
            isLabelUnseen
            options={[
              { value: EVERYTHING, name: nameOf(null) },
              ...monthsOf(history, monthOf).map((value) => ({ value, name: nameOf(value) })),
            ]}
            value={month ?? EVERYTHING}
            onChange={(chosen) => setMonth(chosen === EVERYTHING ? null : chosen)}
          />
          <PdfButton fileName={month === null ? 'statement' : `statement-${month}`} />
        </>
      }
    >
      {isCut && <Notice tone='warning'>{t('wallet.statement.cut')}</Notice>}
      <LoadedView of={rows} lines={10}>
        {(all) => <Sheet rows={all} month={month} />}
      </LoadedView>
    </Page>
  )
}

const Sheet = ({ rows: history, month }: { readonly rows: readonly HistoryRow[]; readonly month: Month }) => {
  const { wallet, info, nowMs } = useMarket()
  const [atMs] = useState(nowMs)
  const account = valueOf(useFollowed(wallet))?.accountId
  const federation = valueOf(useFollowed(info))?.federation
  const { openingMicro, rows, closingMicro } = statementOf(history, month, monthOf)
  return (
    <div className='statement' data-testid='statement'>
      <Facts
        facts={[
          { name: t('wallet.statement.time'), value: nameOf(month) },
          { name: t('wallet.statement.federation'), value: <span className='foreign'>{federation?.name}</span> },
          { name: t('wallet.account'), value: <span className='mono'>{account === undefined ? '' : groupedId(account)}</span> },
          { name: t('wallet.statement.made'), value: formatDateAndTime(atMs) },
        ]}
      />
      <table className='statement-rows'>
        <caption className='unseen'>{t('wallet.statement')}</caption>
        <thead>
          <tr>
            <th scope='col'>{t('wallet.column.when')}</th>
            <th scope='col'>{t('wallet.column.what')}</th>
            <th scope='col'>{t('wallet.column.who')}</th>
            <th scope='col'>{t('wallet.decree')}</th>
            <th scope='col'>{t('wallet.column.amount')}</th>
          </tr>
        </thead>
        <tbody>
          <Sum name={t('wallet.statement.opening')} micro={openingMicro} />
          {rows.map((row, index) => (
            <Movement key={index} row={row} />
          ))}
          <Sum name={t('wallet.statement.closing')} micro={closingMicro} />
        </tbody>
      </table>
      <p className='soft small'>{t('wallet.statement.foot')}</p>
    </div>
  )
}

const Sum = ({ name, micro }: { readonly name: string; readonly micro: bigint }) => (
  <tr className='statement-sum'>
    <th scope='row' colSpan={4}>
      {name}
    </th>
    <td>
      <Ruv micro={micro} unit={false} isColumn />
    </td>
  </tr>
)

const Movement = ({ row: { atMs, kind, memo, counterparty, txHash, amountMicro } }: { readonly row: HistoryRow }) => (
  <tr>
    <td className='figure'>{atMs === null ? t('common.timeUnknown') : formatDateAndTime(atMs)}</td>
    <td>
      {t(`wallet.kind.${kind}`)}
      {memo !== '' && <span className='soft foreign'> {memo}</span>}
    </td>
    <td>{counterparty === null ? '–' : <Peer id={counterparty} />}</td>
    <td className='mono'>{shortId(txHash)}</td>
    <td>
      <Ruv micro={amountMicro} unit={false} signed isColumn />
    </td>
  </tr>
)

const PAGE_ROWS = 200
/** What a sheet can hold and be read; the table that can be exported has no such limit. */
const MAX_ROWS = 5_000

/** Read once: a sheet of paper does not change while it is looked at. */
const useWholeHistory = (): { readonly rows: Loaded<readonly HistoryRow[]>; readonly isCut: boolean } => {
  const { client } = useMarket()
  const [read, setRead] = useState<{ readonly rows: Loaded<readonly HistoryRow[]>; readonly isCut: boolean }>({
    rows: loading,
    isCut: false,
  })
  useEffect(() => {
    let isWanted = true
    const readAll = async (): Promise<void> => {
      const rows: HistoryRow[] = []
      let cursor: string | null = null
      do {
        const answer = await client.wallet.history({ cursor, limit: PAGE_ROWS })
        if (!isWanted) return
        if (!answer.ok) return setRead({ rows: { status: 'failed', message: answer.error.message }, isCut: false })
        rows.push(...answer.value.rows)
        cursor = answer.value.nextCursor
      } while (cursor !== null && rows.length < MAX_ROWS)
      setRead({ rows: ready(rows), isCut: cursor !== null })
    }
    void readAll()
    return () => {
      isWanted = false
    }
  }, [client])
  return read
}
