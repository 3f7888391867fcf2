import { formatCount, formatSignedPercent } from '../../format/number.ts'
import { t } from '../../messages/translate.ts'
import { useFollowed, useMarket } from '../../store/context.tsx'
import type { PriceClassRow } from '../../store/types.ts'
import { LinkButton } from '../../ui/link-button.tsx'
import { When } from '../../ui/moment.tsx'
import { Empty, LoadedView, Section } from '../../ui/page.tsx'
import { Ruv } from '../../ui/ruv.tsx'
import { Table, type Column } from '../../ui/table.tsx'
import { changePpm } from './prices.ts'

const columnsFor = (choose: (classKey: string) => void): readonly Column<PriceClassRow>[] => [
  {
    name: 'market.column.class',
    width: 7.5,
    grows: 1,
    cell: ({ classKey }) => (
      <LinkButton onPress={() => choose(classKey)}>
        <span className='foreign'>{classKey}</span>
      </LinkButton>
    ),
  },
  {
    name: 'market.column.price',
    width: 5.25,
    align: 'end',
    cell: ({ estimate }) =>
      estimate === null ? <span className='faint'>–</span> : <Ruv micro={estimate.priceMicro} unit={false} isColumn />,
  },
  {
    name: 'market.column.change',
    width: 5,
    align: 'end',
    cell: ({ estimate, dayAgoMicro }) => <Change nowMicro={estimate?.priceMicro ?? null} beforeMicro={dayAgoMicro} />,
  },
  { name: 'market.column.trades', width: 5.5, align: 'end', leaves: 'second', cell: ({ trades }) => formatCount(trades) },
  {
    name: 'market.column.volume',
    width: 7,
    align: 'end',
    leaves: 'first',
    cell: ({ volumeMicro }) => <Ruv micro={volumeMicro} unit={false} isColumn />,
  },
  {
    name: 'market.column.last',
    width: 4.5,
    align: 'end',
    leaves: 'first',
    cell: ({ lastAtMs }) => (lastAtMs === null ? <span className='faint'>–</span> : <When atMs={lastAtMs} />),
  },
]

type ChangeProps = { readonly nowMicro: bigint | null; readonly beforeMicro: bigint | null }

/** Told by its sign, never by its colour alone. */
export const Change = ({ nowMicro, beforeMicro }: ChangeProps) => {
  const ppm = nowMicro === null ? null : changePpm(nowMicro, beforeMicro)
  if (ppm === null) return <span className='faint'>–</span>
  return <span className={ppm < 0 ? 'change-down' : ppm > 0 ? 'change-up' : 'soft'}>{formatSignedPercent(ppm)}</span>
}

/** Every class with what a standard task of it costs; one of them leads to its chart. */
export const ClassPrices = ({ onChoose }: { readonly onChoose: (classKey: string) => void }) => {
  const { priceClasses } = useMarket()
  return (
    <Section title={t('market.prices')} aside={t('market.prices.of')}>
      <LoadedView of={useFollowed(priceClasses)} lines={3} onRetry={priceClasses.refresh}>
        {({ rows }) =>
          rows.length === 0 ? (
            <Empty title={t('market.prices.empty.title')}>{t('market.prices.empty.body')}</Empty>
          ) : (
            <Table
              label={t('market.prices')}
              columns={columnsFor(onChoose)}
              rows={rows.map((row) => ({ key: row.classKey, row }))}
              total={rows.length}
              rowHeight={36}
              testId='price-class'
            />
          )
        }
      </LoadedView>
    </Section>
  )
}
