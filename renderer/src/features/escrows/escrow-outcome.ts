import { formatRuv } from '../../format/amount.ts'
import { t } from '../../messages/translate.ts'
import type { EscrowRow } from '../../store/types.ts'

/** Where its amount went, or what it waits for, in a few words. */
export const outcomeOf = ({ payout, priceMicro }: Pick<EscrowRow, 'payout' | 'priceMicro'>): string => {
  if (payout !== null) return t('escrow.outcome.paid', { paid: formatRuv(payout.providerMicro), returned: formatRuv(payout.clientMicro) })
  return priceMicro === null ? t('escrow.outcome.held') : t('escrow.outcome.asks', { price: formatRuv(priceMicro) })
}
