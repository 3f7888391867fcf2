import { useState } from 'react'
import { t } from '../../messages/translate.ts'
import { useFollowed, useMarket } from '../../store/context.tsx'
import { useCommand } from '../../store/use-command.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Notice } from '../../ui/notice.tsx'
import { LoadedView, Section } from '../../ui/page.tsx'

/** Names of what is kept; the secrets themselves are never shown. */
export const Credentials = () => {
  const { credentials } = useMarket()
  return (
    <Section title={t('settings.credentials')}>
      <p className='soft small'>{t('settings.credentials.body')}</p>
      <LoadedView of={useFollowed(credentials)} lines={2} onRetry={credentials.refresh}>
        {({ refs, protection }) =>
          refs.length === 0 ? (
            <p className='soft small'>{t('settings.credentials.empty')}</p>
          ) : (
            <ul className='ledger'>
              {refs.map((name) => (
                <li key={name}>
                  <div className='ledger-text'>
                    <strong className='foreign'>{name}</strong>
                    <span className='soft'>{t(`key.protection.${protection}`)}</span>
                  </div>
                  <RemoveButton name={name} />
                </li>
              ))}
            </ul>
          )
        }
      </LoadedView>
    </Section>
  )
}

const RemoveButton = ({ name }: { readonly name: string }) => {
  const { client } = useMarket()
  const remove = useCommand(client.credentials.remove)
  const [isOpen, setOpen] = useState(false)
  const close = (): void => setOpen(false)
  const confirm = async (): Promise<void> => {
    if ((await remove.run({ ref: name })) !== null) close()
  }
  return (
    <>
      <Button size='small' onPress={() => setOpen(true)}>
        {t('settings.credentials.remove')}
      </Button>
      <Dialog
        kind='alert'
        title={t('settings.credentials.remove.title', { name })}
        isOpen={isOpen}
        onClose={close}
        actions={
          <>
            <Button takesFocus onPress={close}>
              {t('common.cancel')}
            </Button>
            <Button look='danger' isPending={remove.isPending} onPress={() => void confirm()}>
              {t('settings.credentials.remove')}
            </Button>
          </>
        }
      >
        <p>{t('settings.credentials.remove.body')}</p>
        {remove.problem !== null && <Notice tone='error'>{remove.problem}</Notice>}
      </Dialog>
    </>
  )
}
