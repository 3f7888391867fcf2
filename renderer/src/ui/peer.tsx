import { shortId } from '../format/id.ts'
import { t } from '../messages/translate.ts'
import './peer.css'

const COLUMNS = 3
const ROWS = 5

/** A small symmetric pattern drawn from an id, so that two peers are told apart without reading digits. */
const PeerMark = ({ id }: { readonly id: string }) => {
  const cells = Array.from({ length: COLUMNS * ROWS }, (_, index) => Number.parseInt(id[index] ?? '0', 16) % 2 === 1)
  return (
    <svg className='peer-mark' viewBox='0 0 5 5' aria-hidden='true'>
      {cells.map((isOn, index) => {
        if (!isOn) return null
        const column = index % COLUMNS
        const row = Math.floor(index / COLUMNS)
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

type PeerProps = { readonly id: string; readonly own?: boolean }

export const Peer = ({ id, own = false }: PeerProps) => (
  <span className='peer'>
    <PeerMark id={id} />
    <span className='peer-id' title={id}>
      {shortId(id)}
    </span>
    {own && <span className='peer-own'>({t('common.you')})</span>}
  </span>
)
