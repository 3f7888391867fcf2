import { useState } from 'react'
import { t } from '../../messages/translate.ts'
import { useFollowed, useMarket } from '../../store/context.tsx'
import { valueOf } from '../../store/loaded.ts'
import { Button } from '../../ui/button.tsx'
import { KeyCheck } from '../../ui/key-check.tsx'
import { goTo, links } from '../../ui/links.ts'
import { LoadedView, Page, Section } from '../../ui/page.tsx'
import { AddsUp, Balance } from './balance.tsx'
import { ClaimDialog } from './claim-dialog.tsx'
import { History } from './history.tsx'
import { InviteDialog } from './invite-dialog.tsx'
import { SendDialog } from './send-dialog.tsx'
import { StatementPage } from './statement-page.tsx'
import './wallet-page.css'

type Opened = 'none' | 'send' | 'invite' | 'claim'

export const WalletPage = ({ item }: { readonly item: string | null }) =>
  item === 'statement' ? <StatementPage /> : <Wallet isInviting={item === 'invite'} />

const Wallet = ({ isInviting }: { readonly isInviting: boolean }) => {
  const { wallet, history } = useMarket()
  const loaded = useFollowed(wallet)
  const summary = valueOf(loaded)
  const movements = useFollowed(history)
  const all = movements.status === 'ready' && movements.value.nextCursor === null ? movements.value.rows : null
  const [opened, setOpened] = useState<Opened>(isInviting ? 'invite' : 'none')
  const close = (): void => {
    setOpened('none')
    if (isInviting) goTo(links.wallet)
  }
  return (
    <Page
      title={t('wallet.title')}
      actions={
        <>
          <Button look='quiet' isDisabled={summary === null} onPress={() => setOpened('claim')}>
            {t('wallet.claim')}
          </Button>
          <Button isDisabled={summary === null} onPress={() => setOpened('invite')}>
            {t('wallet.invite')}
          </Button>
          <Button look='primary' isDisabled={summary === null} onPress={() => setOpened('send')}>
            {t('wallet.send')}
          </Button>
        </>
      }
    >
      <Section title={t('wallet.balance')} isTitleUnseen>
        <LoadedView of={loaded} onRetry={wallet.refresh}>
          {(value) => (
            <>
              <Balance summary={value}>
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
      <History />
      {summary !== null && <SendDialog summary={summary} isOpen={opened === 'send'} onClose={close} />}
      {summary !== null && <InviteDialog summary={summary} isOpen={opened === 'invite'} onClose={close} />}
      <ClaimDialog isOpen={opened === 'claim'} onClose={close} />
    </Page>
  )
}
