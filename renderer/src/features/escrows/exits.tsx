import { useState, type ReactNode } from 'react'
import { formatRuv } from '../../format/amount.ts'
import { rich, t } from '../../messages/translate.ts'
import { useMarket } from '../../store/context.tsx'
import type { EscrowDetail } from '../../store/types.ts'
import { useCommand } from '../../store/use-command.ts'
import { Button, type ButtonLook } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Countdown } from '../../ui/moment.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Section } from '../../ui/page.tsx'
import { Ruv } from '../../ui/ruv.tsx'
import { DisputeWizard } from './dispute-wizard.tsx'
import { SplitDialog, SplitOffer } from './split.tsx'
import { canSplit, movesOf, type Exit } from './story.ts'
import './dispute.css'
import './exits.css'

/** What its owner can do now: each move with what it pays, for how long, and one button. */
export const Exits = ({ escrow }: { readonly escrow: EscrowDetail }) => {
  const [isSplitting, setSplitting] = useState(false)
  const moves = movesOf(escrow)
  if (escrow.phase === 'settled') {
    return (
      <Section title={t('escrow.exits')}>
        <p className='soft small'>{t('escrow.exits.none')}</p>
      </Section>
    )
  }
  return (
    <Section title={t('escrow.exits')}>
      <SplitOffer escrow={escrow} />
      {moves.length === 0 && <p className='soft small'>{t('escrow.exits.wait')}</p>}
      <div className='exits'>
        {moves.map((exit) => (
          <Move key={exit.move} exit={exit} escrow={escrow} />
        ))}
        {canSplit(escrow) && (
          <div className='exit'>
            <Button onPress={() => setSplitting(true)}>{t('escrow.split')}</Button>
            <SplitDialog escrow={escrow} isOpen={isSplitting} onClose={() => setSplitting(false)} />
          </div>
        )}
      </div>
    </Section>
  )
}

const Move = ({ exit, escrow }: { readonly exit: Exit; readonly escrow: EscrowDetail }) => {
  const { client } = useMarket()
  const release = useCommand(client.escrow.release)
  const refund = useCommand(client.escrow.refund)
  if (exit.move === 'dispute') return <Disputing exit={exit} escrow={escrow} />
  if (exit.move !== 'release' && exit.move !== 'refund') return null
  const command = exit.move === 'release' ? release : refund
  const amount = exit.move === 'release' ? exit.pays?.providerMicro : exit.pays?.clientMicro
  return (
    <div className='exit'>
      <ConfirmedButton
        label={t(`escrow.exit.${exit.move}`)}
        question={t(`escrow.confirm.${exit.move}`, { amount: formatRuv(amount ?? 0n) })}
        isPending={command.isPending}
        problem={command.problem}
        run={async () => (await command.run({ escrowId: escrow.id })) !== null}
      >
        <p>{t(`escrow.exit.${exit.move}.body`)}</p>
        <Pays exit={exit} />
      </ConfirmedButton>
      <p>
        <Pays exit={exit} /> <Until exit={exit} />
      </p>
    </div>
  )
}

const Disputing = ({ exit, escrow }: { readonly exit: Exit; readonly escrow: EscrowDetail }) => {
  const [isOpen, setOpen] = useState(false)
  return (
    <div className='exit'>
      <Button onPress={() => setOpen(true)}>{t('dispute.open')}</Button>
      <DisputeWizard escrow={escrow} isOpen={isOpen} onClose={() => setOpen(false)} />
      <p>
        {t('dispute.open.body')} <Until exit={exit} />
      </p>
    </div>
  )
}

const Until = ({ exit: { untilMs } }: { readonly exit: Exit }) =>
  untilMs !== null && rich('escrow.exit.until', { left: <Countdown toMs={untilMs} over={t('escrow.moment')} /> })

const Pays = ({ exit: { pays } }: { readonly exit: Exit }) =>
  pays !== null && rich('escrow.pays', { provider: <Ruv micro={pays.providerMicro} />, client: <Ruv micro={pays.clientMicro} /> })

type ConfirmedButtonProps = {
  readonly label: string
  /** What the second look is answered with, where it is not the same. */
  readonly confirmLabel?: string
  readonly look?: ButtonLook
  readonly question: string
  readonly children: ReactNode
  readonly isPending: boolean
  readonly problem: string | null
  /** @returns whether it was done */
  readonly run: () => Promise<boolean>
}

/** Where money moves, a second look. */
export const ConfirmedButton = (props: ConfirmedButtonProps) => {
  const { label, confirmLabel = label, look = 'primary', question, children, isPending, problem, run } = props
  const [isOpen, setOpen] = useState(false)
  const close = (): void => setOpen(false)
  const confirm = async (): Promise<void> => {
    if (await run()) close()
  }
  return (
    <>
      <Button look={look} onPress={() => setOpen(true)}>
        {label}
      </Button>
      <Dialog
        kind='alert'
        title={question}
        isOpen={isOpen}
        onClose={close}
        actions={
          <>
            <Button takesFocus onPress={close}>
              {t('common.cancel')}
            </Button>
            <Button look='primary' isPending={isPending} onPress={() => void confirm()}>
              {confirmLabel}
            </Button>
          </>
        }
      >
        {children}
        {problem !== null && <Notice tone='error'>{problem}</Notice>}
      </Dialog>
    </>
  )
}
