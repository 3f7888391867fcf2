import type { ReactNode } from 'react'
import { formatPercent } from '../../format/number.ts'
import { formatDuration, formatLimit } from '../../format/time.ts'
import { rich, t } from '../../messages/translate.ts'
import type { TaskDetail } from '../../store/types.ts'
import { Interval } from '../../ui/interval.tsx'
import { Section } from '../../ui/page.tsx'
import { Peer } from '../../ui/peer.tsx'
import { Ruv } from '../../ui/ruv.tsx'
import { failedBefore, unwantedIn, whyWon } from './auction-model.ts'
import './bids.css'

type Bid = TaskDetail['bids'][number]
type BidsProps = { readonly task: Pick<TaskDetail, 'bids' | 'mode' | 'askedAtMs' | 'state'> }

/** The auction as it goes: who bid, for how much, how they are known, who won, and why. */
export const Bids = ({ task: { bids, mode, askedAtMs, state } }: BidsProps) => {
  const isOpen = state === 'waiting-for-bids'
  if (bids.length === 0 && !isOpen) return null
  return (
    <Section title={t('task.bids')}>
      {bids.length === 0 ? <p className='soft'>{t('task.bids.waiting')}</p> : <BidTable bids={bids} askedAtMs={askedAtMs} />}
      <p className='soft small' role='status' data-testid='why-won'>
        {isOpen ? t(`task.bids.rule.${mode}`) : describeWhy(bids)}
        {!isOpen &&
          failedBefore(bids).map((provider) => (
            <span key={provider}> {rich('task.bids.failedBefore', { provider: <Peer id={provider} /> })}</span>
          ))}
        {unwantedIn(bids).map((provider) => (
          <span key={provider}> {rich('task.bids.unwanted', { provider: <Peer id={provider} /> })}</span>
        ))}
      </p>
    </Section>
  )
}

const describeWhy = (bids: readonly Bid[]): ReactNode => {
  const why = whyWon(bids)
  if (why === null) return null
  const provider = <Peer id={why.winner} />
  if (why.kind !== 'best') return rich(`task.bids.why.${why.kind}`, { provider })
  const { count, strengths } = why
  if (strengths.length === 0) return rich('task.bids.why.balance', { provider, count })
  const ahead = strengths.map((strength) => t(`task.bids.strength.${strength}`)).join(', ')
  return rich('task.bids.why.best', { provider, count, strengths: ahead })
}

const BidTable = ({ bids, askedAtMs }: { readonly bids: readonly Bid[]; readonly askedAtMs: number }) => (
  <table className='bids'>
    <caption className='unseen'>{t('task.bids.caption')}</caption>
    <thead>
      <tr>
        <th scope='col'>{t('task.bids.by')}</th>
        <th scope='col'>{t('task.bids.standing')}</th>
        <th scope='col'>{t('task.bids.cap')}</th>
        <th scope='col' className='bids-extra'>
          {t('task.bids.firstToken')}
        </th>
        <th scope='col' className='bids-extra'>
          {t('task.bids.after')}
        </th>
        <th scope='col' className='bids-extra' title={t('task.bids.score.hint')}>
          {t('task.bids.score')}
        </th>
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
            <div className='bid-model foreign' title={bid.model}>
              {bid.model}
            </div>
          </td>
          <td className='bid-standing'>
            <Interval {...bid.standing} label={describeStanding(bid.standing)} />
          </td>
          <td>
            <Ruv micro={bid.capMicro} />
            <div className='soft small'>{rich('task.bids.about', { price: <Ruv micro={bid.expectedMicro} unit={false} /> })}</div>
          </td>
          <td className='figure bids-extra'>≤ {formatLimit(bid.promise.firstTokenMs)}</td>
          <td className='figure bids-extra'>{formatDuration(Math.max(0, bid.atMs - askedAtMs))}</td>
          <td className='figure bids-extra'>{bid.ranked === null ? '–' : formatPercent(bid.ranked.scorePpm)}</td>
          <td className='bid-outcome'>{t(`task.bid.${bid.outcome}`)}</td>
        </tr>
      ))}
    </tbody>
  </table>
)

const describeStanding = ({ lowPpm, midPpm, highPpm, trades }: Bid['standing']): string =>
  t('reputation.interval', { low: formatPercent(lowPpm), mid: formatPercent(midPpm), high: formatPercent(highPpm), trades })
