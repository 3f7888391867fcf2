import { useState } from 'react'
import { shortId } from '../../format/id.ts'
import { formatLeft } from '../../format/time.ts'
import { t } from '../../messages/translate.ts'
import { useFollowed, useMarket } from '../../store/context.tsx'
import { valueOf } from '../../store/loaded.ts'
import type { CommitteeStatus } from '../../store/types.ts'
import { useCommand } from '../../store/use-command.ts'
import { useIdentity } from '../../store/use-identity.ts'
import { Button } from '../../ui/button.tsx'
import { Copyable } from '../../ui/copy.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Facts } from '../../ui/facts.tsx'
import { TextArea } from '../../ui/field.tsx'
import { Form } from '../../ui/form.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Section } from '../../ui/page.tsx'
import { Peer } from '../../ui/peer.tsx'
import { cardOf, rosterChanges } from './roster.ts'

/** Who may be drawn to judge a dispute, and what happens in one if nobody may. */
export const Arbiters = () => {
  const status = valueOf(useFollowed(useMarket().committee))
  const identity = useIdentity()
  if (status === null) return null
  const { arbiters, mayPropose } = status
  return (
    <Section title={t('network.arbiters')} aside={mayPropose && <ChangeArbiters status={status} />}>
      <p className='soft small'>{arbiters.length === 0 ? t('network.arbiters.none') : t('network.arbiters.body')}</p>
      <ul className='committee-list'>
        {arbiters.map(({ accountId, name, operator, isOwn }) => (
          <li key={accountId} data-testid='arbiter'>
            <Peer id={accountId} own={isOwn} />
            <span className='foreign'>{name}</span>
            {operator !== '' && <span className='soft foreign'>{operator}</span>}
          </li>
        ))}
      </ul>
      {identity !== null && (
        <>
          <Facts
            facts={[
              {
                name: t('network.arbiters.yourKey'),
                value: <Copyable text={identity.accountKey} shown={shortId(identity.accountKey)} label={t('network.arbiters.copyKey')} />,
              },
            ]}
          />
          <p className='soft small'>{t('network.arbiters.yourKey.hint')}</p>
        </>
      )}
    </Section>
  )
}

/** Long enough for witnesses of every time zone to endorse it. */
const ENDORSED_WITHIN_MS = 24 * 3_600_000

const ChangeArbiters = ({ status: { arbiters, noticeMs, quorum } }: { readonly status: CommitteeStatus }) => {
  const { client } = useMarket()
  const propose = useCommand(client.federation.propose)
  const [isOpen, setOpen] = useState(false)
  const [typed, setTyped] = useState('')
  const changes = rosterChanges(arbiters, typed)
  const open = (): void => {
    setTyped(arbiters.map(cardOf).join('\n'))
    setOpen(true)
  }
  const close = (): void => {
    propose.clear()
    setOpen(false)
  }
  const submit = async (): Promise<void> => {
    if (changes.length > 0 && (await propose.run({ changes, startsAtMs: null })) !== null) close()
  }
  return (
    <>
      <Button size='small' onPress={open}>
        {t('network.arbiters.change')}
      </Button>
      <Dialog
        title={t('network.arbiters.change.title')}
        width='wide'
        isOpen={isOpen}
        onClose={close}
        actions={
          <Button look='primary' type='submit' form='arbiters' isDisabled={changes.length === 0} isPending={propose.isPending}>
            {t('network.arbiters.propose')}
          </Button>
        }
      >
        <p className='soft'>{t('network.arbiters.change.body', { begins: formatLeft(noticeMs + ENDORSED_WITHIN_MS), quorum })}</p>
        <Form id='arbiters' className='dialog-form' onSubmit={() => void submit()}>
          <TextArea
            label={t('network.arbiters.list')}
            hint={t('network.arbiters.list.hint')}
            isMono
            rows={5}
            value={typed}
            onChange={(text) => {
              propose.clear()
              setTyped(text)
            }}
          />
        </Form>
        {propose.problem !== null && <Notice tone='error'>{propose.problem}</Notice>}
      </Dialog>
    </>
  )
}
