import type { WeekReport } from './week.ts'

type RunOf = { readonly seed: number; readonly hours: number; readonly tookMs: number }

/** For people: what was reached, how far nodes differed on the way, and every rule that was broken. */
export const describeWeek = (report: WeekReport, { seed, hours, tookMs }: RunOf): string => {
  const { violations, counts, longestDisagreementMs, comparedBooks, offByHour, estimates } = report
  const reached = [...counts].map(([what, count]) => `${count.toLocaleString('en')} ${what}`).join(', ')
  const offAt = (hour: number): string => `${(offByHour[hour - 1] ?? Number.NaN).toFixed(1)} % after ${hour} h`
  const days = Array.from({ length: Math.floor(offByHour.length / 24) }, (_, day) => offAt(24 * (day + 1)))
  return [
    `seed ${seed}: ${estimates.length} nodes traded for ${hours} h, in ${(tookMs / 1_000).toFixed(0)} s`,
    `  reached  ${reached}`,
    `  books    ${comparedBooks.toLocaleString('en')} comparisons with the maker’s own; the longest difference was ${(longestDisagreementMs / 60_000).toFixed(0)} min`,
    `  prices   ${new Set(estimates).size} in the end; off the equilibrium by ${[offAt(1), ...days].join(', ')}`,
    ...violations.map((violation) => `  BROKEN   ${violation}`),
    violations.length === 0
      ? '  Nothing was stuck, and books and prices came together.'
      : `  ${counts.get('violations') ?? 0} rules were broken.`,
  ].join('\n')
}
