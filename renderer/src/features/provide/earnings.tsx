import { formatCents, formatCount, formatPercent } from '../../format/number.ts'
import { formatDate } from '../../format/time.ts'
import { rich, t } from '../../messages/translate.ts'
import { useFollowed, useMarket } from '../../store/context.tsx'
import type { Earnings as EarningsValue } from '../../store/types.ts'
import { Facts } from '../../ui/facts.tsx'
import { LoadedView, Section } from '../../ui/page.tsx'
import { Ruv } from '../../ui/ruv.tsx'

const SHOWN_DAYS = 14

/** What providing brought in: on this computer by day and by backend, elsewhere in all, and what the next day may bring. */
export const Earnings = () => {
  const { earnings } = useMarket()
  return (
    <Section title={t('provide.earnings')}>
      <LoadedView of={useFollowed(earnings)} lines={4} onRetry={earnings.refresh}>
        {(value) =>
          value.days.length === 0 && value.elsewhere.tasks === 0 ? (
            <p className='soft small'>{t('provide.earnings.empty')}</p>
          ) : (
            <Figures value={value} />
          )
        }
      </LoadedView>
    </Section>
  )
}

const Figures = ({ value: { days, byBackend, elsewhere, forecast } }: { readonly value: EarningsValue }) => (
  <>
    <p className='soft small'>
      {forecast === null
        ? t('provide.forecast.tooEarly')
        : rich('provide.forecast', {
            low: <Ruv key='low' micro={forecast.lowMicro} unit={false} />,
            high: <Ruv key='high' micro={forecast.highMicro} />,
            days: formatCount(forecast.testedDays),
            error: formatPercent(forecast.meanErrorPpm),
          })}
    </p>
    <Facts
      facts={[
        ...byBackend.map(({ backend, earnedMicro, tasks, costCents }) => ({
          name: t(`provide.backend.${backend}`),
          value: rich('provide.earnings.of', {
            earned: <Ruv key='earned' micro={earnedMicro} />,
            tasks: t('provide.earnings.tasks', { count: tasks }),
            cost: formatCents(costCents),
          }),
        })),
        ...(elsewhere.tasks === 0
          ? []
          : [
              {
                name: t('provide.earnings.elsewhere'),
                value: rich('provide.earnings.day', {
                  earned: <Ruv key='earned' micro={elsewhere.earnedMicro} />,
                  tasks: t('provide.earnings.tasks', { count: elsewhere.tasks }),
                }),
              },
            ]),
      ]}
    />
    <Facts
      facts={days
        .slice(-SHOWN_DAYS)
        .toReversed()
        .map(({ day, earnedMicro, tasks }) => ({
          name: formatDate(Date.parse(`${day}T12:00:00Z`)),
          value: rich('provide.earnings.day', {
            earned: <Ruv key='earned' micro={earnedMicro} />,
            tasks: t('provide.earnings.tasks', { count: tasks }),
          }),
        }))}
    />
  </>
)
