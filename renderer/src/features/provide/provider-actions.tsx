import { useState } from 'react'
import { t } from '../../messages/translate.ts'
import { useMarket } from '../../store/context.tsx'
import type { ProviderStatus } from '../../store/types.ts'
import { useCommand } from '../../store/use-command.ts'
import { Button, ButtonLink } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { links } from '../../ui/links.ts'
import { Notice } from '../../ui/notice.tsx'

const HOUR_MS = 3_600_000

/** On, off, paused: what can be done from where it stands. */
export const ProviderActions = ({ status }: { readonly status: ProviderStatus }) => {
  const { client } = useMarket()
  const resume = useCommand(client.provider.resume)
  const pause = useCommand(client.provider.pause)
  const problem = resume.problem ?? pause.problem
  return (
    <>
      {problem !== null && <Notice tone='error'>{problem}</Notice>}
      <ButtonLink href={links.provideAdd}>{t('provide.add')}</ButtonLink>
      {status.state === 'running' && (
        <>
          <Button isPending={pause.isPending} onPress={() => void pause.run({ forMs: HOUR_MS })}>
            {t('provide.pauseHour')}
          </Button>
          <Button isPending={pause.isPending} onPress={() => void pause.run({ forMs: null })}>
            {t('provide.pause')}
          </Button>
        </>
      )}
      {(status.state === 'running' || status.state === 'paused') && <StopButton status={status} />}
      {status.state === 'paused' && (
        <Button look='primary' isPending={resume.isPending} onPress={() => void resume.run({})}>
          {t('provide.resume')}
        </Button>
      )}
      {status.state === 'stopped' && (
        <Button look='primary' isPending={resume.isPending} onPress={() => void resume.run({})}>
          {t('provide.start')}
        </Button>
      )}
    </>
  )
}

/** At once when nothing runs; otherwise it asks, for what runs is lost. */
const StopButton = ({ status }: { readonly status: ProviderStatus }) => {
  const { client } = useMarket()
  const stop = useCommand(client.provider.stop)
  const [isOpen, setOpen] = useState(false)
  const close = (): void => setOpen(false)
  const press = (): void => {
    if (status.runningTasks > 0) setOpen(true)
    else void stop.run({})
  }
  return (
    <>
      <Button isPending={stop.isPending} onPress={press}>
        {t('provide.stop')}
      </Button>
      <Dialog
        kind='alert'
        title={t('provide.stop.title')}
        isOpen={isOpen}
        onClose={close}
        actions={
          <>
            <Button takesFocus onPress={close}>
              {t('common.cancel')}
            </Button>
            <Button look='danger' onPress={() => void stop.run({}).then(close)}>
              {t('provide.stop')}
            </Button>
          </>
        }
      >
        <p>{t('provide.stop.body', { count: status.runningTasks })}</p>
        {stop.problem !== null && <Notice tone='error'>{stop.problem}</Notice>}
      </Dialog>
    </>
  )
}
