import { useState } from 'react'
import { maxNameLength } from '../../../../core/contract/app.ts'
import { t } from '../../messages/translate.ts'
import { useMarket } from '../../store/context.tsx'
import { useCommand } from '../../store/use-command.ts'
import { Choices } from '../../ui/choice.tsx'
import { TextArea, TextField } from '../../ui/field.tsx'
import { AccountPath, accountOf } from './account-path.tsx'
import { cardsOf, checkFounding, isClean, readSupply } from './draft.ts'
import { Frame, StepForm } from './frame.tsx'
import type { WayProps } from './way.ts'

export const Found = (props: WayProps) => {
  const { draft, change, needsPassphrase, words } = props
  const { client } = useMarket()
  const found = useCommand(client.setup.found)
  const [isAccountStep, setAccountStep] = useState(false)
  if (!isAccountStep) {
    return <FederationStep {...props} onNext={() => setAccountStep(true)} />
  }
  const finish = (): void => {
    void found.run({
      name: draft.name.trim(),
      kind: draft.kind,
      customer: draft.kind === 'organisation' ? draft.customer.trim() : null,
      supplyMicro: readSupply(draft.supply) ?? 0n,
      witnesses: draft.witnesses === 'here' ? { kind: 'here' } : { kind: 'cards', cards: cardsOf(draft.cards) },
      arbiters: cardsOf(draft.arbiters),
      ...accountOf(draft, needsPassphrase),
    })
  }
  return (
    <AccountPath
      draft={draft}
      change={change}
      needsPassphrase={needsPassphrase}
      words={words}
      stepsBefore={1}
      onBack={() => {
        found.clear()
        setAccountStep(false)
      }}
      onFinish={finish}
      finish={{ label: t('setup.finish.found', { name: draft.name.trim() }), isPending: found.isPending, problem: found.problem }}
    />
  )
}

const FederationStep = ({ draft, change, needsPassphrase, words, onLeave, onNext }: WayProps & { readonly onNext: () => void }) => {
  const [isAsked, setAsked] = useState(false)
  const errors = isAsked ? checkFounding(draft) : {}
  return (
    <Frame step={t('setup.step', { step: 1, steps: needsPassphrase ? 4 : 3 })} title={t('setup.founding.title')}>
      <StepForm
        submit={t('common.continue')}
        onBack={onLeave}
        onSubmit={() => {
          setAsked(true)
          if (!isClean(checkFounding(draft))) return
          words.want()
          onNext()
        }}
      >
        <TextField
          label={t('setup.founding.name')}
          hint={t('setup.founding.name.hint')}
          maxLength={maxNameLength}
          value={draft.name}
          onChange={(name) => change({ name })}
          error={errors.name ?? null}
        />
        <Choices
          label={t('setup.founding.kind')}
          options={[
            { value: 'organisation', name: t('setup.founding.kind.organisation'), hint: t('setup.founding.kind.organisation.hint') },
            { value: 'community', name: t('setup.founding.kind.community'), hint: t('setup.founding.kind.community.hint') },
          ]}
          value={draft.kind}
          onChange={(kind) => change({ kind })}
        />
        {draft.kind === 'organisation' && (
          <TextField
            label={t('setup.founding.customer')}
            hint={t('setup.founding.customer.hint')}
            maxLength={maxNameLength}
            value={draft.customer}
            onChange={(customer) => change({ customer })}
            error={errors.customer ?? null}
          />
        )}
        <TextField
          label={t('setup.founding.supply')}
          hint={t('setup.founding.supply.hint')}
          unit={t('common.ruv')}
          inputMode='decimal'
          maxLength={40}
          value={draft.supply}
          onChange={(supply) => change({ supply })}
          error={errors.supply ?? null}
        />
        <Choices
          label={t('setup.founding.witnesses')}
          options={[
            { value: 'here', name: t('setup.founding.witnesses.here'), hint: t('setup.founding.witnesses.here.hint') },
            { value: 'cards', name: t('setup.founding.witnesses.cards'), hint: t('setup.founding.witnesses.cards.hint') },
          ]}
          value={draft.witnesses}
          onChange={(witnesses) => change({ witnesses })}
        />
        {draft.witnesses === 'cards' && (
          <TextArea
            label={t('setup.founding.cards')}
            isMono
            rows={4}
            value={draft.cards}
            onChange={(cards) => change({ cards })}
            error={errors.cards ?? null}
          />
        )}
        <TextArea
          label={t('setup.founding.arbiters')}
          hint={t('setup.founding.arbiters.hint')}
          isMono
          rows={2}
          value={draft.arbiters}
          onChange={(arbiters) => change({ arbiters })}
        />
      </StepForm>
    </Frame>
  )
}
