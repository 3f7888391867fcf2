import { shortId } from '../../format/id.ts'
import { formatDuration } from '../../format/time.ts'
import { t } from '../../messages/translate.ts'
import type { NetworkStatus } from '../../store/types.ts'
import { When } from '../../ui/moment.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Section } from '../../ui/page.tsx'
import { Seal } from '../../ui/seal.tsx'
import { Status } from '../../ui/status.tsx'

/** Those whose signatures make things final, and whether enough of them answer. */
export const Witnesses = ({ status: { witnesses, quorum } }: { readonly status: NetworkStatus }) => {
  const reachable = witnesses.filter((witness) => witness.reachable)
  const counts = { reachable: reachable.length, all: witnesses.length, quorum }
  const hasQuorum = reachable.length >= quorum
  return (
    <Section title={t('network.witnesses')} aside={<Seal size={witnesses.length} signers={reachable.map(({ index }) => index)} />}>
      <Notice tone={hasQuorum ? 'good' : 'error'}>
        {hasQuorum ? t('network.witnesses.fine', counts) : t('network.witnesses.short', counts)}
      </Notice>
      <ul className='witness-list'>
        {witnesses.map((witness) => (
          <li key={witness.index} data-testid='witness' data-reachable={witness.reachable}>
            <span>{t('network.witness', { number: witness.index + 1 })}</span>
            <Status tone={witness.reachable ? 'good' : 'bad'}>
              {witness.reachable ? t('network.reachable') : t('network.unreachable')}
            </Status>
            <span className='soft'>
              <span className='mono' title={witness.peerId}>
                {shortId(witness.peerId)}
              </span>
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
