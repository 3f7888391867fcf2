import { useState } from 'react'
import type { MarketClient } from '../../api/client.ts'
import { formatRuv, parseRuv } from '../../format/amount.ts'
import { t } from '../../messages/translate.ts'
import { useMarket } from '../../store/context.tsx'
import type { WalletSummary } from '../../store/types.ts'
import { useCommand, type Attempt } from '../../store/use-command.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/field.tsx'
import { Form } from '../../ui/form.tsx'
import { Notice } from '../../ui/notice.tsx'
import { InviteLink } from './invite-link.tsx'
import { amountProblem } from './transfer-model.ts'

type InviteDialogProps = {
  readonly summary: WalletSummary
  readonly amount: string
  readonly onChange: (amount: string) => void
  readonly inviting: Attempt
  readonly isOpen: boolean
  readonly onClose: () => void
}
/** `link` null: it is signed, and comes into the list when it is final. */
type Made = { readonly amountMicro: bigint } & ({ readonly link: string } | { readonly link: null; readonly message: string })

type Refused = Extract<Awaited<ReturnType<MarketClient['invites']['create']>>, { readonly ok: false }>

/** An order that is signed and kept was given: to ask for it once more would be another one. */
const makeWith =
  ({ invites }: MarketClient) =>
  async (input: Parameters<MarketClient['invites']['create']>[0]): Promise<{ readonly ok: true; readonly value: Made } | Refused> => {
    const answer = await invites.create(input)
    const { amountMicro } = input
    if (answer.ok) return { ok: true, value: { amountMicro, link: answer.value.link } }
    if (answer.error.code !== 'on-its-way') return answer
    return { ok: true, value: { amountMicro, link: null, message: answer.error.message } }
  }

export const InviteDialog = ({ summary, amount, onChange, inviting, isOpen, onClose }: InviteDialogProps) => {
  const { client } = useMarket()
  const create = useCommand(makeWith(client), inviting)
  const [problem, setProblem] = useState<string | null>(null)
  const [made, setMade] = useState<Made | null>(null)
  const submit = async (): Promise<void> => {
    const wrong = amountProblem(amount, summary.availableMicro)
    setProblem(wrong)
    if (wrong === null) setMade(await create.run({ amountMicro: parseRuv(amount) ?? 0n }))
  }
  const close = (): void => {
    setMade(null)
    create.clear()
    onClose()
  }
  if (made !== null && made.link !== null) return <InviteLink link={made.link} amountMicro={made.amountMicro} onClose={close} />
  if (made !== null) return <OnItsWay message={made.message} onClose={close} />
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
            onChange(typed)
          }}
          error={problem}
        />
      </Form>
      {create.problem !== null && <Notice tone='error'>{create.problem}</Notice>}
    </Dialog>
  )
}

const OnItsWay = ({ message, onClose }: { readonly message: string; readonly onClose: () => void }) => (
  <Dialog
    title={t('wallet.invite.title')}
    isOpen
    onClose={onClose}
    actions={
      <Button look='primary' takesFocus onPress={onClose}>
        {t('wallet.done')}
      </Button>
    }
  >
    <Notice tone='warning'>{message}</Notice>
  </Dialog>
)
