import { useState } from 'react'
import { t } from '../../messages/translate.ts'
import { useFollowed, useMarket } from '../../store/context.tsx'
import { valueOf } from '../../store/loaded.ts'
import type { OwnInvite } from '../../store/types.ts'
import { useCommand } from '../../store/use-command.ts'
import { Button } from '../../ui/button.tsx'
import { ConfirmedButton } from '../../ui/confirmed-button.tsx'
import { When } from '../../ui/moment.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Section } from '../../ui/page.tsx'
import { Peer } from '../../ui/peer.tsx'
import { Ruv } from '../../ui/ruv.tsx'
import { Status, type StatusTone } from '../../ui/status.tsx'
import { Table, type Column } from '../../ui/table.tsx'
import { InviteLink } from './invite-link.tsx'

const TONES: Readonly<Record<OwnInvite['state'], StatusTone>> = {
  'on-its-way': 'waiting',
  ready: 'good',
  expired: 'warning',
  claimed: 'neutral',
  'taken-back': 'neutral',
}

/** What was put into links, and what became of it; nothing is drawn while that is nothing. */
export const Invites = () => {
  const { invites } = useMarket()
  const loaded = useFollowed(invites)
  const rows = valueOf(loaded)?.rows ?? []
  if (loaded.status === 'failed') {
    return (
      <Section title={t('wallet.invites')}>
        <Notice tone='error'>{loaded.message}</Notice>
      </Section>
    )
  }
  if (rows.length === 0) return null
  return (
    <Section title={t('wallet.invites')}>
      <Table
        label={t('wallet.invites')}
        columns={COLUMNS}
        rows={rows.map((row) => ({ key: row.account, row }))}
        total={rows.length}
        testId='own-invite'
        attributesOf={({ state }) => ({ 'data-state': state })}
      />
    </Section>
  )
}

const Action = ({ invite }: { readonly invite: OwnInvite }) => {
  if (invite.state === 'ready') return <ShowLink invite={invite} />
  return invite.state === 'expired' ? <TakeBack invite={invite} /> : null
}

const COLUMNS: readonly Column<OwnInvite>[] = [
  {
    name: 'wallet.invites.state',
    width: 5.25,
    grows: 1,
    wraps: true,
    cell: ({ state }) => <Status tone={TONES[state]}>{t(`wallet.invites.${state}`)}</Status>,
  },
  {
    name: 'wallet.column.who',
    width: 7,
    leaves: 'second',
    cell: ({ state, claimedBy }) =>
      state === 'claimed' && claimedBy !== null ? <Peer id={claimedBy} /> : <span className='faint'>–</span>,
  },
  {
    name: 'wallet.column.amount',
    width: 5.75,
    align: 'end',
    cell: ({ amountMicro }) => <Ruv micro={amountMicro} unit={false} isColumn />,
  },
  {
    name: 'wallet.invites.made',
    width: 4.5,
    align: 'end',
    leaves: 'first',
    cell: ({ madeAtMs }) => (
      <span className='soft'>
        <When atMs={madeAtMs} />
      </span>
    ),
  },
  { name: 'wallet.invites.action', isNameUnseen: true, width: 7.25, align: 'end', cell: (invite) => <Action invite={invite} /> },
]

const ShowLink = ({ invite: { account, amountMicro } }: { readonly invite: OwnInvite }) => {
  const { client, invites } = useMarket()
  const [link, setLink] = useState<string | null>(null)
  const show = async (): Promise<void> => {
    const answer = await client.invites.link({ account })
    if (answer.ok) setLink(answer.value.link)
    else invites.refresh()
  }
  return (
    <>
      <Button size='small' onPress={() => void show()}>
        {t('wallet.invites.show')}
      </Button>
      {link !== null && <InviteLink link={link} amountMicro={amountMicro} onClose={() => setLink(null)} />}
    </>
  )
}

const TakeBack = ({ invite: { account } }: { readonly invite: OwnInvite }) => {
  const { client, invites } = useMarket()
  const claim = useCommand(client.invites.claim)
  const takeBack = async (): Promise<boolean> => {
    const answer = await client.invites.link({ account })
    if (answer.ok) return (await claim.run({ link: answer.value.link })) !== null
    invites.refresh()
    return true
  }
  return (
    <ConfirmedButton
      label={t('wallet.invites.takeBack')}
      look='plain'
      size='small'
      question={t('wallet.invites.takeBack.title')}
      isPending={claim.isPending}
      problem={claim.problem}
      run={takeBack}
    >
      <p>{t('wallet.invites.takeBack.body')}</p>
    </ConfirmedButton>
  )
}
