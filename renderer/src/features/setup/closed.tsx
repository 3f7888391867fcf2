import { useState } from 'react'
import { maxPassphraseLength } from '../../../../core/contract/setup.ts'
import { t } from '../../messages/translate.ts'
import { useMarket } from '../../store/context.tsx'
import { useCommand } from '../../store/use-command.ts'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { StartOverButton } from '../../ui/start-over-button.tsx'
import { Frame, StepForm } from './frame.tsx'

/** Told where the old data is kept. */
type StartOverProps = { readonly onStartOver: (keptAs: string) => void }

export const Locked = ({ problem, onStartOver }: StartOverProps & { readonly problem: string | null }) => {
  const { client } = useMarket()
  const unlock = useCommand(client.setup.unlock)
  const [passphrase, setPassphrase] = useState('')
  const [isMissing, setMissing] = useState(false)
  const submit = (): void => {
    setMissing(passphrase === '')
    if (passphrase !== '') void unlock.run({ passphrase })
  }
  return (
    <Frame title={t('setup.locked.title')} body={t('setup.locked.body')}>
      {problem !== null && unlock.problem === null && <Notice tone='warning'>{problem}</Notice>}
      <StepForm
        submit={t('setup.locked.unlock')}
        onSubmit={submit}
        isPending={unlock.isPending}
        problem={unlock.problem}
        leading={<StartOverButton look='quiet' onStartOver={onStartOver} />}
      >
        <TextField
          label={t('setup.passphrase.label')}
          type='password'
          autoComplete='current-password'
          maxLength={maxPassphraseLength}
          value={passphrase}
          onChange={(typed) => {
            setPassphrase(typed)
            unlock.clear()
          }}
          error={isMissing ? t('setup.passphrase.missing') : null}
        />
      </StepForm>
    </Frame>
  )
}

type FailedProps = StartOverProps & { readonly problem: string; readonly hasRun: boolean }

export const Failed = ({ problem, hasRun, onStartOver }: FailedProps) => {
  const { client } = useMarket()
  const retry = useCommand(client.setup.retry)
  return (
    <Frame title={t(hasRun ? 'setup.stopped.title' : 'setup.failed.title')}>
      <Notice tone='error'>{problem}</Notice>
      {retry.problem !== null && <Notice tone='error'>{retry.problem}</Notice>}
      <div className='setup-actions'>
        <StartOverButton look='quiet' onStartOver={onStartOver} />
        <Button look='primary' isPending={retry.isPending} onPress={() => void retry.run({})}>
          {t('setup.failed.retry')}
        </Button>
      </div>
    </Frame>
  )
}
