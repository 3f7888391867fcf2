import { formatDuration } from '../../format/time.ts'
import type { TaskDetail } from '../../store/market-store.ts'
import { Peer } from '../../ui/peer.tsx'
import { Ruv } from '../../ui/ruv.tsx'
import './bids.css'

type Bid = TaskDetail['bids'][number]

const OUTCOMES: Readonly<Record<Bid['outcome'], string>> = {
  waiting: 'waiting',
  won: 'won',
  lost: 'lost',
  unacceptable: 'not acceptable',
  vanished: 'vanished',
}

type BidsProps = { readonly bids: readonly Bid[]; readonly askedAtMs: number; readonly isWaiting: boolean }

export const Bids = ({ bids, askedAtMs, isWaiting }: BidsProps) => {
  if (bids.length === 0) return isWaiting ? <p className='soft'>Waiting for bids…</p> : null
  return (
    <table className='bids'>
      <caption className='unseen'>Bids in the order of their arrival</caption>
      <thead>
        <tr>
          <th scope='col'>Bid by</th>
          <th scope='col'>Model</th>
          <th scope='col'>At most</th>
          <th scope='col'>First token</th>
          <th scope='col'>Came after</th>
          <th scope='col'>
            <span className='unseen'>Outcome</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {bids.map((bid) => (
          <tr key={`${bid.provider}-${bid.atMs}`} className={`bid bid-${bid.outcome}`} data-testid='bid'>
            <td>
              <Peer id={bid.provider} />
            </td>
            <td className='bid-model' title={bid.model}>
              {bid.model}
            </td>
            <td>
              <Ruv micro={bid.capMicro} />
            </td>
            <td className='figure'>≤ {formatDuration(bid.promise.firstTokenMs)}</td>
            <td className='figure'>{formatDuration(Math.max(0, bid.atMs - askedAtMs))}</td>
            <td className='bid-outcome'>{OUTCOMES[bid.outcome]}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
