import { formatDate } from '../../format/time.ts'
import { t } from '../../messages/translate.ts'
import { useFollowed, useMarket } from '../../store/context.tsx'
import { valueOf } from '../../store/loaded.ts'
import type { DeviceRow } from '../../store/types.ts'
import { useCommand } from '../../store/use-command.ts'
import { ConfirmedButton } from '../../ui/confirmed-button.tsx'
import { LoadedView, Section } from '../../ui/page.tsx'
import { Status } from '../../ui/status.tsx'
import { LinkDevice } from './link-device.tsx'

/** The computers that may act for this account: linked from here, and removed. */
export const Devices = () => {
  const { devices } = useMarket()
  const loaded = useFollowed(devices)
  const holdsPhrase = valueOf(loaded)?.holdsPhrase ?? false
  return (
    <Section title={t('settings.devices')} aside={holdsPhrase && <LinkDevice />}>
      <p className='soft small'>{t(holdsPhrase ? 'settings.devices.body' : 'settings.devices.body.linked')}</p>
      <LoadedView of={loaded} lines={2} onRetry={devices.refresh}>
        {({ rows }) => (
          <ul className='ledger'>
            {rows.map((device) => (
              <Device key={device.key} device={device} isRemovable={holdsPhrase && device.kind === 'linked' && !device.isRevoked} />
            ))}
          </ul>
        )}
      </LoadedView>
    </Section>
  )
}

const nameOf = ({ kind, name }: DeviceRow): string => {
  if (kind === 'phrase') return t('settings.device.phrase')
  return name === '' ? t('settings.device.unnamed') : name
}

const Device = ({ device, isRemovable }: { readonly device: DeviceRow; readonly isRemovable: boolean }) => (
  <li data-testid='device' data-state={device.isRevoked ? 'removed' : 'active'}>
    <div className='ledger-text'>
      <strong className='foreign'>{nameOf(device)}</strong>
      <span className='soft'>
        {device.linkedAtMs === null
          ? t('settings.device.key', { fingerprint: device.fingerprint })
          : t('settings.device.linked', { when: formatDate(device.linkedAtMs), fingerprint: device.fingerprint })}
      </span>
      {device.isThis && <Status tone='good'>{t('settings.device.this')}</Status>}
      {device.isRevoked && (
        <Status tone='neutral'>
          {device.revokedAtMs === null
            ? t('settings.device.removed')
            : t('settings.device.removed.on', { when: formatDate(device.revokedAtMs) })}
        </Status>
      )}
    </div>
    {isRemovable && <RemoveButton device={device} />}
  </li>
)

const RemoveButton = ({ device }: { readonly device: DeviceRow }) => {
  const { client } = useMarket()
  const revoke = useCommand(client.devices.revoke)
  return (
    <ConfirmedButton
      label={t('settings.device.remove')}
      look='plain'
      confirmLook='danger'
      size='small'
      question={t('settings.device.remove.title', { name: nameOf(device) })}
      isPending={revoke.isPending}
      problem={revoke.problem}
      run={async () => (await revoke.run({ key: device.key })) !== null}
    >
      <p>{t('settings.device.remove.body')}</p>
    </ConfirmedButton>
  )
}
