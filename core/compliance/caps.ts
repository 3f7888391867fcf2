/** What a provider gives at most. A day is any 24 hours and a month any 30 days: so a cap holds across midnight, travel and changed clocks. */
export type ProviderCaps = {
  readonly concurrent: number
  readonly tasksPerDay: number
  readonly outputTokensPerTask: number
  readonly outputTokensPerDay: number
  /** What the backend may bill its owner, in hundredths of the vendor's currency. */
  readonly moneyPerDayCents: number
  readonly moneyPerMonthCents: number
  /** What the vendor charges, as its owner knows it; 0 where nothing is billed. */
  readonly centsPerMillionInputTokens: number
  readonly centsPerMillionOutputTokens: number
  /** Seven days from Monday; bit h of a day stands for the hour that begins at h:00, local time. */
  readonly weeklyHours: readonly number[]
}

export const capDayMs = 24 * 3_600_000
export const capMonthMs = 30 * capDayMs
export const daysInWeek = 7
const hoursInDay = 24
const wholeDay = 2 ** hoursInDay - 1
export const allHours: readonly number[] = Array.from({ length: daysInWeek }, () => wholeDay)

/** The caps of a backend that nobody bills for, at all hours; the rest is its owner's. */
export const unbilled = {
  moneyPerDayCents: 0,
  moneyPerMonthCents: 0,
  centsPerMillionInputTokens: 0,
  centsPerMillionOutputTokens: 0,
  weeklyHours: allHours,
} as const

/** What has been used, and what running and promised tasks may still use: reserved in full before anything is used. */
export type CapUse = {
  readonly running: number
  readonly tasksToday: number
  readonly outputTokensToday: number
  readonly millicentsToday: number
  readonly millicentsThisMonth: number
}
/** One more task at its worst. */
export type CapDemand = { readonly outputTokens: number; readonly millicents: number }

export const capRules = ['task-size', 'hours', 'concurrency', 'tasks-a-day', 'tokens-a-day', 'money-a-day', 'money-a-month'] as const
export type CapRefusal = {
  readonly rule: (typeof capRules)[number]
  readonly sentence: string
}

const millicentsPerCent = 1_000
const million = 1_000_000

/** Rounded up, so that many small tasks never cost more than what was counted. */
export const costMillicents = (caps: ProviderCaps, usage: { readonly inputTokens: number; readonly outputTokens: number }): number =>
  Math.ceil(
    ((usage.inputTokens * caps.centsPerMillionInputTokens + usage.outputTokens * caps.centsPerMillionOutputTokens) * millicentsPerCent) /
      million,
  )

/** Why one more task of this worst-case size is over a cap; null when it is not. */
export const refusalByCaps = (caps: ProviderCaps, use: CapUse, task: CapDemand): CapRefusal | null => {
  const refuse = (rule: CapRefusal['rule'], sentence: string): CapRefusal => ({ rule, sentence })
  if (task.outputTokens > caps.outputTokensPerTask) return refuse('task-size', 'The task asks for more output than you allow for one.')
  if (use.running + 1 > caps.concurrent) return refuse('concurrency', 'As many tasks are running as you allow at once.')
  if (use.tasksToday + 1 > caps.tasksPerDay) return refuse('tasks-a-day', 'The tasks that you allow for a day are done.')
  if (use.outputTokensToday + task.outputTokens > caps.outputTokensPerDay)
    return refuse('tokens-a-day', 'The task could go over the tokens that you allow for a day.')
  if (use.millicentsToday + task.millicents > caps.moneyPerDayCents * millicentsPerCent)
    return refuse('money-a-day', 'The task could go over the money that you allow for a day.')
  if (use.millicentsThisMonth + task.millicents > caps.moneyPerMonthCents * millicentsPerCent)
    return refuse('money-a-month', 'The task could go over the money that you allow for a month.')
  return null
}

/** `hourOfWeek`: 0–167 from Monday 00:00 local time. */
export const isHourAllowed = ({ weeklyHours }: Pick<ProviderCaps, 'weeklyHours'>, hourOfWeek: number): boolean =>
  (((weeklyHours[Math.floor(hourOfWeek / hoursInDay)] ?? 0) >> (hourOfWeek % hoursInDay)) & 1) === 1

/** When the next allowed hour begins, at most a week ahead, from the start of this hour; null when no hour is allowed. */
export const hoursUntilAllowed = (caps: Pick<ProviderCaps, 'weeklyHours'>, hourOfWeek: number): number | null => {
  const hoursInWeek = daysInWeek * hoursInDay
  for (let ahead = 0; ahead < hoursInWeek; ahead++) if (isHourAllowed(caps, (hourOfWeek + ahead) % hoursInWeek)) return ahead
  return null
}
