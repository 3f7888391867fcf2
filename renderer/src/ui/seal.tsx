import './seal.css'

type SealProps = { readonly size: number; readonly signers: readonly number[] }

/** The committee as a row of squares, filled for those who signed. Whoever uses it says the same in words. */
export const Seal = ({ size, signers }: SealProps) => (
  <svg className='seal' viewBox={`0 0 ${size * 8 - 2} 6`} width={size * 8 - 2} height='6' aria-hidden='true'>
    {Array.from({ length: size }, (_, index) => (
      <rect
        key={index}
        className={signers.includes(index) ? 'seal-signed' : 'seal-open'}
        x={index * 8 + 0.5}
        y='0.5'
        width='5'
        height='5'
        rx='1'
      />
    ))}
  </svg>
)
