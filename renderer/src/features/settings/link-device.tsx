import { useState } from 'react'
import { t } from '../../messages/translate.ts'
import { useMarket } from '../../store/context.tsx'
import { useCommand } from '../../store/use-command.ts'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { TextArea } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'

type Shown = { readonly name: string; readonly fingerprint: string }

/** From the code of a new computer, by comparing what both show, to the code with which that one goes on. */
export const LinkDevice = () => {
  const { client } = useMarket()
  const link = useCommand(client.devices.link)
  const [isOpen, setOpen] = useState(false)
  const [code, setCode] = useState('')
  const [shown, setShown] = useState<Shown | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [accountCode, setAccountCode] = useState<string | null>(null)

  const close = (): void => {
    setOpen(false)
    setCode('')
    setShown(null)
    setProblem(null)
    setAccountCode(null)
  }
  const read = async (): Promise<void> => {
    const answer = await client.devices.readCode({ code })
    setShown(answer.ok ? answer.value : null)
    setProblem(answer.ok ? null : answer.error.message)
  }
  const confirm = async (): Promise<void> => {
    const linked = await link.run({ code })
    if (linked !== null) setAccountCode(linked.accountCode)
  }
  return (
    <>
      <Button size='small' onPress={() => setOpen(true)}>
        {t('settings.devices.link')}
      </Button>
      <Dialog
        title={t('settings.devices.link.title')}
        width='wide'
        isOpen={isOpen}
        onClose={close}
        actions={
          accountCode !== null ? (
            <CopyButton text={accountCode} label={t('settings.devices.link.copy')} />
          ) : (
            <>
              <Button onPress={close}>{t('common.cancel')}</Button>
              {shown === null ? (
                <Button look='primary' isDisabled={code.trim() === ''} onPress={() => void read()}>
                  {t('common.continue')}
                </Button>
              ) : (
                <Button look='primary' isPending={link.isPending} onPress={() => void confirm()}>
                  {t('settings.devices.link')}
                </Button>
              )}
            </>
          )
        }
      >
        {accountCode !== null ? (
          <p>{t('settings.devices.link.done')}</p>
        ) : shown === null ? (
          <TextArea
            label={t('settings.devices.link.code')}
            hint={t('settings.devices.link.hint')}
            error={problem}
            value={code}
            onChange={setCode}
            maxLength={600}
            isMono
            spellCheck={false}
          />
        ) : (
          <>
            <p>{t('settings.devices.link.compare', shown)}</p>
            <p className='figure'>
              <strong>{shown.fingerprint}</strong>
            </p>
            {link.problem !== null && <Notice tone='error'>{link.problem}</Notice>}
          </>
        )}
      </Dialog>
    </>
  )
}
