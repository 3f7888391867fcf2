import { formatRuv } from '../format/amount.ts'

type RuvProps = { readonly micro: bigint; readonly unit?: boolean }

/** An amount as people read it, with its unit unless the place says it already. */
export const Ruv = ({ micro, unit = true }: RuvProps) => (
  <span className='figure'>
    {formatRuv(micro)}
    {unit && <span className='soft'> RUV</span>}
  </span>
)
