import { useState } from 'react'
import { formatCents, formatCount } from '../../format/number.ts'
import { formatLimit } from '../../format/time.ts'
import { rich, said, t } from '../../messages/translate.ts'
import { useMarket } from '../../store/context.tsx'
import type { ProviderStatus } from '../../store/types.ts'
import { useCommand } from '../../store/use-command.ts'
import { Button, ButtonLink } from '../../ui/button.tsx'
import { ConfirmedButton } from '../../ui/confirmed-button.tsx'
import { links } from '../../ui/links.ts'
import { Meter } from '../../ui/meter.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Section } from '../../ui/page.tsx'
import { Ruv } from '../../ui/ruv.tsx'
import { Status, type StatusTone } from '../../ui/status.tsx'
import { addressOfBackend, reachOf } from './choice.ts'
import { TryOut } from './try-out.tsx'
import './backends.css'

type Backend = ProviderStatus['backends'][number]
type Choice = NonNullable<Backend['choice']>

/** Each backend with how it is, what it offers and what it has used, and what can be done about it. */
export const Backends = ({ status }: { readonly status: ProviderStatus }) => (
  <Section title={t('provide.backends')}>
    <ul className='backends'>
      {status.backends.map((backend) => (
        <li key={backend.id} data-testid='backend' data-state={backend.state}>
          <BackendItem backend={backend} isPaused={status.state === 'paused'} />
        </li>
      ))}
    </ul>
  </Section>
)

const BackendItem = ({ backend, isPaused }: { readonly backend: Backend; readonly isPaused: boolean }) => {
  const { choice } = backend
  const reach = choice === null ? null : reachOf(choice.backend)
  const [tone, word] = lookOf(backend, isPaused)
  const about = [t(`provide.backend.${backend.kind}`), reach?.baseUrl, reach?.keyRef].filter((part) => typeof part === 'string')
  return (
    <>
      <div className='backend-head'>
        <h3 className='foreign'>{backend.kind === 'practice' ? t('provide.backend.practice') : backend.model}</h3>
        <Status tone={tone}>{word}</Status>
      </div>
      {backend.kind !== 'practice' && <p className='soft small foreign'>{about.join(', ')}</p>}
      <Trouble backend={backend} />
      {choice?.offers.map((offer) => (
        <OfferLine key={offer.classKey} offer={offer} />
      ))}
      <Used backend={backend} />
      {choice !== null && <BackendActions backend={backend} choice={choice} />}
    </>
  )
}

const lookOf = ({ state, hold, problem }: Backend, isPaused: boolean): readonly [StatusTone, string] => {
  if (state === 'off') return ['neutral', t('provide.state.stopped')]
  if (state === 'starting') return ['waiting', t('provide.state.starting')]
  if (problem !== null) return ['bad', t('provide.backend.trouble')]
  if (isPaused) return ['waiting', t('provide.state.paused')]
  return hold === null ? ['good', t('provide.state.running')] : ['waiting', t('provide.backend.held')]
}

/** What keeps this one from working; the policy's word only where it refuses or asks. */
const Trouble = ({ backend: { state, hold, problem, policy } }: { readonly backend: Backend }) => {
  if (problem !== null) return <p className='small backend-trouble'>{said(problem)}</p>
  if (hold !== null) return <p className='small backend-trouble'>{said(hold.reason)}</p>
  return policy.verdict === 'allow' || (policy.verdict === 'ask-each-time' && state === 'off') ? null : (
    <p className='small soft'>{said(policy.reason)}</p>
  )
}

const OfferLine = ({ offer: { classKey, pricing, promise } }: { readonly offer: Choice['offers'][number] }) => (
  <p className='offer-line'>
    <span>
      {rich('provide.offer.as', { name: <span className='foreign'>{classKey}</span> })}{' '}
      {rich('provide.offer.price', {
        output: <Ruv micro={pricing.perThousandOutputTokensMicro} />,
        input: <Ruv micro={pricing.perThousandInputTokensMicro} />,
      })}
      {pricing.perTaskMicro > 0n && <>, {rich('provide.offer.perTask', { task: <Ruv micro={pricing.perTaskMicro} /> })}</>}
    </span>
    <span className='soft'>
      {t('provide.offer.promise', { first: formatLimit(promise.firstTokenMs), total: formatLimit(promise.totalMs) })}
    </span>
  </p>
)

const Used = ({ backend: { caps, ...used } }: { readonly backend: Backend }) => {
  const of = (part: string, most: string): string => t('provide.usedOf', { used: part, most })
  return (
    <div className='meters'>
      <Meter
        label={t('provide.tasks')}
        used={used.tasksToday}
        most={caps.tasksPerDay}
        text={of(formatCount(used.tasksToday), formatCount(caps.tasksPerDay))}
      />
      <Meter
        label={t('provide.tokens')}
        used={used.outputTokensToday}
        most={caps.outputTokensPerDay}
        text={of(formatCount(used.outputTokensToday), formatCount(caps.outputTokensPerDay))}
      />
      {caps.moneyPerDayCents > 0 && (
        <Meter
          label={t('provide.money')}
          used={used.moneyTodayCents}
          most={caps.moneyPerDayCents}
          text={of(formatCents(used.moneyTodayCents), formatCents(caps.moneyPerDayCents))}
        />
      )}
      {caps.moneyPerMonthCents > 0 && (
        <Meter
          label={t('provide.moneyMonth')}
          used={used.moneyThisMonthCents}
          most={caps.moneyPerMonthCents}
          text={of(formatCents(used.moneyThisMonthCents), formatCents(caps.moneyPerMonthCents))}
        />
      )}
    </div>
  )
}

type ActionsProps = { readonly backend: Backend; readonly choice: Choice }

const BackendActions = ({ backend: { id, state, runningTasks }, choice }: ActionsProps) => {
  const { client } = useMarket()
  const stop = useCommand(client.provider.stop)
  const resume = useCommand(client.provider.resume)
  const remove = useCommand(client.provider.remove)
  const test = useTest(choice)
  const problem = stop.problem ?? resume.problem
  const lost = runningTasks === 0 ? null : <p>{t('provide.stop.body', { count: runningTasks })}</p>
  return (
    <>
      {test.result !== null && <Notice tone={test.result.isHealthy ? 'good' : 'error'}>{test.result.sentence}</Notice>}
      {problem !== null && <Notice tone='error'>{problem}</Notice>}
      <div className='backend-actions'>
        <Button size='small' isPending={test.isPending} onPress={() => void test.run()}>
          {t('provide.backend.test')}
        </Button>
        <TryOut backend={choice.backend} size='small' />
        <ButtonLink size='small' href={links.provideBackend(id)}>
          {t('provide.change')}
        </ButtonLink>
        {state === 'off' && (
          <Button size='small' isPending={resume.isPending} onPress={() => void resume.run({ backendId: id })}>
            {t('provide.backend.switchOn')}
          </Button>
        )}
        {state !== 'off' && lost === null && (
          <Button size='small' isPending={stop.isPending} onPress={() => void stop.run({ backendId: id })}>
            {t('provide.backend.switchOff')}
          </Button>
        )}
        {state !== 'off' && lost !== null && (
          <ConfirmedButton
            size='small'
            look='plain'
            confirmLook='danger'
            label={t('provide.backend.switchOff')}
            question={t('provide.backend.switchOff.title')}
            isPending={stop.isPending}
            problem={stop.problem}
            run={async () => (await stop.run({ backendId: id })) !== null}
          >
            {lost}
          </ConfirmedButton>
        )}
        <ConfirmedButton
          size='small'
          look='plain'
          confirmLook='danger'
          label={t('provide.backend.remove')}
          question={t('provide.backend.remove.title')}
          isPending={remove.isPending}
          problem={remove.problem}
          run={async () => (await remove.run({ backendId: id })) !== null}
        >
          {lost}
          <p>{t('provide.backend.remove.body')}</p>
        </ConfirmedButton>
      </div>
    </>
  )
}

/** Asks the backend how it is and what it can run; nothing is run. */
const useTest = ({ backend }: Choice) => {
  const { client } = useMarket()
  const [isPending, setPending] = useState(false)
  const [result, setResult] = useState<{ readonly isHealthy: boolean; readonly sentence: string } | null>(null)
  const run = async (): Promise<void> => {
    setPending(true)
    const answer = await client.provider.check({ backend: addressOfBackend(backend) })
    setPending(false)
    if (!answer.ok) return setResult({ isHealthy: false, sentence: answer.error.message })
    const { healthy, problem, models } = answer.value
    const sentence = healthy ? t('choice.check.ok', { count: models.length }) : t('choice.check.bad', { problem: said(problem ?? '') })
    setResult({ isHealthy: healthy, sentence })
  }
  return { isPending, result, run }
}
