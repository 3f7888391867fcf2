import { useState } from 'react'
import { maxMemoLength } from '../../../../core/contract/wallet.ts'
import { formatRuv } from '../../format/amount.ts'
import { t } from '../../messages/translate.ts'
import { useMarket } from '../../store/context.tsx'
import type { WalletSummary } from '../../store/types.ts'
import { useCommand } from '../../store/use-command.ts'
import { Button } from '../../ui/button.tsx'
import { Copyable } from '../../ui/copy.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Facts } from '../../ui/facts.tsx'
import { TextArea, TextField } from '../../ui/field.tsx'
import { Form } from '../../ui/form.tsx'
import { KeyCheck } from '../../ui/key-check.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Ruv } from '../../ui/ruv.tsx'
import { EMPTY_TRANSFER, readTransfer, type Transfer, type TransferDraft, type TransferErrors } from './transfer-model.ts'

type Stage =
  | { readonly kind: 'write' }
  | { readonly kind: 'check'; readonly transfer: Transfer }
  | { readonly kind: 'done'; readonly transfer: Transfer; readonly txHash: string }

type SendDialogProps = {
  readonly summary: WalletSummary
  readonly draft: TransferDraft
  readonly onChange: (draft: TransferDraft) => void
  readonly isOpen: boolean
  readonly onClose: () => void
}

/** Written, then read once more, then sent: money that is final is worth two looks. */
export const SendDialog = ({ summary, draft, onChange, isOpen, onClose }: SendDialogProps) => {
  const [stage, setStage] = useState<Stage>({ kind: 'write' })
  // It was read, or it was sent while nobody looked: the history says so.
  if (!isOpen && stage.kind === 'done') setStage({ kind: 'write' })
  switch (stage.kind) {
    case 'write':
      return (
        <Write
          draft={draft}
          summary={summary}
          isOpen={isOpen}
          onClose={onClose}
          onChange={(changed) => onChange({ ...draft, ...changed })}
          onNext={(transfer) => setStage({ kind: 'check', transfer })}
        />
      )
    case 'check':
      return (
        <Check
          transfer={stage.transfer}
          isOpen={isOpen}
          onClose={onClose}
          onBack={() => setStage({ kind: 'write' })}
          onSent={(txHash) => {
            onChange(EMPTY_TRANSFER)
            setStage({ kind: 'done', transfer: stage.transfer, txHash })
          }}
        />
      )
    case 'done':
      return <Sent transfer={stage.transfer} txHash={stage.txHash} isOpen={isOpen} onClose={onClose} />
  }
}

type WriteProps = Omit<SendDialogProps, 'onChange'> & {
  readonly onChange: (changed: Partial<TransferDraft>) => void
  readonly onNext: (transfer: Transfer) => void
}

const Write = ({ draft, summary, isOpen, onClose, onChange, onNext }: WriteProps) => {
  const [errors, setErrors] = useState<TransferErrors>({})
  const submit = (): void => {
    const read = readTransfer(draft, { ownAccountId: summary.accountId, availableMicro: summary.availableMicro })
    setErrors('errors' in read ? read.errors : {})
    if ('transfer' in read) onNext(read.transfer)
  }
  const change = (changed: Partial<TransferDraft>): void => {
    setErrors({})
    onChange(changed)
  }
  return (
    <Dialog
      title={t('wallet.send.title')}
      isOpen={isOpen}
      onClose={onClose}
      actions={
        <Button look='primary' type='submit' form='send'>
          {t('wallet.send.check')}
        </Button>
      }
    >
      <Form id='send' className='dialog-form' onSubmit={submit}>
        <TextArea
          label={t('wallet.send.to')}
          hint={t('wallet.send.to.hint')}
          isMono
          rows={2}
          maxLength={200}
          value={draft.to}
          onChange={(to) => change({ to })}
          error={errors.to ?? null}
        />
        <TextField
          label={t('wallet.send.amount')}
          hint={t('wallet.send.available', { amount: formatRuv(summary.availableMicro) })}
          unit={t('common.ruv')}
          inputMode='decimal'
          maxLength={40}
          value={draft.amount}
          onChange={(amount) => change({ amount })}
          error={errors.amount ?? null}
        />
        <TextField
          label={t('wallet.send.memo')}
          hint={t('wallet.send.memo.hint')}
          maxLength={maxMemoLength}
          value={draft.memo}
          onChange={(memo) => change({ memo })}
          error={errors.memo ?? null}
        />
      </Form>
    </Dialog>
  )
}

type CheckProps = {
  readonly transfer: Transfer
  readonly isOpen: boolean
  readonly onClose: () => void
  readonly onBack: () => void
  readonly onSent: (txHash: string) => void
}

/** Closed while the witnesses are asked, it stays and shows how that goes when it is opened again. */
const Check = ({ transfer, isOpen, onClose, onBack, onSent }: CheckProps) => {
  const { client } = useMarket()
  const send = useCommand(client.wallet.transfer)
  const amount = formatRuv(transfer.amountMicro)
  const confirm = async (): Promise<void> => {
    const sent = await send.run(transfer)
    if (sent !== null) onSent(sent.txHash)
  }
  const close = (): void => {
    if (!send.isPending) onBack()
    onClose()
  }
  return (
    <Dialog
      title={t('wallet.send.confirm.title', { amount })}
      isOpen={isOpen}
      onClose={close}
      actions={
        <>
          <Button takesFocus onPress={onBack}>
            {t('wallet.send.change')}
          </Button>
          <Button look='primary' isPending={send.isPending} onPress={() => void confirm()}>
            {t('wallet.send.confirm', { amount })}
          </Button>
        </>
      }
    >
      <p className='soft'>{t('wallet.send.confirm.body')}</p>
      <KeyCheck id={transfer.to} />
      <Facts
        facts={[
          { name: t('wallet.send.amount'), value: <Ruv micro={transfer.amountMicro} /> },
          ...(transfer.memo === '' ? [] : [{ name: t('wallet.send.memo'), value: transfer.memo }]),
        ]}
      />
      {send.problem !== null && <Notice tone='error'>{send.problem}</Notice>}
    </Dialog>
  )
}

type SentProps = { readonly transfer: Transfer; readonly txHash: string; readonly isOpen: boolean; readonly onClose: () => void }

const Sent = ({ transfer, txHash, isOpen, onClose }: SentProps) => (
  <Dialog
    title={t('wallet.send.done.title')}
    isOpen={isOpen}
    onClose={onClose}
    actions={
      <Button look='primary' takesFocus onPress={onClose}>
        {t('wallet.done')}
      </Button>
    }
  >
    <Notice tone='good'>{t('wallet.send.done.body', { amount: formatRuv(transfer.amountMicro) })}</Notice>
    <Facts facts={[{ name: t('wallet.decree'), value: <Copyable text={txHash} label={t('wallet.decree.copy')} /> }]} />
  </Dialog>
)
