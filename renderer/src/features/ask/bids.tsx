import { formatDuration, formatLimit } from '../../format/time.ts'
import { t } from '../../messages/translate.ts'
import type { TaskDetail } from '../../store/types.ts'
import { Section } from '../../ui/page.tsx'
import { Peer } from '../../ui/peer.tsx'
import { Ruv } from '../../ui/ruv.tsx'
import './bids.css'

type BidsProps = { readonly bids: TaskDetail['bids']; readonly askedAtMs: number; readonly isWaiting: boolean }

export const Bids = ({ bids, askedAtMs, isWaiting }: BidsProps) => {
  if (bids.length === 0 && !isWaiting) return null
  return (
    <Section title={t('task.bids')}>
      {bids.length === 0 ? (
        <p className='soft'>{t('task.bids.waiting')}</p>
      ) : (
        <table className='bids'>
          <caption className='unseen'>{t('task.bids.caption')}</caption>
          <thead>
            <tr>
              <th scope='col'>{t('task.bids.by')}</th>
              <th scope='col'>{t('task.bids.model')}</th>
              <th scope='col'>{t('task.bids.cap')}</th>
              <th scope='col'>{t('task.bids.firstToken')}</th>
              <th scope='col'>{t('task.bids.after')}</th>
              <th scope='col'>
                <span className='unseen'>{t('task.bids.outcome')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {bids.map((bid) => (
              <tr key={`${bid.provider}-${bid.atMs}`} className={`bid bid-${bid.outcome}`} data-testid='bid'>
                <td>
                  <Peer id={bid.provider} />
                </td>
                <td className='bid-model foreign' title={bid.model}>
                  {bid.model}
                </td>
                <td>
                  <Ruv micro={bid.capMicro} />
                </td>
                <td className='figure'>≤ {formatLimit(bid.promise.firstTokenMs)}</td>
                <td className='figure'>{formatDuration(Math.max(0, bid.atMs - askedAtMs))}</td>
                <td className='bid-outcome'>{t(`task.bid.${bid.outcome}`)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Section>
  )
}
