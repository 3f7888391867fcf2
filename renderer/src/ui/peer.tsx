import { shortId } from '../format/id.ts'
import './peer.css'

/** A small symmetric pattern drawn from an id, so that two peers are told apart without reading digits. */
const PeerMark = ({ id }: { readonly id: string }) => {
  const cells = Array.from({ length: 12 }, (_, index) => Number.parseInt(id[index] ?? '0', 16) % 2 === 1)
  return (
    <svg className='peer-mark' viewBox='0 0 5 4' aria-hidden='true'>
      {cells.map((isOn, index) => {
        if (!isOn) return null
        const column = index % 3
        const row = Math.floor(index / 3)
        return (
          <g key={index}>
            <rect x={column} y={row} width='1' height='1' />
            {column < 2 && <rect x={4 - column} y={row} width='1' height='1' />}
          </g>
        )
      })}
    </svg>
  )
}

export const Peer = ({ id }: { readonly id: string }) => (
  <span className='peer' title={id}>
    <PeerMark id={id} />
    <span className='peer-id'>{shortId(id)}</span>
  </span>
)
