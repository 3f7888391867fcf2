import { formatBytes } from '../../format/number.ts'
import { formatDateAndTime } from '../../format/time.ts'
import { t } from '../../messages/translate.ts'
import { useMarket } from '../../store/context.tsx'
import type { Settings } from '../../store/types.ts'
import { useCommand } from '../../store/use-command.ts'
import { useIdentity } from '../../store/use-identity.ts'
import { Button } from '../../ui/button.tsx'
import { Copyable } from '../../ui/copy.tsx'
import { Facts } from '../../ui/facts.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Section } from '../../ui/page.tsx'
import { LogButton } from './log.tsx'

/** Where everything is that is this market's, on this computer. */
export const Data = ({ settings }: { readonly settings: Settings }) => {
  const { client } = useMarket()
  const open = useCommand(client.settings.openDataFolder)
  const protection = useIdentity()?.keyProtection ?? null
  return (
    <Section
      title={t('settings.data')}
      aside={
        <span className='ledger-actions'>
          {settings.logFile !== null && <LogButton />}
          {settings.surface === 'desktop' && (
            <Button size='small' isPending={open.isPending} onPress={() => void open.run({})}>
              {t('settings.data.open')}
            </Button>
          )}
        </span>
      }
    >
      {open.problem !== null && <Notice tone='error'>{open.problem}</Notice>}
      <Facts
        facts={[
          { name: t('settings.data.folder'), value: <Copyable text={settings.dataFolder} label={t('settings.data.copy')} /> },
          ...(settings.logFile === null
            ? []
            : [{ name: t('settings.data.log'), value: <Copyable text={settings.logFile} label={t('settings.data.copy')} /> }]),
          ...(protection === null ? [] : [{ name: t('settings.key'), value: t(`settings.key.${protection}`) }]),
          { name: t('settings.data.memory'), value: formatBytes(settings.memoryBytes) },
          { name: t('settings.data.started'), value: formatDateAndTime(settings.startedAtMs) },
        ]}
      />
    </Section>
  )
}
