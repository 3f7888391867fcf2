import { useState } from 'react'
import { maxInviteLinkLength } from '../../../../core/contract/invites.ts'
import { onOneLine } from '../../format/pasted.ts'
import { t } from '../../messages/translate.ts'
import { useMarket } from '../../store/context.tsx'
import { useCommand } from '../../store/use-command.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { TextArea } from '../../ui/field.tsx'
import { Form } from '../../ui/form.tsx'
import { ClaimedNotice, type Claimed } from '../../ui/claimed-notice.tsx'

type ClaimDialogProps = {
  readonly link: string
  readonly onChange: (link: string) => void
  readonly isOpen: boolean
  readonly onClose: () => void
}

export const ClaimDialog = ({ link, onChange, isOpen, onClose }: ClaimDialogProps) => {
  const { client } = useMarket()
  const claim = useCommand(client.invites.claim)
  const [isMissing, setMissing] = useState(false)
  const [claimed, setClaimed] = useState<Claimed | null>(null)
  const submit = async (): Promise<void> => {
    const bare = onOneLine(link)
    setMissing(bare === '')
    if (bare === '') return
    setClaimed(await claim.run({ link: bare }))
  }
  const close = (): void => {
    if (claimed !== null) onChange('')
    setClaimed(null)
    claim.clear()
    onClose()
  }
  if (claimed !== null) {
    return (
      <Dialog
        title={t('wallet.claim.done.title')}
        isOpen
        onClose={close}
        actions={
          <Button look='primary' takesFocus onPress={close}>
            {t('wallet.done')}
          </Button>
        }
      >
        <ClaimedNotice claimed={claimed} />
      </Dialog>
    )
  }
  return (
    <Dialog
      title={t('wallet.claim.title')}
      isOpen={isOpen}
      onClose={close}
      actions={
        <Button look='primary' type='submit' form='claim' isPending={claim.isPending}>
          {t('wallet.claim.submit')}
        </Button>
      }
    >
      <p className='soft'>{t('wallet.claim.body')}</p>
      <Form id='claim' className='dialog-form' onSubmit={() => void submit()}>
        <TextArea
          label={t('wallet.invite.link')}
          isMono
          rows={3}
          maxLength={maxInviteLinkLength}
          value={link}
          onChange={(typed) => {
            claim.clear()
            onChange(typed)
          }}
          error={isMissing ? t('setup.invite.missing') : claim.problem}
        />
      </Form>
    </Dialog>
  )
}
