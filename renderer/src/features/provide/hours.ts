/** Hours of the week: seven days from Monday; bit h of a day stands for the hour that begins at h:00. */
export const ALL_DAY = 2 ** 24 - 1
const HOURS = 24
const WORKING_DAYS = 5
const DAYS = 7

/** From one full hour to another, over midnight when `to` is not after `from`; the same twice is the whole day. */
export type Span = { readonly fromHour: number; readonly toHour: number }
export type WeeklyHours =
  | { readonly kind: 'always' }
  | { readonly kind: 'spans'; readonly workingDays: Span; readonly weekend: Span }
  | { readonly kind: 'own'; readonly days: readonly number[] }

const bitsOf = ({ fromHour, toHour }: Span): number => {
  if (fromHour === toHour) return ALL_DAY
  let bits = 0
  for (let hour = fromHour; hour !== toHour; hour = (hour + 1) % HOURS) bits |= 1 << hour
  return bits
}

export const daysOf = (hours: WeeklyHours): readonly number[] => {
  if (hours.kind === 'own') return hours.days
  if (hours.kind === 'always') return Array.from({ length: DAYS }, () => ALL_DAY)
  const [workingDays, weekend] = [bitsOf(hours.workingDays), bitsOf(hours.weekend)]
  return Array.from({ length: DAYS }, (_, day) => (day < WORKING_DAYS ? workingDays : weekend))
}

/** Undoes `daysOf` where the days are as it writes them; other weeks stay as they are. */
export const hoursOf = (days: readonly number[]): WeeklyHours => {
  if (days.length === DAYS && days.every((day) => day === ALL_DAY)) return { kind: 'always' }
  const [workingDays, weekend] = [spanOf(days[0] ?? 0), spanOf(days[WORKING_DAYS] ?? 0)]
  if (workingDays === null || weekend === null) return { kind: 'own', days }
  const read: WeeklyHours = { kind: 'spans', workingDays, weekend }
  return daysOf(read).every((bits, day) => bits === days[day]) ? read : { kind: 'own', days }
}

const spanOf = (bits: number): Span | null => {
  for (let fromHour = 0; fromHour < HOURS; fromHour++)
    for (let toHour = 0; toHour < HOURS; toHour++) {
      const span = { fromHour, toHour }
      if (bitsOf(span) === bits) return span
    }
  return null
}
