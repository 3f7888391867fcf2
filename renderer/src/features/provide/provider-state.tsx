import { t } from '../../messages/translate.ts'
import { runningAndWaiting } from '../../store/running.ts'
import type { ProviderStatus } from '../../store/types.ts'
import { Status, type StatusTone } from '../../ui/status.tsx'

const TONES: Readonly<Record<ProviderStatus['state'], StatusTone>> = {
  stopped: 'neutral',
  starting: 'waiting',
  running: 'good',
  paused: 'waiting',
  stopping: 'waiting',
}

/** On or off, and what goes on. */
export const ProviderState = ({ status }: { readonly status: ProviderStatus }) => {
  const { state, activeOffers } = status
  const { running, waiting } = runningAndWaiting(status)
  return (
    <span data-testid='provider' data-state={state}>
      <Status tone={TONES[state]}>
        {t(`provide.state.${state}`)}
        {state === 'running' &&
          `, ${t('provide.running', { count: running, waiting })}, ${t('provide.offersOpen', { count: activeOffers })}`}
      </Status>
    </span>
  )
}
