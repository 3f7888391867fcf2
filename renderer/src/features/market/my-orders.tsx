import { formatCount } from '../../format/number.ts'
import { formatLimit } from '../../format/time.ts'
import { said, t } from '../../messages/translate.ts'
import { useFollowed, useMarket } from '../../store/context.tsx'
import type { OwnOffer, OwnOrders, OwnRequest } from '../../store/types.ts'
import { useCommand } from '../../store/use-command.ts'
import { Button } from '../../ui/button.tsx'
import { links } from '../../ui/links.ts'
import { When } from '../../ui/moment.tsx'
import { LoadedView, Section } from '../../ui/page.tsx'
import { Ruv } from '../../ui/ruv.tsx'
import { Status } from '../../ui/status.tsx'
import { Table, type Column } from '../../ui/table.tsx'

/** What this member offers and asks now; nothing is drawn while that is nothing. */
export const MyOrders = () => {
  const resource = useMarket().ownOrders
  const loaded = useFollowed(resource)
  const own = loaded.status === 'ready' ? loaded.value : null
  if (own !== null && own.offers.length === 0 && own.requests.length === 0) return null
  return (
    <Section title={t('market.mine')}>
      <LoadedView of={loaded} lines={2} onRetry={resource.refresh}>
        {(value) => <Mine own={value} />}
      </LoadedView>
    </Section>
  )
}

const Mine = ({ own: { taken, ...own } }: { readonly own: OwnOrders }) => (
  <>
    {taken !== null && (
      <p className='soft'>
        {t('market.mine.taken', { busy: taken.running + taken.promised, slots: taken.slots, left: formatCount(taken.leftToday) })}
      </p>
    )}
    {own.restsBecause !== null && <p className='soft'>{t('market.mine.rests', { reason: said(own.restsBecause) })}</p>}
    {own.offers.length > 0 && (
      <Table
        label={t('market.mine.offers')}
        columns={OFFER_COLUMNS}
        rows={own.offers.map((row, index) => ({ key: row.offerId ?? `resting-${index}`, row }))}
        total={own.offers.length}
        rowHeight={36}
        testId='own-offer'
      />
    )}
    {own.requests.length > 0 && (
      <Table
        label={t('market.mine.requests')}
        columns={REQUEST_COLUMNS}
        rows={own.requests.map((row) => ({ key: row.taskId, row }))}
        total={own.requests.length}
        rowHeight={36}
        testId='own-request'
      />
    )}
  </>
)

const OFFER_COLUMNS: readonly Column<OwnOffer>[] = [
  { name: 'market.column.class', width: 5.5, grows: 1, cell: ({ classKey }) => <span title={classKey}>{classKey}</span> },
  {
    name: 'market.column.state',
    width: 6,
    wraps: true,
    cell: ({ state }) => <Status tone={state === 'open' ? 'good' : 'waiting'}>{t(`market.state.${state}`)}</Status>,
  },
  {
    name: 'market.column.task',
    width: 5.5,
    align: 'end',
    leaves: 'second',
    cell: ({ pricing }) => <Ruv micro={pricing.perTaskMicro} unit={false} isColumn />,
  },
  {
    name: 'market.column.output',
    width: 5.5,
    align: 'end',
    leaves: 'second',
    cell: ({ pricing }) => <Ruv micro={pricing.perThousandOutputTokensMicro} unit={false} isColumn />,
  },
  {
    name: 'market.column.firstToken',
    width: 5,
    align: 'end',
    leaves: 'first',
    cell: ({ promise }) => `≤ ${formatLimit(promise.firstTokenMs)}`,
  },
  { name: 'market.column.slots', width: 4.5, align: 'end', leaves: 'first', cell: ({ concurrent }) => formatCount(concurrent) },
  {
    name: 'market.column.withdraw',
    isNameUnseen: true,
    width: 6.75,
    align: 'end',
    cell: ({ offerId }) => (offerId === null ? null : <WithdrawOffer offerId={offerId} />),
  },
]

const REQUEST_COLUMNS: readonly Column<OwnRequest>[] = [
  {
    name: 'market.column.class',
    width: 5.5,
    grows: 1,
    cell: ({ taskId, classKey }) => (
      <a className='table-link' href={links.task(taskId)}>
        {classKey}
      </a>
    ),
  },
  {
    name: 'market.column.state',
    width: 6,
    grows: 1,
    wraps: true,
    cell: (request) => <Status tone='waiting'>{requestState(request)}</Status>,
  },
  {
    name: 'market.column.most',
    width: 5.5,
    align: 'end',
    leaves: 'second',
    cell: ({ maxPriceMicro }) => <Ruv micro={maxPriceMicro} unit={false} isColumn />,
  },
  { name: 'market.column.until', width: 4.5, align: 'end', leaves: 'second', cell: ({ untilMs }) => <When atMs={untilMs} /> },
  { name: 'market.column.withdraw', isNameUnseen: true, width: 6.75, align: 'end', cell: ({ taskId }) => <CancelTask taskId={taskId} /> },
]

/** Takes an offer back; what was agreed on already goes on. */
export const WithdrawOffer = ({ offerId }: { readonly offerId: string }) => {
  const { client } = useMarket()
  const withdraw = useCommand(client.orders.withdrawOffer)
  return (
    <Button size='small' isPending={withdraw.isPending} onPress={() => void withdraw.run({ offerId })}>
      {t('market.withdraw')}
    </Button>
  )
}

const CancelTask = ({ taskId }: { readonly taskId: string }) => {
  const { client } = useMarket()
  const cancel = useCommand(client.tasks.cancel)
  return (
    <Button size='small' isPending={cancel.isPending} onPress={() => void cancel.run({ taskId })}>
      {t('market.withdraw')}
    </Button>
  )
}

const requestState = ({ bids, toOne, stands }: OwnRequest): string => {
  if (bids > 0 || !(toOne || stands)) return t('market.state.bids', { count: bids })
  return t(stands ? 'market.state.stands' : 'market.state.toOne')
}
