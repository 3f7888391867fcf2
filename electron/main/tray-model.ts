/** What the tray shows, from what the market says; a function of values, so that every state can be tested without a tray. */
import type { AppContract } from '../../core/contract/contract.ts'
import type { OutputOf } from '../../core/contract/definition.ts'
import { formatRuv } from '../../core/platform/amount.ts'

export type SetupStatus = OutputOf<AppContract['setup']['status']>
export type ProviderStatus = OutputOf<AppContract['provider']['status']>
export type Approval = OutputOf<AppContract['approvals']['list']>['rows'][number]

/** `provider` is null while no market runs, and `setup` until it is known. */
export type TrayState = {
  readonly setup: SetupStatus | null
  readonly provider: ProviderStatus | null
  readonly approvals: readonly Approval[]
}

export type TrayAction =
  /** `place` is where in the window; null leaves it where it is. */
  | { readonly kind: 'open'; readonly place: string | null }
  | { readonly kind: 'quit' }
  | { readonly kind: 'provide' }
  | { readonly kind: 'stop-providing' }
  | { readonly kind: 'pause'; readonly forMs: number | null }
  | { readonly kind: 'decide'; readonly id: string; readonly decision: 'run-once' | 'refuse' | 'refuse-and-block' }

export type TrayItem =
  | { readonly kind: 'text'; readonly label: string }
  | { readonly kind: 'separator' }
  | { readonly kind: 'action'; readonly label: string; readonly action: TrayAction }
  | { readonly kind: 'menu'; readonly label: string; readonly items: readonly TrayItem[] }
  | { readonly kind: 'switch'; readonly label: string; readonly isOn: boolean; readonly isEnabled: boolean; readonly action: TrayAction }

/** As scripts/tray-icons.ts draws them. */
export type TrayIcon = 'off' | 'ready' | 'working' | 'needs-me' | 'paused' | 'problem'
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
      ...earned(state.provider),
      ...needsOwner(state),
      separator,
      ...providerItems(state.provider),
      separator,
      { kind: 'action', label: `Open ${appName}`, action: { kind: 'open', place: null } },
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
  if (setup?.phase === 'failed') return 'problem'
  if (setup?.phase === 'locked' || (provider?.approvalsWaiting ?? 0) > 0) return 'needs-me'
  if (provider === null) return 'off'
  if (provider.state === 'paused') return 'paused'
  if (provider.state !== 'running') return 'off'
  if (provider.backend?.healthy === false) return 'problem'
  if (provider.runningTasks > 0) return 'working'
  return provider.hold === null ? 'ready' : 'paused'
}

const earned = (provider: ProviderStatus | null): readonly TrayItem[] =>
  provider === null || (provider.earnedTodayMicro === 0n && provider.state === 'stopped')
    ? []
    : [{ kind: 'text', label: `Earned today: ${formatRuv(provider.earnedTodayMicro)} RUV` }]

const providePlace = '#/provide'
/** A menu that covers the screen helps nobody; the window has them all. */
const maxListed = 3

const needsOwner = ({ provider, approvals }: TrayState): readonly TrayItem[] => {
  const waiting = provider?.approvalsWaiting ?? 0
  if (waiting === 0) return []
  return [
    { kind: 'action', label: `${counted(waiting, 'task')} waiting for your approval…`, action: { kind: 'open', place: providePlace } },
    ...approvals.slice(0, maxListed).map(approvalItem),
  ]
}

/** The beginning of the text stands above the choices, and reading all of it comes first. */
const approvalItem = ({ id, prompt, classKey, capMicro, findings }: Approval): TrayItem => {
  const choice = (label: string, decision: Extract<TrayAction, { readonly kind: 'decide' }>['decision']): TrayItem => ({
    kind: 'action',
    label,
    action: { kind: 'decide', id, decision },
  })
  return {
    kind: 'menu',
    label: `${beginningOf(prompt)} (${classKey}, up to ${formatRuv(capMicro)} RUV)`,
    items: [
      ...findings.slice(0, maxListed).map((finding): TrayItem => ({ kind: 'text', label: finding })),
      { kind: 'action', label: 'Read it first…', action: { kind: 'open', place: providePlace } },
      separator,
      choice('Run once', 'run-once'),
      choice('Refuse', 'refuse'),
      choice('Refuse and block', 'refuse-and-block'),
    ],
  }
}
const shownLength = 60
/** A stranger's words on one line of a menu; an ampersand would underline a letter. */
export const beginningOf = (prompt: string): string => {
  const line = prompt.replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim()
  const cut = Array.from(line.slice(0, 2 * shownLength))
    .slice(0, shownLength)
    .join('')
  return `“${cut}${cut.length < line.length ? '…' : ''}”`.replaceAll('&', '&&')
}

const providerItems = (provider: ProviderStatus | null): readonly TrayItem[] => {
  const isOn = provider !== null && provider.state !== 'stopped' && provider.state !== 'stopping'
  const provide: TrayItem = {
    kind: 'switch',
    label: 'Provider mode',
    isOn,
    isEnabled: provider !== null && provider.state !== 'starting' && provider.state !== 'stopping',
    // Whoever has never chosen a backend is shown where to.
    action: provider?.configured === null && !isOn ? { kind: 'open', place: providePlace } : { kind: isOn ? 'stop-providing' : 'provide' },
  }
  if (provider?.state === 'paused')
    return [provide, { kind: 'action', label: 'Resume now', action: { kind: 'provide' } }, ...stopAll(provider)]
  if (provider?.state !== 'running') return [provide]
  return [
    provide,
    { kind: 'action', label: 'Pause for an hour', action: { kind: 'pause', forMs: hourMs } },
    { kind: 'action', label: 'Pause until I resume', action: { kind: 'pause', forMs: null } },
    ...stopAll(provider),
  ]
}
/** What runs is aborted and refunded; without anything that runs the switch does as much. */
const stopAll = ({ runningTasks }: ProviderStatus): readonly TrayItem[] =>
  runningTasks === 0 ? [] : [{ kind: 'action', label: 'Stop everything now', action: { kind: 'stop-providing' } }]
