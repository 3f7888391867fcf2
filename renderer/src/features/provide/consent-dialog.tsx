import { useState } from 'react'
import type { AppContract } from '../../../../core/contract/contract.ts'
import type { OutputOf } from '../../../../core/contract/definition.ts'
import type { ProviderChoice } from '../../../../core/contract/provider.ts'
import { formatCents } from '../../format/number.ts'
import { formatDate } from '../../format/time.ts'
import { t } from '../../messages/translate.ts'
import { Button } from '../../ui/button.tsx'
import { Checkbox } from '../../ui/choice.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Facts } from '../../ui/facts.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PlainText } from '../../ui/plain-text.tsx'
import { reachOf } from './choice.ts'
import './consent-dialog.css'

export type ConsentDocument = OutputOf<AppContract['consents']['document']>

type ConsentDialogProps = {
  readonly document: ConsentDocument
  readonly choice: Pick<ProviderChoice, 'backend' | 'caps'>
  readonly isPending: boolean
  readonly problem: string | null
  readonly onAgree: () => void
  readonly onRefuse: () => void
}

/** Plain, unticked, answered by one of two equal buttons; the focus begins on the refusal. */
export const ConsentDialog = ({ document, choice: { backend, caps }, isPending, problem, onAgree, onRefuse }: ConsentDialogProps) => {
  const [isRead, setRead] = useState(false)
  return (
    <Dialog
      kind='alert'
      width='wide'
      title={t('consent.title')}
      isOpen
      onClose={onRefuse}
      actions={
        <div className='consent-answers'>
          <Button takesFocus onPress={onRefuse}>
            {t('consent.refuse')}
          </Button>
          <Button isDisabled={!isRead} isPending={isPending} onPress={onAgree}>
            {t('consent.agree')}
          </Button>
        </div>
      }
    >
      <Facts
        facts={[
          {
            name: t('consent.for'),
            value:
              backend.kind === 'practice' ? (
                t('provide.backend.practice')
              ) : (
                <span className='foreign'>
                  {backend.model}, {reachOf(backend).baseUrl}
                </span>
              ),
          },
          {
            name: t('consent.caps'),
            value: t('consent.capsText', { concurrent: caps.concurrent, tasks: caps.tasksPerDay, tokens: caps.outputTokensPerDay }),
          },
          ...(caps.moneyPerDayCents > 0
            ? [
                {
                  name: t('consent.money'),
                  value: t('consent.moneyText', { day: formatCents(caps.moneyPerDayCents), month: formatCents(caps.moneyPerMonthCents) }),
                },
              ]
            : []),
        ]}
      />
      <PlainText label={t('consent.text')} text={document.text} />
      <p className='small soft'>
        {t('consent.version', { version: document.version, date: formatDate(document.termsCheckedAtMs), days: document.validDays })}
      </p>
      <Checkbox isSelected={isRead} onChange={setRead}>
        {t('consent.read')}
      </Checkbox>
      {problem !== null && <Notice tone='error'>{problem}</Notice>}
    </Dialog>
  )
}
