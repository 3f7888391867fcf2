import type { ReactNode } from 'react'
import { shortId } from '../../format/id.ts'
import { formatDuration } from '../../format/time.ts'
import { t } from '../../messages/translate.ts'
import { useFollowed, useMarket } from '../../store/context.tsx'
import { valueOf } from '../../store/loaded.ts'
import type { NetworkStatus } from '../../store/types.ts'
import { votesOf } from '../../store/votes.ts'
import { When } from '../../ui/moment.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Section } from '../../ui/page.tsx'
import { Seal } from '../../ui/seal.tsx'
import { StartOverButton } from '../../ui/start-over-button.tsx'
import { Status } from '../../ui/status.tsx'

type Witness = NetworkStatus['witnesses'][number]

/** Those whose signatures make things final, and whether enough of them vote. */
export const Witnesses = ({ status }: { readonly status: NetworkStatus }) => {
  const { witnesses, clockOffsetMs } = status
  const { voters, counts } = votesOf(status)
  return (
    <Section title={t('network.witnesses')} aside={<Seal size={counts.all} signers={voters} />}>
      <Quorum status={status} />
      {clockOffsetMs !== null && (
        <Notice tone='error'>
          {t(clockOffsetMs > 0 ? 'clock.behind' : 'clock.ahead', { by: formatDuration(Math.abs(clockOffsetMs)) })}
        </Notice>
      )}
      {witnesses.some(({ standsAside }) => standsAside === 'retired') && <LostRecords quorum={counts.quorum} />}
      {witnesses.some(({ standsAside }) => standsAside === 'clock-off') && <Notice tone='warning'>{t('network.clockOff')}</Notice>}
      <ul className='witness-list'>
        {witnesses.map((witness) => (
          <li key={witness.index} data-testid='witness' data-reachable={witness.reachable}>
            <span>{t('network.witness', { number: witness.index + 1 })}</span>
            <State witness={witness} />
            <span className='soft'>
              <span className='mono' title={witness.peerId}>
                {shortId(witness.peerId)}
              </span>
              {witness.version !== null && `, ${t('network.runs', { version: witness.version })}`}
              {!witness.reachable && (
                <>
                  , {witness.lastSeenMs === null ? t('network.never') : t('network.seen')}{' '}
                  {witness.lastSeenMs !== null && <When atMs={witness.lastSeenMs} />}
                </>
              )}
            </span>
            <span className='witness-trip figure soft'>{witness.roundTripMs === null ? '–' : formatDuration(witness.roundTripMs)}</span>
          </li>
        ))}
      </ul>
    </Section>
  )
}

const Quorum = ({ status }: { readonly status: NetworkStatus }) => {
  const { counts, hasQuorum, isSplit } = votesOf(status)
  if (status.settling === 'connecting') return <Notice tone='info'>{t('network.witnesses.connecting')}</Notice>
  if (hasQuorum) return <Notice tone='good'>{t(isSplit ? 'network.witnesses.someVote' : 'network.witnesses.fine', counts)}</Notice>
  return <Notice tone='error'>{t(isSplit ? 'network.witnesses.tooFewVotes' : 'network.witnesses.short', counts)}</Notice>
}

const State = ({ witness: { reachable, standsAside } }: { readonly witness: Witness }): ReactNode => {
  if (!reachable) return <Status tone='bad'>{t('network.unreachable')}</Status>
  if (standsAside === null) return <Status tone='good'>{t('network.reachable')}</Status>
  return <Status tone='bad'>{t(`network.standsAside.${standsAside}`)}</Status>
}

/** What brings a federation forward when a witness votes no more. */
const LostRecords = ({ quorum }: { readonly quorum: number }) => {
  const { info } = useMarket()
  const isPractice = valueOf(useFollowed(info))?.practice === true
  if (!isPractice) return <Notice tone='warning'>{t('network.retired', { quorum })}</Notice>
  return (
    <Notice tone='warning' action={<StartOverButton />}>
      {t('network.retired.practice')}
    </Notice>
  )
}
