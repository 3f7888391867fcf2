import { formatRuv } from '../../format/amount.ts'
import { formatDuration } from '../../format/time.ts'
import { useMarketState } from '../../store/context.tsx'
import type { Book, OfferRow } from '../../store/market-store.ts'
import { Peer } from '../../ui/peer.tsx'
import { Ruv } from '../../ui/ruv.tsx'
import { Empty, LoadedContent, Section } from '../../ui/section.tsx'
import './order-book.css'

export const OrderBook = () => {
  const book = useMarketState((state) => state.book)
  const count = book.status === 'ready' ? offersAndRequests(book.value) : undefined
  return (
    <Section title='Order book' aside={count}>
      <LoadedContent of={book} loading='Asking the other members…'>
        {({ offers, requests }) => (
          <>
            {offers.rows.length === 0 ? (
              <Empty>No offers yet. They appear as providers publish them.</Empty>
            ) : (
              <Offers rows={offers.rows} />
            )}
            <Requests rows={requests.rows} />
          </>
        )}
      </LoadedContent>
    </Section>
  )
}

const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`
const offersAndRequests = ({ offers, requests }: Book): string => `${plural(offers.total, 'offer')}, ${plural(requests.total, 'request')}`

/** Two lines an offer: who, for how much and how soon; then everything else. */
const Offers = ({ rows }: { readonly rows: readonly OfferRow[] }) => (
  <table className='book'>
    <thead>
      <tr>
        <th scope='col'>Provider</th>
        <th scope='col'>RUV / 1k out</th>
        <th scope='col'>First token</th>
      </tr>
    </thead>
    {rows.map((offer) => (
      <tbody key={offer.id} data-testid='offer'>
        <tr>
          <td>
            <Peer id={offer.provider} />
            {offer.own && <span className='soft'> (you)</span>}
          </td>
          <td>
            <Ruv micro={offer.pricing.perThousandOutputTokensMicro} unit={false} />
          </td>
          <td className='figure'>≤ {formatDuration(offer.promise.firstTokenMs)}</td>
        </tr>
        <tr>
          <td className='book-terms figure' colSpan={3} title={`${termsOf(offer)} · ${offer.model}`}>
            {termsOf(offer)}
          </td>
        </tr>
      </tbody>
    ))}
  </table>
)

const termsOf = ({ backend, classKey, pricing, concurrent }: OfferRow): string =>
  [
    classKey,
    backend === 'practice' ? 'simulated' : null,
    pricing.perTaskMicro > 0n ? `+ ${formatRuv(pricing.perTaskMicro)} a task` : null,
    `${concurrent} at a time`,
  ]
    .filter((term) => term !== null)
    .join(' · ')

const Requests = ({ rows }: { readonly rows: Book['requests']['rows'] }) =>
  rows.length > 0 && (
    <ul className='book-requests' aria-label='Open requests'>
      {rows.map((request) => (
        <li key={request.id}>
          <span>
            {request.own ? 'Your request' : 'Request'} for {request.classKey}
          </span>
          <span className='soft'>
            up to <Ruv micro={request.maxPriceMicro} />
          </span>
        </li>
      ))}
    </ul>
  )
