import { useState } from 'react'
import { maxInviteLinkLength } from '../../../../core/contract/invites.ts'
import { formatRuv } from '../../format/amount.ts'
import { t } from '../../messages/translate.ts'
import { useMarket } from '../../store/context.tsx'
import { useCommand } from '../../store/use-command.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { TextArea } from '../../ui/field.tsx'
import { Form } from '../../ui/form.tsx'
import { Notice } from '../../ui/notice.tsx'

/** For a member who is given more by somebody else. */
export const ClaimDialog = ({ isOpen, onClose }: { readonly isOpen: boolean; readonly onClose: () => void }) => {
  const { client } = useMarket()
  const claim = useCommand(client.invites.claim)
  const [link, setLink] = useState('')
  const [isMissing, setMissing] = useState(false)
  const [claimedMicro, setClaimedMicro] = useState<bigint | null>(null)
  const submit = async (): Promise<void> => {
    const bare = link.replaceAll(/\s+/g, '')
    setMissing(bare === '')
    if (bare === '') return
    const claimed = await claim.run({ link: bare })
    if (claimed !== null) setClaimedMicro(claimed.amountMicro)
  }
  const close = (): void => {
    if (claimedMicro !== null) setLink('')
    setClaimedMicro(null)
    claim.clear()
    onClose()
  }
  if (claimedMicro !== null) {
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
        <Notice tone='good'>{t('wallet.claim.done.body', { amount: formatRuv(claimedMicro) })}</Notice>
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
            setLink(typed)
          }}
          error={isMissing ? t('setup.invite.missing') : claim.problem}
        />
      </Form>
    </Dialog>
  )
}
