const hoursInDay = 24
const daysInWeek = 7

/** 0–167 from Monday 00:00, in the time zone of this computer. */
export const localHourOfWeek = (atMs: number): number => {
  const date = new Date(atMs)
  const daysSinceMonday = (date.getDay() + daysInWeek - 1) % daysInWeek
  return daysSinceMonday * hoursInDay + date.getHours()
}
