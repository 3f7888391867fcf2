import { useState, type ReactNode } from 'react'
import { formatLeft } from '../../format/time.ts'
import { rich, t } from '../../messages/translate.ts'
import { useMarket } from '../../store/context.tsx'
import type { EscrowDetail } from '../../store/types.ts'
import { useCommand } from '../../store/use-command.ts'
import { Button } from '../../ui/button.tsx'
import { Checkbox, Choices } from '../../ui/choice.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { TextArea } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Ruv } from '../../ui/ruv.tsx'
import { REASONS, statementOf, type Reason } from './statement.ts'

type WizardProps = { readonly escrow: EscrowDetail; readonly isOpen: boolean; readonly onClose: () => void }

const LAST_STEP = 3
const MAX_DETAILS = 3_500

/** Why, what the panel may see, and what then happens: three steps, and nothing is done before the last one. */
export const DisputeWizard = ({ escrow, isOpen, onClose }: WizardProps) => {
  const { client } = useMarket()
  const dispute = useCommand(client.escrow.dispute)
  const [step, setStep] = useState(1)
  const [reason, setReason] = useState<Reason>('missing')
  const [details, setDetails] = useState('')
  const [showsTask, setShowsTask] = useState(false)
  const [showsAnswer, setShowsAnswer] = useState(false)
  const hasTask = escrow.taskId !== null
  const close = (): void => {
    setStep(1)
    dispute.clear()
    onClose()
  }
  const submit = async (): Promise<void> => {
    const shown = { showTask: hasTask && showsTask, showAnswer: hasTask && showsAnswer }
    if ((await dispute.run({ escrowId: escrow.id, statement: statementOf(reason, details), ...shown })) !== null) close()
  }
  return (
    <Dialog
      title={t('dispute.title')}
      width='wide'
      isOpen={isOpen}
      onClose={close}
      actions={
        <>
          {step > 1 && <Button onPress={() => setStep(step - 1)}>{t('common.back')}</Button>}
          {step < LAST_STEP ? (
            <Button look='primary' onPress={() => setStep(step + 1)}>
              {t('common.continue')}
            </Button>
          ) : (
            <Button look='primary' isPending={dispute.isPending} onPress={() => void submit()}>
              {t('dispute.submit')}
            </Button>
          )}
        </>
      }
    >
      <p className='soft small' role='status'>
        {t('dispute.step', { step })}
      </p>
      {step === 1 && (
        <>
          <Choices
            label={t('dispute.reason')}
            options={REASONS.map((value) => ({ value, name: t(`dispute.reason.${value}`), hint: t(`dispute.reason.${value}.hint`) }))}
            value={reason}
            onChange={setReason}
          />
          <TextArea
            label={t('dispute.details')}
            hint={t('dispute.details.hint')}
            maxLength={MAX_DETAILS}
            spellCheck
            value={details}
            onChange={setDetails}
          />
        </>
      )}
      {step === 2 && (
        <>
          <h3>{t('dispute.evidence')}</h3>
          <p className='soft'>{t('dispute.evidence.body')}</p>
          {hasTask ? (
            <>
              <Checkbox isSelected={showsTask} onChange={setShowsTask} hint={t('dispute.evidence.task.hint')}>
                {t('dispute.evidence.task')}
              </Checkbox>
              <Checkbox isSelected={showsAnswer} onChange={setShowsAnswer} hint={t('dispute.evidence.answer.hint')}>
                {t('dispute.evidence.answer')}
              </Checkbox>
            </>
          ) : (
            <Notice tone='info'>{t('dispute.evidence.noTask')}</Notice>
          )}
        </>
      )}
      {step === LAST_STEP && (
        <>
          <h3>{t('dispute.then')}</h3>
          <Consequences escrow={escrow} />
        </>
      )}
      {dispute.problem !== null && <Notice tone='error'>{dispute.problem}</Notice>}
    </Dialog>
  )
}

const Consequences = ({ escrow: { amountMicro, priceMicro, panel, ruleMs } }: { readonly escrow: EscrowDetail }) => {
  const { quorum, seats, hasJudges } = panel
  const duration = formatLeft(ruleMs)
  const judged: readonly ReactNode[] = [
    t('dispute.then.seat', { seats }),
    rich('dispute.then.rule', { quorum, seats, price: <Ruv micro={priceMicro ?? amountMicro} /> }),
    t('dispute.then.default', { duration }),
  ]
  return (
    <ol className='dispute-then'>
      {[
        rich('dispute.then.cost', { amount: <Ruv micro={amountMicro} /> }),
        ...(hasJudges ? judged : [t('dispute.then.noJudges', { duration })]),
        t('dispute.then.agree'),
        t('dispute.then.final'),
      ].map((sentence, index) => (
        <li key={index}>{sentence}</li>
      ))}
    </ol>
  )
}
