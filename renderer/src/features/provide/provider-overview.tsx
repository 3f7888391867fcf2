import { rich, said, t } from '../../messages/translate.ts'
import type { ProviderStatus } from '../../store/types.ts'
import { Countdown } from '../../ui/moment.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Section } from '../../ui/page.tsx'
import { Ruv } from '../../ui/ruv.tsx'
import './provider-overview.css'

export const ProviderOverview = ({ status }: { readonly status: ProviderStatus }) => (
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
)

/** The actual reason, whenever there is one for all of them; what concerns one backend stands with it. */
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
  if (status.hold !== null) return <Notice tone='warning'>{t('provide.hold', { reason: said(status.hold.reason) })}</Notice>
  if (status.state === 'running' && status.activeOffers === 0) return <Notice tone='warning'>{t('provide.noOffers')}</Notice>
  return null
}
