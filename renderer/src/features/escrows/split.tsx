import { useState } from 'react'
import { formatRuv, parseRuv } from '../../format/amount.ts'
import { rich, t } from '../../messages/translate.ts'
import { useMarket } from '../../store/context.tsx'
import type { EscrowDetail } from '../../store/types.ts'
import { useCommand } from '../../store/use-command.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/field.tsx'
import { Form } from '../../ui/form.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Ruv } from '../../ui/ruv.tsx'

type SplitDialogProps = { readonly escrow: EscrowDetail; readonly isOpen: boolean; readonly onClose: () => void }

export const SplitDialog = ({ escrow, isOpen, onClose }: SplitDialogProps) => {
  const { client } = useMarket()
  const propose = useCommand(client.escrow.proposeSplit)
  const [typed, setTyped] = useState(formatRuv((escrow.priceMicro ?? escrow.amountMicro) / 2n))
  const [isAsked, setAsked] = useState(false)
  const parsed = parseRuv(typed)
  const toProviderMicro = parsed !== null && parsed <= escrow.amountMicro ? parsed : null
  const close = (): void => {
    setAsked(false)
    propose.clear()
    onClose()
  }
  const submit = async (): Promise<void> => {
    setAsked(true)
    if (toProviderMicro === null) return
    if ((await propose.run({ escrowId: escrow.id, toProviderMicro })) !== null) close()
  }
  return (
    <Dialog
      title={t('escrow.split.title')}
      isOpen={isOpen}
      onClose={close}
      actions={
        <Button look='primary' type='submit' form='split' isPending={propose.isPending}>
          {t('escrow.split.submit')}
        </Button>
      }
    >
      <p className='soft'>{t('escrow.split.body')}</p>
      <Form id='split' className='dialog-form' onSubmit={() => void submit()}>
        <TextField
          label={t('escrow.split.toProvider')}
          unit={t('common.ruv')}
          inputMode='decimal'
          maxLength={40}
          value={typed}
          onChange={(value) => {
            propose.clear()
            setTyped(value)
          }}
          hint={toProviderMicro !== null && rich('escrow.split.rest', { client: <Ruv micro={escrow.amountMicro - toProviderMicro} /> })}
          error={isAsked && toProviderMicro === null ? t('escrow.split.wrong', { most: formatRuv(escrow.amountMicro) }) : null}
        />
      </Form>
      {propose.problem !== null && <Notice tone='error'>{propose.problem}</Notice>}
    </Dialog>
  )
}

/** A split that one side has signed: mine waits, the other's can be signed as it is shown. */
export const SplitOffer = ({ escrow }: { readonly escrow: EscrowDetail }) => {
  const { client } = useMarket()
  const accept = useCommand(client.escrow.acceptSplit)
  const { splitOffer, amountMicro, role } = escrow
  if (splitOffer === null) return null
  const { toProviderMicro, by } = splitOffer
  const values = { provider: <Ruv micro={toProviderMicro} />, client: <Ruv micro={amountMicro - toProviderMicro} /> }
  if (by === role) return <Notice tone='info'>{rich('escrow.split.offered', values)}</Notice>
  return (
    <>
      <Notice
        tone='warning'
        action={
          <Button size='small' isPending={accept.isPending} onPress={() => void accept.run({ escrowId: escrow.id, toProviderMicro })}>
            {t('escrow.split.accept')}
          </Button>
        }
      >
        {rich('escrow.split.received', values)}
      </Notice>
      {accept.problem !== null && <Notice tone='error'>{accept.problem}</Notice>}
    </>
  )
}
