import { useState } from 'react'
import { t } from '../../messages/translate.ts'
import { useMarket } from '../../store/context.tsx'
import type { Credentials } from '../../store/types.ts'
import { useCommand } from '../../store/use-command.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/field.tsx'
import { Form } from '../../ui/form.tsx'
import { Notice } from '../../ui/notice.tsx'

type KeyDialogProps = {
  readonly protection: Credentials['protection']
  readonly isOpen: boolean
  readonly onClose: () => void
  readonly onAdded: (ref: string) => void
}

const MAX_NAME_LENGTH = 64
const MAX_KEY_LENGTH = 4_096

/** A secret goes in here and is never shown again. */
export const KeyDialog = ({ protection, isOpen, onClose, onAdded }: KeyDialogProps) => {
  const { client } = useMarket()
  const put = useCommand(client.credentials.put)
  const [name, setName] = useState('')
  const [secret, setSecret] = useState('')
  const [isAsked, setAsked] = useState(false)
  const close = (): void => {
    setSecret('')
    setAsked(false)
    put.clear()
    onClose()
  }
  const submit = async (): Promise<void> => {
    setAsked(true)
    const ref = name.trim()
    if (ref === '' || secret.trim() === '') return
    const added = await put.run({ ref, secret: secret.trim() })
    if (added === null) return
    onAdded(ref)
    close()
  }
  return (
    <Dialog
      title={t('key.title')}
      isOpen={isOpen}
      onClose={close}
      actions={
        <Button look='primary' type='submit' form='key' isPending={put.isPending}>
          {t('key.add')}
        </Button>
      }
    >
      <p className='soft'>
        {t('key.body')} {t(`key.protection.${protection}`)}
      </p>
      <Form id='key' className='dialog-form' onSubmit={() => void submit()}>
        <TextField
          label={t('key.name')}
          hint={t('key.name.hint')}
          maxLength={MAX_NAME_LENGTH}
          value={name}
          onChange={setName}
          error={isAsked && name.trim() === '' ? t('key.name.missing') : null}
        />
        <TextField
          label={t('key.secret')}
          hint={t('key.secret.hint')}
          type='password'
          maxLength={MAX_KEY_LENGTH}
          value={secret}
          onChange={(typed) => {
            setSecret(typed)
            put.clear()
          }}
          error={isAsked && secret.trim() === '' ? t('key.secret.missing') : null}
        />
      </Form>
      {put.problem !== null && <Notice tone='error'>{put.problem}</Notice>}
    </Dialog>
  )
}
