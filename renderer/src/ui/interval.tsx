import './interval.css'

type IntervalProps = { readonly lowPpm: number; readonly midPpm: number; readonly highPpm: number; readonly label: string }

const PPM = 1_000_000
const MID_WIDTH = 1.2

/** A range between nothing and everything, with its most likely value. */
export const Interval = ({ lowPpm, midPpm, highPpm, label }: IntervalProps) => {
  const at = (ppm: number): number => (100 * ppm) / PPM
  return (
    <svg className='interval' viewBox='0 0 100 16' preserveAspectRatio='none' role='img' aria-label={label}>
      <rect className='interval-track' y='7' width='100' height='2' />
      <rect className='interval-range' x={at(lowPpm)} y='5' width={Math.max(0.5, at(highPpm) - at(lowPpm))} height='6' />
      <rect
        className='interval-mid'
        x={Math.min(100 - MID_WIDTH, Math.max(0, at(midPpm) - MID_WIDTH / 2))}
        y='2'
        width={MID_WIDTH}
        height='12'
      />
    </svg>
  )
}
