import type { ProviderCaps } from '../compliance/caps.ts'
import type { OwnerSignals } from '../platform/owner-signals.ts'

/** The owner comes first: when others are not served although everything else would allow it. */
export type OwnerRules = {
  /** Of each day's and month's caps, kept for the owner's own tasks. */
  readonly reservePercent: number
  /** Minutes without keyboard and mouse before anything is served; 0 serves at any time. */
  readonly idleMinutes: number
  readonly onBattery: 'serve' | 'hold'
  readonly onMetered: 'serve' | 'hold'
  /** What all backends together give at most; null: no more than each one's own caps. */
  readonly together: TogetherCaps | null
}
export type TogetherCaps = Pick<
  ProviderCaps,
  'concurrent' | 'tasksPerDay' | 'outputTokensPerDay' | 'moneyPerDayCents' | 'moneyPerMonthCents'
>

export const noOwnerRules: OwnerRules = { reservePercent: 0, idleMinutes: 0, onBattery: 'serve', onMetered: 'serve', together: null }

/** In the place of rules that lie damaged on the disk: what their owner asked for is not known, so nothing is served. */
export const unreadableRules: OwnerRules = { ...noOwnerRules }

type OwnerHold = { readonly rule: 'rules' | 'idle' | 'battery' | 'metered'; readonly reason: string }
const minuteMs = 60_000

/** Null while the owner's rules let others be served. What cannot be told counts as the worse case, because the owner asked for the rule. */
export const holdByOwner = (rules: OwnerRules, signals: OwnerSignals): OwnerHold | null => {
  const hold = (rule: OwnerHold['rule'], reason: string): OwnerHold => ({ rule, reason })
  if (rules === unreadableRules) return hold('rules', 'Your rules for serving cannot be read any more. Set them again to serve.')
  if (rules.idleMinutes > 0) {
    const idleMs = signals.idleMs()
    if (idleMs === null)
      return hold('idle', 'You serve only while the computer is idle, and this one cannot tell. Turn that rule off to serve.')
    if (idleMs < rules.idleMinutes * minuteMs) return hold('idle', 'The computer is in use, and you serve only while it is idle.')
  }
  if (rules.onBattery === 'hold') {
    const isOnBattery = signals.isOnBattery()
    if (isOnBattery === null)
      return hold('battery', 'You do not serve on battery, and this computer cannot tell. Turn that rule off to serve.')
    if (isOnBattery) return hold('battery', 'The computer runs on battery, and you do not serve then.')
  }
  if (rules.onMetered === 'hold') {
    const isMetered = signals.isMetered()
    if (isMetered === null)
      return hold('metered', 'You do not serve on a metered connection, and this computer cannot tell. Turn that rule off to serve.')
    if (isMetered) return hold('metered', 'The connection is metered, and you do not serve then.')
  }
  return null
}

/** What others may use of each day and month. */
export const shareOfOthers = (caps: ProviderCaps, { reservePercent }: Pick<OwnerRules, 'reservePercent'>): ProviderCaps => {
  const share = (cap: number): number => Math.floor((cap * (100 - reservePercent)) / 100)
  return {
    ...caps,
    tasksPerDay: share(caps.tasksPerDay),
    outputTokensPerDay: share(caps.outputTokensPerDay),
    moneyPerDayCents: share(caps.moneyPerDayCents),
    moneyPerMonthCents: share(caps.moneyPerMonthCents),
  }
}
