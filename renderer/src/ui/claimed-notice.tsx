import { formatRuv } from '../format/amount.ts'
import { t } from '../messages/translate.ts'
import { Notice } from './notice.tsx'

export type Claimed = {
  readonly amountMicro: bigint
  /** They were here before they were asked for. */
  readonly wasClaimed: boolean
}

export const ClaimedNotice = ({ claimed: { amountMicro, wasClaimed } }: { readonly claimed: Claimed }) => {
  const amount = formatRuv(amountMicro)
  if (wasClaimed) return <Notice tone='info'>{t('wallet.claim.known.body', { amount })}</Notice>
  return <Notice tone='good'>{t('wallet.claim.done.body', { amount })}</Notice>
}
