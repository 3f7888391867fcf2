import { formatRuv, formatSignedRuv } from '../format/amount.ts'
import { t } from '../messages/translate.ts'

type RuvProps = { readonly micro: bigint; readonly unit?: boolean; readonly signed?: boolean }

/** An amount as people read it, with its unit unless the place says it already. */
export const Ruv = ({ micro, unit = true, signed = false }: RuvProps) => (
  <span className='figure ruv'>
    {signed ? formatSignedRuv(micro) : formatRuv(micro)}
    {unit && <span className='soft'> {t('common.ruv')}</span>}
  </span>
)
