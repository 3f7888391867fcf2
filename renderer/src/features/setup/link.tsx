import { useState } from 'react'
import { maxAccountCodeLength, maxDeviceName } from '../../../../core/contract/devices.ts'
import { t } from '../../messages/translate.ts'
import { useMarket } from '../../store/context.tsx'
import { useCommand } from '../../store/use-command.ts'
import { Copyable } from '../../ui/copy.tsx'
import { TextArea, TextField } from '../../ui/field.tsx'
import { PassphraseStep } from './account-steps.tsx'
import { Frame, StepForm } from './frame.tsx'
import { useCheck } from './use-check.ts'
import type { WayProps } from './way.ts'

type Shown = { readonly code: string; readonly fingerprint: string }

/** A second computer of an account, without its recovery phrase: its code goes to the first one, and the answer comes back. */
export const Link = ({ draft, change, needsPassphrase, words, onLeave }: WayProps) => {
  const { client } = useMarket()
  const make = useCommand(client.setup.deviceCode)
  const link = useCommand(client.setup.link)
  const [name, setName] = useState('')
  const [shown, setShown] = useState<Shown | null>(null)
  const [accountCode, setAccountCode] = useState('')
  const [isPassphraseStep, setPassphraseStep] = useState(false)
  const { refusal, isChecking, check } = useCheck()
  const [isAsked, setAsked] = useState(false)
  const finish = (): void => void link.run({ accountCode: accountCode.trim(), passphrase: needsPassphrase ? draft.passphrase : null })
  const steps = needsPassphrase ? 3 : 2
  const isMissing = accountCode.trim() === ''
  const showCode = async (): Promise<void> => {
    const made = await make.run({ name: name.trim() })
    if (made !== null) setShown(made)
  }

  if (isPassphraseStep)
    return (
      <PassphraseStep
        draft={draft}
        change={change}
        words={words}
        step={t('setup.step', { step: 3, steps })}
        onBack={() => {
          link.clear()
          setPassphraseStep(false)
        }}
        onNext={finish}
        finish={{ label: t('setup.link.submit'), isPending: link.isPending, problem: link.problem }}
      />
    )
  if (shown === null)
    return (
      <Frame step={t('setup.step', { step: 1, steps })} title={t('setup.link.title')} body={t('setup.link.body')}>
        <StepForm
          submit={t('common.continue')}
          onBack={onLeave}
          isPending={make.isPending}
          problem={make.problem}
          onSubmit={() => {
            if (name.trim() !== '') void showCode()
          }}
        >
          <TextField
            label={t('setup.link.name')}
            hint={t('setup.link.name.hint')}
            maxLength={maxDeviceName}
            value={name}
            onChange={setName}
          />
        </StepForm>
      </Frame>
    )
  return (
    <Frame step={t('setup.step', { step: 2, steps })} title={t('setup.link.code.title')} body={t('setup.link.code.body')}>
      <StepForm
        submit={needsPassphrase ? t('common.continue') : t('setup.link.submit')}
        onBack={() => {
          link.clear()
          setShown(null)
        }}
        isPending={isChecking || link.isPending}
        problem={link.problem}
        onSubmit={() => {
          setAsked(true)
          if (isMissing) return
          void check(client.setup.checkLink({ accountCode: accountCode.trim() }), () =>
            needsPassphrase ? setPassphraseStep(true) : finish(),
          )
        }}
      >
        <Copyable text={shown.code} shown={`${shown.code.slice(0, 40)}…`} label={t('setup.link.code.copy')} />
        <p>
          {t('setup.link.fingerprint')} <strong className='figure'>{shown.fingerprint}</strong>
        </p>
        <TextArea
          label={t('setup.link.account')}
          hint={t('setup.link.account.hint')}
          isMono
          rows={4}
          maxLength={maxAccountCodeLength}
          value={accountCode}
          onChange={setAccountCode}
          error={isAsked && isMissing ? t('setup.link.account.missing') : (refusal?.message ?? null)}
        />
      </StepForm>
    </Frame>
  )
}
