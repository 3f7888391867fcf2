import { useState } from 'react'
import { maxPassphraseLength, maxPhraseLength } from '../../../../core/contract/setup.ts'
import { t } from '../../messages/translate.ts'
import { useMarket } from '../../store/context.tsx'
import { loading, ready } from '../../store/loaded.ts'
import { Checkbox } from '../../ui/choice.tsx'
import { TextArea, TextField } from '../../ui/field.tsx'
import { LinkButton } from '../../ui/link-button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { LoadedView } from '../../ui/page.tsx'
import { accountSourceOf, checkPassphrase, isClean, type SetupDraft } from './draft.ts'
import { Frame, StepForm } from './frame.tsx'
import { useCheck } from './use-check.ts'

export type StepProps = {
  readonly draft: SetupDraft
  readonly change: (changed: Partial<SetupDraft>) => void
  /** Such as "Step 2 of 3". */
  readonly step: string
  readonly onBack: () => void
  readonly onNext: () => void
  /** How the new words are coming. */
  readonly words: { readonly problem: string | null; readonly retry: () => void }
  /** Only where this is the last step. */
  readonly finish?: { readonly label: string; readonly isPending: boolean; readonly problem: string | null }
}

const last = ({ finish }: StepProps) => ({
  submit: finish?.label ?? t('common.continue'),
  isPending: finish?.isPending ?? false,
  problem: finish?.problem ?? null,
})

/** The words, once: whoever goes on has said that they are on paper. */
export const PhraseStep = ({ draft, change, step, onBack, onNext, words: { problem, retry } }: StepProps) => {
  const [isAsked, setAsked] = useState(false)
  const { words, isWritten } = draft
  const submit = (): void => {
    setAsked(true)
    if (isWritten && words !== null) onNext()
  }
  return (
    <Frame step={step} title={t('setup.phrase.title')} body={t('setup.phrase.body')}>
      <StepForm
        submit={t('common.continue')}
        onSubmit={submit}
        onBack={onBack}
        problem={isAsked && !isWritten ? t('setup.phrase.notWritten') : null}
        aside={
          <p className='setup-else'>
            <LinkButton onPress={() => change({ account: 'restored' })}>{t('setup.phrase.have')}</LinkButton>
          </p>
        }
      >
        <LoadedView
          of={words !== null ? ready(words) : problem === null ? loading : { status: 'failed', message: problem }}
          lines={6}
          onRetry={retry}
        >
          {(phrase) => (
            <ol className='words' aria-label={t('setup.phrase.words')}>
              {phrase.words.map((word, index) => (
                <li key={index}>{word}</li>
              ))}
            </ol>
          )}
        </LoadedView>
        <Notice tone='info'>{t('setup.phrase.never')}</Notice>
        <Checkbox isSelected={isWritten} onChange={(written) => change({ isWritten: written })} isInvalid={isAsked && !isWritten}>
          {t('setup.phrase.written')}
        </Checkbox>
      </StepForm>
    </Frame>
  )
}

export const ProofStep = (props: StepProps) => {
  const { draft, change, step, onBack, onNext } = props
  const [isAsked, setAsked] = useState(false)
  const asked = draft.words?.ask ?? []
  const { client } = useMarket()
  const words = useCheck()
  const isComplete = draft.proof.length === asked.length && draft.proof.every((word) => word.trim() !== '')
  const { submit, isPending, problem } = last(props)
  return (
    <Frame step={step} title={t('setup.proof.title')} body={t('setup.proof.body')}>
      <StepForm
        submit={submit}
        onBack={onBack}
        isPending={isPending || words.isChecking}
        problem={isAsked && !isComplete ? t('setup.proof.missing') : (words.refusal?.message ?? problem)}
        onSubmit={() => {
          setAsked(true)
          if (isComplete) void words.check(client.setup.checkAccount({ account: accountSourceOf(draft) }), onNext)
        }}
        aside={
          <p className='setup-else'>
            <LinkButton onPress={onBack}>{t('setup.proof.again')}</LinkButton>
          </p>
        }
      >
        <div className='proof'>
          {asked.map((place, index) => (
            <TextField
              key={place}
              label={t('setup.proof.word', { place })}
              maxLength={20}
              value={draft.proof[index] ?? ''}
              onChange={(typed) => change({ proof: draft.proof.map((word, at) => (at === index ? typed : word)) })}
            />
          ))}
        </div>
      </StepForm>
    </Frame>
  )
}

/** The words of an account one has already. */
export const RestoredStep = (props: StepProps) => {
  const { draft, change, step, onBack, onNext } = props
  const [isAsked, setAsked] = useState(false)
  const { client } = useMarket()
  const words = useCheck()
  const isMissing = draft.phrase.trim() === ''
  const { submit, isPending, problem } = last(props)
  return (
    <Frame step={step} title={t('setup.restored.title')}>
      <StepForm
        submit={submit}
        onBack={onBack}
        isPending={isPending || words.isChecking}
        problem={problem}
        onSubmit={() => {
          setAsked(true)
          if (!isMissing) void words.check(client.setup.checkAccount({ account: accountSourceOf(draft) }), onNext)
        }}
        aside={
          <p className='setup-else'>
            <LinkButton onPress={() => change({ account: 'new' })}>{t('setup.restored.new')}</LinkButton>
          </p>
        }
      >
        <TextArea
          label={t('setup.restored.label')}
          hint={t('setup.restored.hint')}
          rows={4}
          maxLength={maxPhraseLength}
          value={draft.phrase}
          onChange={(phrase) => change({ phrase })}
          error={isAsked && isMissing ? t('setup.restored.missing') : (words.refusal?.message ?? null)}
        />
      </StepForm>
    </Frame>
  )
}

export const PassphraseStep = (props: StepProps) => {
  const { draft, change, step, onBack, onNext } = props
  const [isAsked, setAsked] = useState(false)
  const errors = isAsked ? checkPassphrase(draft) : {}
  const { submit, isPending, problem } = last(props)
  return (
    <Frame step={step} title={t('setup.passphrase.title')} body={t('setup.passphrase.body')}>
      <StepForm
        submit={submit}
        onBack={onBack}
        isPending={isPending}
        problem={problem}
        onSubmit={() => {
          setAsked(true)
          if (isClean(checkPassphrase(draft))) onNext()
        }}
      >
        <TextField
          label={t('setup.passphrase.label')}
          hint={t('setup.passphrase.hint')}
          type='password'
          autoComplete='new-password'
          maxLength={maxPassphraseLength}
          value={draft.passphrase}
          onChange={(passphrase) => change({ passphrase })}
          error={errors.passphrase ?? null}
        />
        <TextField
          label={t('setup.passphrase.again')}
          type='password'
          autoComplete='new-password'
          maxLength={maxPassphraseLength}
          value={draft.passphraseAgain}
          onChange={(passphraseAgain) => change({ passphraseAgain })}
          error={errors.again ?? null}
        />
      </StepForm>
    </Frame>
  )
}
