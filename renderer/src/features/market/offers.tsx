import { formatCount } from '../../format/number.ts'
import { formatLimit } from '../../format/time.ts'
import { t } from '../../messages/translate.ts'
import { useFollowed, useMarket } from '../../store/context.tsx'
import type { OfferRow } from '../../store/types.ts'
import { ButtonLink } from '../../ui/button.tsx'
import { links } from '../../ui/links.ts'
import { When } from '../../ui/moment.tsx'
import { Empty, LoadedView, Section } from '../../ui/page.tsx'
import { useWordOn, WordMark } from '../../ui/opinion.tsx'
import { Peer } from '../../ui/peer.tsx'
import { Ruv } from '../../ui/ruv.tsx'
import { Table, type Column } from '../../ui/table.tsx'
import { WithdrawOffer } from './my-orders.tsx'

const priceColumn = (pick: (pricing: OfferRow['pricing']) => bigint) => (row: OfferRow) => (
  <Ruv micro={pick(row.pricing)} unit={false} isColumn />
)

const COLUMNS: readonly Column<OfferRow>[] = [
  {
    name: 'market.column.provider',
    width: 6.5,
    grows: 1,
    cell: ({ provider, own }) => <Peer id={provider} own={own} />,
  },
  {
    name: 'market.column.class',
    width: 6.5,
    grows: 1,
    // Where there is no room for the button, this leads to the same place.
    cell: ({ id, own, classKey }) =>
      own ? (
        <span title={classKey}>{classKey}</span>
      ) : (
        <a className='table-link' href={links.askOffer(id)} title={classKey}>
          {classKey}
        </a>
      ),
  },
  {
    name: 'market.column.model',
    width: 7.5,
    grows: 1,
    leaves: 'first',
    cell: ({ model }) => <span className='soft foreign'>{model}</span>,
  },
  { name: 'market.column.task', width: 5, align: 'end', leaves: 'first', cell: priceColumn(({ perTaskMicro }) => perTaskMicro) },
  {
    name: 'market.column.input',
    width: 5,
    align: 'end',
    leaves: 'first',
    cell: priceColumn((pricing) => pricing.perThousandInputTokensMicro),
  },
  { name: 'market.column.output', width: 5, align: 'end', cell: priceColumn((pricing) => pricing.perThousandOutputTokensMicro) },
  {
    name: 'market.column.firstToken',
    width: 4.5,
    align: 'end',
    leaves: 'first',
    cell: ({ promise }) => `≤ ${formatLimit(promise.firstTokenMs)}`,
  },
  { name: 'market.column.slots', width: 4.5, align: 'end', leaves: 'first', cell: ({ concurrent }) => formatCount(concurrent) },
  {
    name: 'market.column.until',
    width: 4.5,
    align: 'end',
    leaves: 'first',
    cell: ({ validUntilMs }) => <When atMs={validUntilMs} />,
  },
  {
    name: 'market.column.take',
    isNameUnseen: true,
    width: 8.75,
    align: 'end',
    leaves: 'second',
    cell: ({ id, own, provider }) => (own ? <WithdrawOffer offerId={id} /> : <TakeOrMark offerId={id} provider={provider} />),
  },
]

/** What is never taken says so where it would be. */
const TakeOrMark = ({ offerId, provider }: { readonly offerId: string; readonly provider: string }) =>
  useWordOn(provider) === 'never' ? (
    <WordMark provider={provider} />
  ) : (
    <ButtonLink href={links.askOffer(offerId)} size='small'>
      {t('market.take')}
    </ButtonLink>
  )

export const Offers = ({ classKey }: { readonly classKey: string | null }) => {
  const list = useMarket().offers(classKey)
  const loaded = useFollowed(list)
  return (
    <Section title={t('market.offers')} aside={loaded.status === 'ready' && formatCount(loaded.value.total)}>
      <LoadedView of={loaded} lines={8} onRetry={list.refresh}>
        {({ rows, total, isLoadingMore }) =>
          total === 0 ? (
            <Empty title={t('market.offers.empty.title')}>{t('market.offers.empty.body')}</Empty>
          ) : (
            <Table
              label={t('market.offers')}
              columns={COLUMNS}
              rows={rows}
              total={total}
              rowHeight={36}
              testId='offer'
              onNearEnd={list.loadMore}
              isLoadingMore={isLoadingMore}
            />
          )
        }
      </LoadedView>
    </Section>
  )
}
