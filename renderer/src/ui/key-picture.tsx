import type { CSSProperties } from 'react'
import './key-picture.css'

const ROWS = 5
/** Of five: the others mirror the first two. */
const COLUMNS = 3
const HUES = 16
const KINDS = ['none', 'strong', 'soft', 'dot'] as const

/** A symmetric pattern in two colours, drawn from 16 hex digits: two bits for each of 15 cells, four for each hue. */
export const KeyPicture = ({ digits }: { readonly digits: string }) => {
  const bits = BigInt(`0x${digits}`)
  const at = (place: number, count: number): number => Number((bits >> BigInt(place)) & BigInt(2 ** count - 1))
  const hue = at(30, 4)
  const cells = Array.from({ length: ROWS * COLUMNS }, (_, index) => ({
    kind: KINDS[at(2 * index, 2)] ?? 'none',
    column: index % COLUMNS,
    row: Math.floor(index / COLUMNS),
  }))
  // Never the same hue twice.
  const colours = { '--key-hue': (hue * 360) / HUES, '--key-hue-soft': ((hue + 3 + (at(34, 4) % 10)) * 360) / HUES }
  return (
    <svg className='key-picture' viewBox='-0.5 -0.5 6 6' aria-hidden='true' style={colours as CSSProperties}>
      {cells.map(({ kind, column, row }) =>
        [column, 4 - column].map(
          (x, side) => kind !== 'none' && (side === 0 || column < 2) && <Cell key={`${x}-${row}`} kind={kind} x={x} y={row} />,
        ),
      )}
    </svg>
  )
}

type CellProps = { readonly kind: Exclude<(typeof KINDS)[number], 'none'>; readonly x: number; readonly y: number }

const Cell = ({ kind, x, y }: CellProps) =>
  kind === 'dot' ? (
    <circle className='key-cell-strong' cx={x + 0.5} cy={y + 0.5} r='0.3' />
  ) : (
    <rect className={`key-cell-${kind}`} x={x} y={y} width='1.01' height='1.01' />
  )
