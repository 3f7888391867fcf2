import { useEffect } from 'react'
import { useStore } from 'zustand'
import { t } from '../../messages/translate.ts'
import { useFollowed, useMarket } from '../../store/context.tsx'
import { valueOf } from '../../store/loaded.ts'
import type { WalletSummary } from '../../store/types.ts'
import { AwaitedNotice } from '../../ui/awaited-notice.tsx'
import { Button } from '../../ui/button.tsx'
import { KeyCheck } from '../../ui/key-check.tsx'
import { goTo, links } from '../../ui/links.ts'
import { LoadedView, Page, Section } from '../../ui/page.tsx'
import { AddsUp, Balance } from './balance.tsx'
import { ClaimDialog } from './claim-dialog.tsx'
import { draftsOf, type Opened } from './drafts.ts'
import { History } from './history.tsx'
import { InviteDialog } from './invite-dialog.tsx'
import { Invites } from './invites.tsx'
import { SendDialog } from './send-dialog.tsx'
import { StatementPage } from './statement-page.tsx'
import './wallet-page.css'

export const WalletPage = ({ item }: { readonly item: string | null }) =>
  item === 'statement' ? <StatementPage /> : <Wallet isInviting={item === 'invite'} />

const Wallet = ({ isInviting }: { readonly isInviting: boolean }) => {
  const { wallet, history, invites, setup } = useMarket()
  const awaitedMicro = valueOf(useFollowed(setup))?.awaitedMicro ?? 0n
  const loaded = useFollowed(wallet)
  const summary = valueOf(loaded)
  const movements = useFollowed(history)
  const all = movements.status === 'ready' && movements.value.nextCursor === null ? movements.value.rows : null
  const invitedMicro = valueOf(useFollowed(invites))?.heldMicro ?? 0n
  const open = (opened: Opened): void => {
    if (summary !== null) draftsOf(summary.accountId).setState({ opened })
  }
  return (
    <Page
      title={t('wallet.title')}
      actions={
        <>
          <Button look='quiet' isDisabled={summary === null} onPress={() => open('claim')}>
            {t('wallet.claim')}
          </Button>
          <Button isDisabled={summary === null} onPress={() => open('invite')}>
            {t('wallet.invite')}
          </Button>
          <Button look='primary' isDisabled={summary === null} onPress={() => open('send')}>
            {t('wallet.send')}
          </Button>
        </>
      }
    >
      <Section title={t('wallet.balance')} isTitleUnseen>
        <LoadedView of={loaded} onRetry={wallet.refresh}>
          {(value) => (
            <>
              <Balance summary={value} invitedMicro={invitedMicro}>
                {all !== null && all.length > 0 && <AddsUp summary={value} history={all.map(({ row }) => row)} />}
              </Balance>
              <div className='own-account'>
                <span className='soft'>{t('wallet.account')}</span>
                <KeyCheck id={value.accountId} copyLabel={t('wallet.account.copy')} />
              </div>
            </>
          )}
        </LoadedView>
      </Section>
      <AwaitedNotice micro={awaitedMicro} />
      <Invites />
      <History />
      {summary !== null && <Dialogs key={summary.accountId} summary={summary} isInviting={isInviting} />}
    </Page>
  )
}

/** They are as they were when the market has started again meanwhile, and closed after a look at another screen. */
const Dialogs = ({ summary, isInviting }: { readonly summary: WalletSummary; readonly isInviting: boolean }) => {
  const store = draftsOf(summary.accountId)
  const { opened, transfer, inviteAmount, claimLink, inviting } = useStore(store)
  const change = store.setState
  const close = (): void => {
    change({ opened: 'none' })
    if (isInviting) goTo(links.wallet)
  }
  useEffect(
    () => () => {
      if (!window.location.hash.startsWith(links.wallet)) store.setState({ opened: 'none' })
    },
    [store],
  )
  return (
    <>
      <SendDialog
        summary={summary}
        draft={transfer}
        onChange={(typed) => change({ transfer: typed })}
        isOpen={opened === 'send'}
        onClose={close}
      />
      <InviteDialog
        summary={summary}
        amount={inviteAmount}
        onChange={(typed) => change({ inviteAmount: typed })}
        inviting={inviting}
        isOpen={isInviting || opened === 'invite'}
        onClose={close}
      />
      <ClaimDialog link={claimLink} onChange={(typed) => change({ claimLink: typed })} isOpen={opened === 'claim'} onClose={close} />
    </>
  )
}
