/** What the tray shows, from what the market says; a function of values, so that every state can be tested without a tray. */
import type { AppContract } from '../../core/contract/contract.ts'
import type { OutputOf } from '../../core/contract/definition.ts'

export type SetupStatus = OutputOf<AppContract['setup']['status']>
export type ProviderStatus = OutputOf<AppContract['provider']['status']>

/** `provider` is null while no market runs, and `setup` until it is known. */
export type TrayState = { readonly setup: SetupStatus | null; readonly provider: ProviderStatus | null }

export type TrayAction =
  | { readonly kind: 'open' }
  | { readonly kind: 'quit' }
  | { readonly kind: 'provide' }
  | { readonly kind: 'stop-providing' }
  | { readonly kind: 'pause'; readonly forMs: number | null }

export type TrayItem =
  | { readonly kind: 'text'; readonly label: string }
  | { readonly kind: 'separator' }
  | { readonly kind: 'action'; readonly label: string; readonly action: TrayAction }
  | { readonly kind: 'switch'; readonly label: string; readonly isOn: boolean; readonly isEnabled: boolean; readonly action: TrayAction }

export type TrayIcon = 'idle' | 'providing' | 'paused' | 'attention'
export type TrayView = { readonly icon: TrayIcon; readonly tooltip: string; readonly items: readonly TrayItem[] }

export const appName = 'Claude Market'
const hourMs = 3_600_000
const separator: TrayItem = { kind: 'separator' }

export const trayView = (state: TrayState, localTime: (ms: number) => string): TrayView => {
  const status = statusLine(state, localTime)
  return {
    icon: iconOf(state),
    tooltip: `${appName}: ${status}`,
    items: [
      { kind: 'text', label: status },
      ...needsOwner(state),
      separator,
      ...providerItems(state.provider),
      separator,
      { kind: 'action', label: `Open ${appName}`, action: { kind: 'open' } },
      { kind: 'action', label: 'Quit', action: { kind: 'quit' } },
    ],
  }
}

const statusLine = ({ setup, provider }: TrayState, localTime: (ms: number) => string): string => {
  if (setup === null || setup.phase === 'starting') return 'Starting…'
  if (setup.phase === 'first-start') return 'Not set up yet'
  if (setup.phase === 'locked') return 'Locked: the passphrase is needed'
  if (setup.phase === 'failed') return 'Not running: it could not be opened'
  if (provider === null) return 'Running'
  switch (provider.state) {
    case 'stopped':
      return 'Provider mode is off'
    case 'starting':
      return 'Provider mode is starting…'
    case 'stopping':
      return 'Provider mode is stopping…'
    case 'paused':
      return provider.pausedUntilMs === null ? 'Paused' : `Paused until ${localTime(provider.pausedUntilMs)}`
    case 'running':
      return provider.hold === null ? workLine(provider.runningTasks) : `Waiting: ${provider.hold.reason}`
  }
}
const workLine = (tasks: number): string => (tasks === 0 ? 'Providing, nothing runs now' : `Providing: ${counted(tasks, 'task')} running`)
const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

const iconOf = ({ setup, provider }: TrayState): TrayIcon => {
  if (setup?.phase === 'locked' || setup?.phase === 'failed' || (provider?.approvalsWaiting ?? 0) > 0) return 'attention'
  if (provider?.state === 'paused') return 'paused'
  return provider?.state === 'running' ? 'providing' : 'idle'
}

const needsOwner = ({ provider }: TrayState): readonly TrayItem[] => {
  const waiting = provider?.approvalsWaiting ?? 0
  return waiting === 0
    ? []
    : [{ kind: 'action', label: `${counted(waiting, 'task')} waiting for your approval…`, action: { kind: 'open' } }]
}

const providerItems = (provider: ProviderStatus | null): readonly TrayItem[] => {
  const isOn = provider !== null && provider.state !== 'stopped' && provider.state !== 'stopping'
  const provide: TrayItem = {
    kind: 'switch',
    label: 'Provider mode',
    isOn,
    isEnabled: provider !== null && provider.state !== 'starting' && provider.state !== 'stopping',
    // Whoever has never chosen a backend is shown where to.
    action: provider?.configured === null && !isOn ? { kind: 'open' } : { kind: isOn ? 'stop-providing' : 'provide' },
  }
  if (provider?.state === 'paused') return [provide, { kind: 'action', label: 'Resume now', action: { kind: 'provide' } }]
  if (provider?.state !== 'running') return [provide]
  return [
    provide,
    { kind: 'action', label: 'Pause for an hour', action: { kind: 'pause', forMs: hourMs } },
    { kind: 'action', label: 'Pause until I resume', action: { kind: 'pause', forMs: null } },
  ]
}
