import { useState } from 'react'
import { maxPhraseLength } from '../../../../core/contract/setup.ts'
import { t } from '../../messages/translate.ts'
import { useMarket } from '../../store/context.tsx'
import { useCommand } from '../../store/use-command.ts'
import { TextArea } from '../../ui/field.tsx'
import { PassphraseStep } from './account-steps.tsx'
import { checkRestore, isClean } from './draft.ts'
import { Frame, StepForm } from './frame.tsx'
import { RestoreSource } from './restore-source.tsx'
import { useCheck } from './use-check.ts'
import type { WayProps } from './way.ts'

export const Restore = ({ draft, change, needsPassphrase, words, onLeave }: WayProps) => {
  const { client } = useMarket()
  const restore = useCommand(client.setup.restore)
  const { refusal, isChecking, check } = useCheck()
  const [isAsked, setAsked] = useState(false)
  const [isPassphraseStep, setPassphraseStep] = useState(false)
  const errors = isAsked ? checkRestore(draft) : {}
  const account = { federation: draft.backup?.content ?? draft.federationText.trim(), phrase: draft.phrase }
  const finish = (): void => void restore.run({ ...account, passphrase: needsPassphrase ? draft.passphrase : null })
  const refusalOf = (field: 'phrase' | 'federation'): string | null =>
    refusal !== null && (refusal.code === 'wrong-phrase') === (field === 'phrase') ? refusal.message : null
  const steps = needsPassphrase ? 2 : 1
  if (isPassphraseStep) {
    return (
      <PassphraseStep
        draft={draft}
        change={change}
        words={words}
        step={t('setup.step', { step: 2, steps })}
        onBack={() => {
          restore.clear()
          setPassphraseStep(false)
        }}
        onNext={finish}
        finish={{ label: t('setup.restore.submit'), isPending: restore.isPending, problem: restore.problem }}
      />
    )
  }
  return (
    <Frame {...(steps === 1 ? {} : { step: t('setup.step', { step: 1, steps }) })} title={t('setup.restore.title')}>
      <StepForm
        submit={needsPassphrase ? t('common.continue') : t('setup.restore.submit')}
        onBack={onLeave}
        isPending={isChecking || restore.isPending}
        problem={restore.problem}
        onSubmit={() => {
          setAsked(true)
          if (!isClean(checkRestore(draft))) return
          void check(client.setup.checkRestore(account), () => (needsPassphrase ? setPassphraseStep(true) : finish()))
        }}
      >
        <TextArea
          label={t('setup.restored.label')}
          hint={t('setup.restored.hint')}
          rows={4}
          maxLength={maxPhraseLength}
          value={draft.phrase}
          onChange={(phrase) => change({ phrase })}
          error={errors.phrase ?? refusalOf('phrase')}
        />
        <RestoreSource draft={draft} change={change} error={errors.federation ?? refusalOf('federation')} />
      </StepForm>
    </Frame>
  )
}
