import { useState } from 'react'
import { maxInviteLinkLength } from '../../../../core/contract/invites.ts'
import { onOneLine } from '../../format/pasted.ts'
import { t } from '../../messages/translate.ts'
import { useMarket } from '../../store/context.tsx'
import { useCommand } from '../../store/use-command.ts'
import { TextArea } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Section } from '../../ui/page.tsx'
import { AccountPath, accountOf } from './account-path.tsx'
import type { InviteInfo } from './draft.ts'
import { Frame, StepForm } from './frame.tsx'
import { InviteFacts } from './invite-facts.tsx'
import type { WayProps } from './way.ts'

/** Step by step from a link to a member; until the last button nothing has happened. */
export const Join = (props: WayProps) => {
  const { draft, change, needsPassphrase, words } = props
  const { client } = useMarket()
  const join = useCommand(client.setup.join)
  const [isAccountStep, setAccountStep] = useState(false)
  const { invite } = draft
  if (!isAccountStep || invite === null) {
    return <InviteStep {...props} onNext={() => setAccountStep(true)} />
  }
  return (
    <AccountPath
      draft={draft}
      change={change}
      needsPassphrase={needsPassphrase}
      words={words}
      stepsBefore={1}
      onBack={() => {
        join.clear()
        setAccountStep(false)
      }}
      onFinish={() => void join.run({ link: onOneLine(draft.link), ...accountOf(draft, needsPassphrase) })}
      finish={{ label: t('setup.finish.join', { name: invite.federation.name }), isPending: join.isPending, problem: join.problem }}
    />
  )
}

const InviteStep = ({ draft, change, needsPassphrase, words, onLeave, onNext }: WayProps & { readonly onNext: () => void }) => {
  const { client } = useMarket()
  const [problem, setProblem] = useState<string | null>(null)
  const [isReading, setReading] = useState(false)
  const { invite } = draft
  const read = async (): Promise<void> => {
    const link = onOneLine(draft.link)
    if (link === '') return setProblem(t('setup.invite.missing'))
    setReading(true)
    const answer = await client.setup.readInvite({ link })
    setReading(false)
    setProblem(answer.ok ? null : answer.error.message)
    if (answer.ok) change({ invite: answer.value })
  }
  const goOn = (): void => {
    words.want()
    onNext()
  }
  return (
    <Frame step={t('setup.step', { step: 1, steps: stepsOf(needsPassphrase) })} title={t('setup.invite.title')}>
      <StepForm
        submit={invite === null ? t('setup.invite.read') : t('common.continue')}
        onBack={onLeave}
        isPending={isReading}
        onSubmit={() => (invite === null ? void read() : goOn())}
      >
        <TextArea
          label={t('setup.invite.label')}
          hint={t('setup.invite.hint')}
          isMono
          rows={4}
          maxLength={maxInviteLinkLength}
          value={draft.link}
          onChange={(link) => {
            change({ link, invite: null })
            setProblem(null)
          }}
          error={problem}
        />
        {invite !== null && <LeadsTo invite={invite} />}
      </StepForm>
    </Frame>
  )
}

/** Of a new account; one that is brought back takes a step less. */
const stepsOf = (needsPassphrase: boolean): number => (needsPassphrase ? 4 : 3)

const LeadsTo = ({ invite }: { readonly invite: InviteInfo }) => (
  <div className='setup-found' role='status'>
    <Section title={t('setup.invite.leadsTo')}>
      <InviteFacts invite={invite} />
    </Section>
    <Notice tone='info'>{t('setup.invite.nothingYet')}</Notice>
  </div>
)
