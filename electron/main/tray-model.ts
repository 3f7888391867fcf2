/** What the tray shows, from what the market says; a function of values, so that every state can be tested without a tray. */
import type { AppContract } from '../../core/contract/contract.ts'
import type { OutputOf } from '../../core/contract/definition.ts'
import { formatRuv } from '../../core/platform/amount.ts'
import type { Texts } from './texts.ts'

export type SetupStatus = OutputOf<AppContract['setup']['status']>
export type ProviderStatus = OutputOf<AppContract['provider']['status']>
/** The first backend that is on and cannot work. */
export const backendInTrouble = ({ backends }: ProviderStatus) => backends.find(({ state, problem }) => state === 'on' && problem !== null)
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

type Words = Texts['tray']

export const trayView = (state: TrayState, localTime: (ms: number) => string, words: Words): TrayView => {
  const status = statusLine(state, localTime, words)
  return {
    icon: iconOf(state),
    tooltip: `${appName}: ${status}`,
    items: [
      { kind: 'text', label: status },
      ...earned(state.provider, words),
      ...needsOwner(state, words),
      separator,
      ...providerItems(state.provider, words),
      separator,
      { kind: 'action', label: words.open, action: { kind: 'open', place: null } },
      { kind: 'action', label: words.quit, action: { kind: 'quit' } },
    ],
  }
}

const statusLine = ({ setup, provider }: TrayState, localTime: (ms: number) => string, words: Words): string => {
  if (setup === null || setup.phase === 'starting') return words.starting
  if (setup.phase === 'first-start') return words.notSetUp
  if (setup.phase === 'locked') return words.locked
  if (setup.phase === 'failed') return words.failed
  if (provider === null) return words.running
  switch (provider.state) {
    case 'stopped':
      return words.off
    case 'starting':
      return words.goingOn
    case 'stopping':
      return words.goingOff
    case 'paused':
      return provider.pausedUntilMs === null ? words.paused : words.pausedUntil(localTime(provider.pausedUntilMs))
    case 'running':
      return provider.hold === null ? workLine(provider.runningTasks, words) : words.waiting(provider.hold.reason)
  }
}
const workLine = (tasks: number, words: Words): string => (tasks === 0 ? words.idle : words.working(tasks))

const iconOf = ({ setup, provider }: TrayState): TrayIcon => {
  if (setup?.phase === 'failed') return 'problem'
  if (setup?.phase === 'locked' || (provider?.approvalsWaiting ?? 0) > 0) return 'needs-me'
  if (provider === null) return 'off'
  if (provider.state === 'paused') return 'paused'
  if (provider.state !== 'running') return 'off'
  if (backendInTrouble(provider) !== undefined) return 'problem'
  if (provider.runningTasks > 0) return 'working'
  return provider.hold === null ? 'ready' : 'paused'
}

const earned = (provider: ProviderStatus | null, words: Words): readonly TrayItem[] =>
  provider === null || (provider.earnedTodayMicro === 0n && provider.state === 'stopped')
    ? []
    : [{ kind: 'text', label: words.earned(formatRuv(provider.earnedTodayMicro)) }]

const providePlace = '#/provide'
/** A menu that covers the screen helps nobody; the window has them all. */
const maxListed = 3

const needsOwner = ({ provider, approvals }: TrayState, words: Words): readonly TrayItem[] => {
  const waiting = provider?.approvalsWaiting ?? 0
  if (waiting === 0) return []
  return [
    { kind: 'action', label: words.approvals(waiting), action: { kind: 'open', place: providePlace } },
    ...approvals.slice(0, maxListed).map((approval) => approvalItem(approval, words)),
  ]
}

/** The beginning of the text stands above the choices, and reading all of it comes first. */
const approvalItem = ({ id, prompt, classKey, capMicro, findings }: Approval, words: Words): TrayItem => {
  const choice = (label: string, decision: Extract<TrayAction, { readonly kind: 'decide' }>['decision']): TrayItem => ({
    kind: 'action',
    label,
    action: { kind: 'decide', id, decision },
  })
  return {
    kind: 'menu',
    label: words.approval(beginningOf(prompt), classKey, formatRuv(capMicro)),
    items: [
      ...findings.slice(0, maxListed).map((finding): TrayItem => ({ kind: 'text', label: words.finding(finding) })),
      { kind: 'action', label: words.read, action: { kind: 'open', place: providePlace } },
      separator,
      choice(words.run, 'run-once'),
      choice(words.refuse, 'refuse'),
      choice(words.block, 'refuse-and-block'),
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

const providerItems = (provider: ProviderStatus | null, words: Words): readonly TrayItem[] => {
  const isOn = provider !== null && provider.state !== 'stopped' && provider.state !== 'stopping'
  const provide: TrayItem = {
    kind: 'switch',
    label: words.provide,
    isOn,
    isEnabled: provider !== null && provider.state !== 'starting' && provider.state !== 'stopping',
    // Whoever has never chosen a backend is shown where to.
    action:
      provider?.backends.length === 0 && !isOn ? { kind: 'open', place: providePlace } : { kind: isOn ? 'stop-providing' : 'provide' },
  }
  if (provider?.state === 'paused')
    return [provide, { kind: 'action', label: words.resume, action: { kind: 'provide' } }, ...stopAll(provider, words)]
  if (provider?.state !== 'running') return [provide]
  return [
    provide,
    { kind: 'action', label: words.pauseHour, action: { kind: 'pause', forMs: hourMs } },
    { kind: 'action', label: words.pause, action: { kind: 'pause', forMs: null } },
    ...stopAll(provider, words),
  ]
}
/** What runs is aborted and refunded; without anything that runs the switch does as much. */
const stopAll = ({ runningTasks }: ProviderStatus, words: Words): readonly TrayItem[] =>
  runningTasks === 0 ? [] : [{ kind: 'action', label: words.stopAll, action: { kind: 'stop-providing' } }]
