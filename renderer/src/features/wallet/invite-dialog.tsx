import { useState } from 'react'
import { formatRuv, parseRuv } from '../../format/amount.ts'
import { t } from '../../messages/translate.ts'
import { useMarket } from '../../store/context.tsx'
import type { WalletSummary } from '../../store/types.ts'
import { useCommand } from '../../store/use-command.ts'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/field.tsx'
import { Form } from '../../ui/form.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PlainText } from '../../ui/plain-text.tsx'
import { QrCode } from '../../ui/qr-code/qr-code.tsx'
import { amountProblem } from './transfer-model.ts'
import './invite-dialog.css'

type InviteDialogProps = { readonly summary: WalletSummary; readonly isOpen: boolean; readonly onClose: () => void }
type Made = { readonly link: string; readonly amountMicro: bigint }

export const InviteDialog = ({ summary, isOpen, onClose }: InviteDialogProps) => {
  const { client } = useMarket()
  const create = useCommand(client.invites.create)
  const [amount, setAmount] = useState('10')
  const [problem, setProblem] = useState<string | null>(null)
  const [made, setMade] = useState<Made | null>(null)
  const submit = async (): Promise<void> => {
    const wrong = amountProblem(amount, summary.availableMicro)
    setProblem(wrong)
    if (wrong !== null) return
    const amountMicro = parseRuv(amount) ?? 0n
    const invite = await create.run({ amountMicro })
    if (invite !== null) setMade({ link: invite.link, amountMicro })
  }
  const close = (): void => {
    setMade(null)
    create.clear()
    onClose()
  }
  if (made !== null) return <InviteReady made={made} onClose={close} />
  return (
    <Dialog
      title={t('wallet.invite.title')}
      isOpen={isOpen}
      onClose={close}
      actions={
        <Button look='primary' type='submit' form='invite' isPending={create.isPending}>
          {t('wallet.invite.create')}
        </Button>
      }
    >
      <p className='soft'>{t('wallet.invite.body')}</p>
      <Form id='invite' className='dialog-form' onSubmit={() => void submit()}>
        <TextField
          label={t('wallet.invite.amount')}
          hint={t('wallet.send.available', { amount: formatRuv(summary.availableMicro) })}
          unit={t('common.ruv')}
          inputMode='decimal'
          maxLength={40}
          value={amount}
          onChange={(typed) => {
            setProblem(null)
            setAmount(typed)
          }}
          error={problem}
        />
      </Form>
      {create.problem !== null && <Notice tone='error'>{create.problem}</Notice>}
    </Dialog>
  )
}

/** An alert, so that the only sight of the link is not lost by a click beside it. */
const InviteReady = ({ made: { link, amountMicro }, onClose }: { readonly made: Made; readonly onClose: () => void }) => (
  <Dialog
    kind='alert'
    title={t('wallet.invite.done.title')}
    isOpen
    onClose={onClose}
    actions={
      <>
        <Button onPress={onClose}>{t('wallet.done')}</Button>
        <CopyButton text={link} label={t('wallet.invite.copy')} />
      </>
    }
  >
    <p className='soft'>{t('wallet.invite.done.body', { amount: formatRuv(amountMicro) })}</p>
    <div className='invite-link'>
      <QrCode text={link} label={t('wallet.invite.qr')} />
      <PlainText isMono isSelectedWhole label={t('wallet.invite.link')} text={link} testId='invite-link' />
    </div>
  </Dialog>
)
