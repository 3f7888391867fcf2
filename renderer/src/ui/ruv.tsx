import { formatRuv, formatSignedRuv, missingZeros } from '../format/amount.ts'
import { t } from '../messages/translate.ts'
import './ruv.css'

type RuvProps = {
  readonly micro: bigint
  readonly unit?: boolean
  readonly signed?: boolean
  /** In a column the points stand under each other: what is missing of the six decimals is drawn faintly and not read. */
  readonly isColumn?: boolean
}

/** An amount as people read it, with its unit unless the place says it already. */
export const Ruv = ({ micro, unit = true, signed = false, isColumn = false }: RuvProps) => (
  <span className='figure ruv'>
    {signed ? formatSignedRuv(micro) : formatRuv(micro)}
    {isColumn && <span className='ruv-fill' data-zeros={missingZeros(micro)} />}
    {unit && <span className='soft'> {t('common.ruv')}</span>}
  </span>
)
