import { t } from '../messages/translate.ts'
import { formatRuv } from '../format/amount.ts'
import { Notice } from './notice.tsx'

/** What the invite that one joined with is still to bring; nothing is drawn where it has brought it. */
export const AwaitedNotice = ({ micro }: { readonly micro: bigint }) =>
  micro > 0n && <Notice tone='info'>{t('home.awaited', { amount: formatRuv(micro) })}</Notice>
