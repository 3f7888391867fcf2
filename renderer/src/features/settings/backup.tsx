import { t } from '../../messages/translate.ts'
import { useFollowed, useMarket } from '../../store/context.tsx'
import { valueOf } from '../../store/loaded.ts'
import { ExportButton } from '../../ui/export-button.tsx'
import { Section } from '../../ui/page.tsx'

/** What its owner keeps beside the paper with the words. A practice account has none and needs none. */
export const Backup = () => {
  const { client, info, nowMs } = useMarket()
  const own = valueOf(useFollowed(info))
  if (own === null || own.practice) return null
  return (
    <Section
      title={t('settings.backup')}
      aside={
        <ExportButton
          label={t('settings.backup.save')}
          fileName={`account-${new Date(nowMs()).toISOString().slice(0, 10)}.claude-market-backup`}
          type='application/x-claude-market-backup'
          read={async () => {
            const answer = await client.identity.backup({})
            return answer.ok ? { ok: true, value: { part: answer.value.content, nextCursor: null } } : answer
          }}
        />
      }
    >
      <p className='soft small'>{t('settings.backup.body')}</p>
      <p className='soft small'>{t('settings.backup.holds')}</p>
    </Section>
  )
}
