import { useMemo, useState } from 'react'
import { formatCount } from '../../format/number.ts'
import { formatDateAndTime } from '../../format/time.ts'
import { rich, t } from '../../messages/translate.ts'
import { useFollowed, useMarket } from '../../store/context.tsx'
import { valueOf } from '../../store/loaded.ts'
import type { Candles, CandleSpan, Depth, TradeRow } from '../../store/types.ts'
import { Segments, Switch } from '../../ui/choice.tsx'
import { DepthChart } from '../../ui/depth-chart.tsx'
import { When } from '../../ui/moment.tsx'
import { Empty, LoadedView, Section } from '../../ui/page.tsx'
import { Peer } from '../../ui/peer.tsx'
import { PriceChart } from '../../ui/price-chart.tsx'
import { Ruv } from '../../ui/ruv.tsx'
import { Table, type Column } from '../../ui/table.tsx'
import { Change } from './class-prices.tsx'
import { chartCandles, levelsOf, summaryOf } from './prices.ts'
import './class-view.css'

const SPANS = ['ten-minutes', 'hour', 'day'] as const satisfies readonly CandleSpan[]

/** One class: how its price went, what waits in the book, and the last certified trades. */
export const ClassView = ({ classKey }: { readonly classKey: string }) => (
  <div className='class-view'>
    <Prices classKey={classKey} />
    <Book classKey={classKey} />
    <Trades classKey={classKey} />
  </div>
)

const Prices = ({ classKey }: { readonly classKey: string }) => {
  const { candles, priceClasses } = useMarket()
  const [span, setSpan] = useState<CandleSpan>('hour')
  const [isTable, setTable] = useState(false)
  const resource = candles(`${span} ${classKey}`)
  const row = valueOf(useFollowed(priceClasses))?.rows.find((one) => one.classKey === classKey)
  return (
    <Section
      title={t('market.chart')}
      aside={
        <Segments
          label={t('market.span')}
          isLabelUnseen
          options={SPANS.map((value) => ({ value, name: t(`market.span.${value}`) }))}
          value={span}
          onChange={setSpan}
        />
      }
    >
      {row !== undefined && (
        <p className='class-summary' data-testid='price-summary'>
          {summaryOf(row)}{' '}
          {row.dayAgoMicro !== null && <Change nowMicro={row.estimate?.priceMicro ?? null} beforeMicro={row.dayAgoMicro} />}
        </p>
      )}
      <LoadedView of={useFollowed(resource)} lines={8} onRetry={resource.refresh}>
        {({ rows }) =>
          rows.length === 0 ? (
            <Empty title={t('market.chart.empty.title')}>{t('market.chart.empty.body')}</Empty>
          ) : (
            <>
              {isTable ? <CandleTable rows={rows} /> : <Chart rows={rows} classKey={classKey} />}
              <Switch isSelected={isTable} onChange={setTable}>
                {t('market.chart.table')}
              </Switch>
            </>
          )
        }
      </LoadedView>
    </Section>
  )
}

const Chart = ({ rows, classKey }: { readonly rows: Candles['rows']; readonly classKey: string }) => {
  const shown = useMemo(() => chartCandles(rows), [rows])
  return <PriceChart label={t('market.chart.label', { class: classKey, count: rows.length })} candles={shown} />
}

type CandleRow = Candles['rows'][number]
const ruvCell = (pick: (row: CandleRow) => bigint) => (row: CandleRow) => <Ruv micro={pick(row)} unit={false} isColumn />
const CANDLE_COLUMNS: readonly Column<CandleRow>[] = [
  {
    name: 'market.candle.from',
    width: 8,
    grows: 1,
    cell: ({ fromMs }) => <span className='soft'>{formatDateAndTime(fromMs)}</span>,
  },
  { name: 'market.candle.open', width: 5.5, align: 'end', leaves: 'second', cell: ruvCell(({ openMicro }) => openMicro) },
  { name: 'market.candle.high', width: 5.5, align: 'end', leaves: 'second', cell: ruvCell(({ highMicro }) => highMicro) },
  { name: 'market.candle.low', width: 5.5, align: 'end', leaves: 'second', cell: ruvCell(({ lowMicro }) => lowMicro) },
  { name: 'market.candle.close', width: 5.5, align: 'end', cell: ruvCell(({ closeMicro }) => closeMicro) },
  { name: 'market.candle.trades', width: 4.5, align: 'end', cell: ({ trades }) => formatCount(trades) },
]

const CandleTable = ({ rows }: { readonly rows: Candles['rows'] }) => (
  <Table
    label={t('market.chart')}
    columns={CANDLE_COLUMNS}
    rows={rows.toSorted((one, other) => other.fromMs - one.fromMs).map((row) => ({ key: String(row.fromMs), row }))}
    total={rows.length}
    rowHeight={32}
    testId='candle'
  />
)

const Book = ({ classKey }: { readonly classKey: string }) => {
  const resource = useMarket().depth(classKey)
  return (
    <Section title={t('market.depth')}>
      <LoadedView of={useFollowed(resource)} lines={6} onRetry={resource.refresh}>
        {(depth) =>
          depth.asks.length + depth.bids.length === 0 ? (
            <p className='soft small'>{t('market.depth.empty')}</p>
          ) : (
            <>
              <DepthChart
                label={t('market.depth.label', { asks: ordersIn(depth.asks), bids: ordersIn(depth.bids) })}
                asks={levelsOf(depth.asks)}
                bids={levelsOf(depth.bids)}
              />
              <Ladder depth={depth} />
            </>
          )
        }
      </LoadedView>
    </Section>
  )
}

const ordersIn = (levels: Depth['asks']): number => levels.reduce((sum, { orders }) => sum + orders, 0)
const LEVELS_SHOWN = 6

/** The best levels of both sides around the spread, dearest first. */
const Ladder = ({ depth: { asks, bids, spreadMicro } }: { readonly depth: Depth }) => (
  <table className='ladder figure'>
    <caption className='unseen'>{t('market.depth')}</caption>
    <thead>
      <tr>
        <th scope='col'>{t('market.ladder.side')}</th>
        <th scope='col'>{t('market.ladder.price')}</th>
        <th scope='col'>{t('market.ladder.orders')}</th>
      </tr>
    </thead>
    <tbody>
      {asks
        .slice(0, LEVELS_SHOWN)
        .toReversed()
        .map((level) => (
          <Rung key={`ask ${level.priceMicro}`} side='ask' level={level} />
        ))}
      <tr className='ladder-spread'>
        <td colSpan={3}>
          {spreadMicro === null ? t('market.ladder.noSpread') : rich('market.ladder.spread', { spread: <Ruv micro={spreadMicro} /> })}
        </td>
      </tr>
      {bids.slice(0, LEVELS_SHOWN).map((level) => (
        <Rung key={`bid ${level.priceMicro}`} side='bid' level={level} />
      ))}
    </tbody>
  </table>
)

const Rung = ({ side, level }: { readonly side: 'ask' | 'bid'; readonly level: Depth['asks'][number] }) => (
  <tr data-testid='rung'>
    <td className={side === 'ask' ? 'change-down' : 'change-up'}>{t(`market.ladder.${side}`)}</td>
    <td>
      <Ruv micro={level.priceMicro} unit={false} isColumn />
    </td>
    <td>{formatCount(level.orders)}</td>
  </tr>
)

const TRADE_COLUMNS: readonly Column<TradeRow>[] = [
  { name: 'market.trade.when', width: 4.5, cell: ({ atMs }) => <When atMs={atMs} /> },
  { name: 'market.column.provider', width: 6.5, grows: 1, cell: ({ provider }) => <Peer id={provider} /> },
  { name: 'market.trade.client', width: 6.5, grows: 1, leaves: 'second', cell: ({ client }) => <Peer id={client} /> },
  {
    name: 'market.trade.price',
    width: 6.5,
    align: 'end',
    cell: ({ priceMicro }) => <Ruv micro={priceMicro} unit={false} isColumn />,
  },
  {
    name: 'market.trade.paid',
    width: 6.5,
    align: 'end',
    leaves: 'second',
    cell: ({ paidMicro }) => <Ruv micro={paidMicro} unit={false} isColumn />,
  },
]

const Trades = ({ classKey }: { readonly classKey: string }) => {
  const list = useMarket().trades(classKey)
  return (
    <Section title={t('market.trades')}>
      <LoadedView of={useFollowed(list)} lines={4} onRetry={list.refresh}>
        {({ rows, total, isLoadingMore }) =>
          total === 0 ? (
            <p className='soft small'>{t('market.trades.empty')}</p>
          ) : (
            <Table
              label={t('market.trades')}
              columns={TRADE_COLUMNS}
              rows={rows}
              total={total}
              rowHeight={32}
              testId='trade'
              onNearEnd={list.loadMore}
              isLoadingMore={isLoadingMore}
            />
          )
        }
      </LoadedView>
    </Section>
  )
}
