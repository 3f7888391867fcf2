import './meter.css'

type MeterProps = { readonly label: string; readonly used: number; readonly most: number; readonly text: string }

const NEARLY_FULL = 0.9

/** How much of a limit is used. */
export const Meter = ({ label, used, most, text }: MeterProps) => {
  const share = most === 0 ? 0 : Math.min(1, used / most)
  return (
    <div className={share >= NEARLY_FULL ? 'meter meter-full' : 'meter'}>
      <span>{label}</span>
      <span className='meter-text figure'>{text}</span>
      <div
        className='meter-track'
        role='meter'
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={most}
        aria-valuenow={Math.min(used, most)}
        aria-valuetext={text}
      >
        <div className='meter-fill' style={{ width: `${share * 100}%` }} />
      </div>
    </div>
  )
}
