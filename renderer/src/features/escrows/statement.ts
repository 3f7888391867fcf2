import { t } from '../../messages/translate.ts'

export const REASONS = ['missing', 'other', 'broken', 'price'] as const
export type Reason = (typeof REASONS)[number]

/** What the arbiters read: the reason as a sentence, and after it whatever was added. */
export const statementOf = (reason: Reason, details: string): string => {
  const said = t(`dispute.reason.${reason}`)
  const added = details.trim()
  return added === '' ? `${said}.` : t('dispute.statement', { reason: said, details: added })
}
