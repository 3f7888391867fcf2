import { useState } from 'react'
import { formatRuv } from '../../format/amount.ts'
import { rich, t } from '../../messages/translate.ts'
import { useMarket } from '../../store/context.tsx'
import type { EscrowDetail } from '../../store/types.ts'
import { useCommand } from '../../store/use-command.ts'
import { ConfirmedButton } from '../../ui/confirmed-button.tsx'
import { Button } from '../../ui/button.tsx'
import { Countdown } from '../../ui/moment.tsx'
import { Section } from '../../ui/page.tsx'
import { Ruv } from '../../ui/ruv.tsx'
import { DisputeWizard } from './dispute-wizard.tsx'
import { SplitDialog, SplitOffer } from './split.tsx'
import { canSplit, movesOf, type Exit } from './story.ts'
import './dispute.css'
import './exits.css'

/** What its owner can do now: each move with what it pays, for how long, and one button. */
export const Exits = ({ escrow, isDisputing }: { readonly escrow: EscrowDetail; readonly isDisputing: boolean }) => {
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
          <Move key={exit.move} exit={exit} escrow={escrow} isDisputing={isDisputing} />
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

type MoveProps = { readonly exit: Exit; readonly escrow: EscrowDetail; readonly isDisputing: boolean }

const Move = ({ exit, escrow, isDisputing }: MoveProps) => {
  const { client } = useMarket()
  const release = useCommand(client.escrow.release)
  const refund = useCommand(client.escrow.refund)
  if (exit.move === 'dispute') return <Disputing exit={exit} escrow={escrow} isDisputing={isDisputing} />
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

const Disputing = ({ exit, escrow, isDisputing }: MoveProps) => {
  const [isOpen, setOpen] = useState(isDisputing)
  return (
    <div className='exit'>
      <Button onPress={() => setOpen(true)}>{t('dispute.open')}</Button>
      <DisputeWizard escrow={escrow} isOpen={isOpen} onClose={() => setOpen(false)} />
      <p>
        {escrow.panel.hasJudges ? t('dispute.open.body') : t('dispute.open.noJudges')} <Until exit={exit} />
      </p>
    </div>
  )
}

const Until = ({ exit: { untilMs } }: { readonly exit: Exit }) =>
  untilMs !== null && rich('escrow.exit.until', { left: <Countdown toMs={untilMs} over={t('escrow.moment')} /> })

const Pays = ({ exit: { pays } }: { readonly exit: Exit }) =>
  pays !== null && rich('escrow.pays', { provider: <Ruv micro={pays.providerMicro} />, client: <Ruv micro={pays.clientMicro} /> })
