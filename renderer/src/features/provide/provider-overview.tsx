import { formatCents, formatCount } from '../../format/number.ts'
import { formatLimit } from '../../format/time.ts'
import { rich, t } from '../../messages/translate.ts'
import type { ProviderStatus } from '../../store/types.ts'
import { Facts, type Fact } from '../../ui/facts.tsx'
import { Meter } from '../../ui/meter.tsx'
import { Countdown } from '../../ui/moment.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Section } from '../../ui/page.tsx'
import { Ruv } from '../../ui/ruv.tsx'
import { Status } from '../../ui/status.tsx'
import { reachOf } from './choice.ts'
import './provider-overview.css'

type Configured = NonNullable<ProviderStatus['configured']>
type OverviewProps = { readonly status: ProviderStatus; readonly configured: Configured }

export const ProviderOverview = ({ status, configured }: OverviewProps) => (
  <>
    <Section title={t('provide.now')} isTitleUnseen>
      <WhyNoWork status={status} />
      <dl className='provider-figures'>
        <div>
          <dt>{t('provide.earnedToday')}</dt>
          <dd>
            <Ruv micro={status.earnedTodayMicro} />
          </dd>
        </div>
        <div>
          <dt>{t('provide.earned')}</dt>
          <dd>
            <Ruv micro={status.earnedMicro} />
          </dd>
        </div>
      </dl>
    </Section>
    <Limits status={status} caps={status.caps ?? configured.caps} />
    <BackendFacts status={status} configured={configured} />
    <Section title={t('provide.offers')}>
      <ul>
        {configured.offers.map((offer) => (
          <li key={offer.classKey} className='offer-line'>
            <strong className='foreign'>{offer.classKey}</strong>
            <span className='soft'>
              {rich('provide.offer.price', {
                output: <Ruv micro={offer.pricing.perThousandOutputTokensMicro} />,
                input: <Ruv micro={offer.pricing.perThousandInputTokensMicro} />,
              })}
              {offer.pricing.perTaskMicro > 0n && (
                <>, {rich('provide.offer.perTask', { task: <Ruv micro={offer.pricing.perTaskMicro} /> })}</>
              )}
            </span>
            <span className='soft'>
              {t('provide.offer.promise', { first: formatLimit(offer.promise.firstTokenMs), total: formatLimit(offer.promise.totalMs) })}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  </>
)

/** The actual reason, whenever there is one. */
const WhyNoWork = ({ status }: { readonly status: ProviderStatus }) => {
  if (status.state === 'paused') {
    return (
      <Notice tone='info'>
        {status.pausedUntilMs === null
          ? t('provide.pausedForNow')
          : rich('provide.pausedUntil', { left: <Countdown toMs={status.pausedUntilMs} over={t('provide.pausedOver')} /> })}
      </Notice>
    )
  }
  if (status.policy?.verdict === 'refuse') return <Notice tone='error'>{status.policy.reason}</Notice>
  if (status.backend !== null && !status.backend.healthy)
    return <Notice tone='error'>{t('provide.backendProblem', { problem: status.backend.problem ?? '' })}</Notice>
  if (status.hold !== null) return <Notice tone='warning'>{t('provide.hold', { reason: status.hold.reason })}</Notice>
  if (status.state === 'running' && status.activeOffers === 0) return <Notice tone='warning'>{t('provide.noOffers')}</Notice>
  return null
}

const Limits = ({ status, caps }: { readonly status: ProviderStatus; readonly caps: Configured['caps'] }) => {
  const of = (used: string, most: string): string => t('provide.usedOf', { used, most })
  return (
    <Section title={t('provide.limits')}>
      <div className='meters'>
        <Meter
          label={t('provide.tasks')}
          used={status.tasksToday}
          most={caps.tasksPerDay}
          text={of(formatCount(status.tasksToday), formatCount(caps.tasksPerDay))}
        />
        <Meter
          label={t('provide.tokens')}
          used={status.outputTokensToday}
          most={caps.outputTokensPerDay}
          text={of(formatCount(status.outputTokensToday), formatCount(caps.outputTokensPerDay))}
        />
        {caps.moneyPerDayCents > 0 && (
          <Meter
            label={t('provide.money')}
            used={status.moneyTodayCents}
            most={caps.moneyPerDayCents}
            text={of(formatCents(status.moneyTodayCents), formatCents(caps.moneyPerDayCents))}
          />
        )}
        {caps.moneyPerMonthCents > 0 && (
          <Meter
            label={t('provide.moneyMonth')}
            used={status.moneyThisMonthCents}
            most={caps.moneyPerMonthCents}
            text={of(formatCents(status.moneyThisMonthCents), formatCents(caps.moneyPerMonthCents))}
          />
        )}
      </div>
    </Section>
  )
}

const BackendFacts = ({ status, configured: { backend } }: OverviewProps) => {
  const { baseUrl, keyRef } = reachOf(backend)
  const facts: readonly Fact[] = [
    { name: t('provide.backend.kind'), value: t(`provide.backend.${backend.kind}`) },
    ...(backend.kind === 'practice' ? [] : [{ name: t('provide.backend.model'), value: <span className='foreign'>{backend.model}</span> }]),
    ...(baseUrl === null ? [] : [{ name: t('provide.backend.address'), value: <span className='mono'>{baseUrl}</span> }]),
    ...(keyRef === null ? [] : [{ name: t('provide.backend.key'), value: keyRef }]),
    ...(status.policy === null ? [] : [{ name: t('provide.backend.policy'), value: status.policy.reason }]),
  ]
  return (
    <Section
      title={t('provide.backend')}
      aside={status.backend?.healthy === true && <Status tone='good'>{t('provide.backend.healthy')}</Status>}
    >
      <Facts facts={facts} />
    </Section>
  )
}
