import { useState } from 'react'
import { t } from '../../messages/translate.ts'
import { PassphraseStep, PhraseStep, ProofStep, RestoredStep, type StepProps } from './account-steps.tsx'
import { accountSourceOf, type SetupDraft } from './draft.ts'
import type { WayProps } from './way.ts'

type AccountPathProps = Pick<WayProps, 'draft' | 'change' | 'needsPassphrase' | 'words'> & {
  /** Steps that were taken before these. */
  readonly stepsBefore: number
  readonly onBack: () => void
  readonly onFinish: () => void
  readonly finish: NonNullable<StepProps['finish']>
}

type AccountStep = 'phrase' | 'proof' | 'restored' | 'passphrase'

/** From no account to one: new words written down and proven, or those of an older account, and a passphrase where one is needed. */
export const AccountPath = ({ draft, change, needsPassphrase, words, stepsBefore, onBack, onFinish, finish }: AccountPathProps) => {
  const [position, setPosition] = useState(0)
  const steps: readonly AccountStep[] = [
    ...(draft.account === 'new' ? (['phrase', 'proof'] as const) : (['restored'] as const)),
    ...(needsPassphrase ? (['passphrase'] as const) : []),
  ]
  const at = Math.min(position, steps.length - 1)
  const isLast = at === steps.length - 1
  const props: StepProps = {
    draft,
    words,
    change: (changed) => {
      if (changed.account !== undefined) setPosition(0)
      change(changed)
    },
    step: t('setup.step', { step: stepsBefore + at + 1, steps: stepsBefore + steps.length }),
    onBack: () => (at === 0 ? onBack() : setPosition(at - 1)),
    onNext: () => (isLast ? onFinish() : setPosition(at + 1)),
    ...(isLast ? { finish } : {}),
  }
  switch (steps[at]) {
    case 'proof':
      return <ProofStep {...props} />
    case 'restored':
      return <RestoredStep {...props} />
    case 'passphrase':
      return <PassphraseStep {...props} />
    case 'phrase':
    case undefined:
      return <PhraseStep {...props} />
  }
}

/** What `join` and `found` want to know of the account. */
export const accountOf = (draft: SetupDraft, needsPassphrase: boolean) => ({
  account: accountSourceOf(draft),
  passphrase: needsPassphrase ? draft.passphrase : null,
})
