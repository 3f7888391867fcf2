import { microPerRuv } from '../../platform/amount.ts'
import type { WeekReport } from './week.ts'

type RunOf = { readonly seed: number; readonly hours: number; readonly tookMs: number }

/** For people: what was reached, how far nodes differed on the way, and every rule that was broken. */
export const describeWeek = (report: WeekReport, { seed, hours, tookMs }: RunOf): string => {
  const { violations, counts, longestDisagreementMs, comparedBooks, offByHour, offClosings, ending } = report
  const reached = [...counts].map(([what, count]) => `${count.toLocaleString('en')} ${what}`).join(', ')
  const offAt = (hour: number): string => `${(offByHour[hour - 1] ?? Number.NaN).toFixed(1)} % after ${hour} h`
  const ruv = (micro: bigint): string => (Number(micro) / Number(microPerRuv)).toLocaleString('en')
  const days = Array.from({ length: Math.floor(offByHour.length / 24) }, (_, day) => offAt(24 * (day + 1)))
  return [
    `seed ${seed}: ${ending.nodes} nodes are up after ${hours} h of trade, in ${(tookMs / 1_000).toFixed(0)} s`,
    `  reached  ${reached}`,
    `  books    ${comparedBooks.toLocaleString('en')} comparisons with the maker’s own; the longest difference was ${(longestDisagreementMs / 60_000).toFixed(0)} min; ${ending.books} in the end, with ${ending.offers} offers and ${ending.requests} requests`,
    `  prices   ${new Set(ending.estimates).size} in the end, ${offClosings.toFixed(1)} % off the closings of the last day; off the equilibrium by ${[offAt(1), ...days].join(', ')}`,
    `  members  judged in ${ending.standings} way${ending.standings === 1 ? '' : 's'} in the end`,
    `  money    ${ending.openEscrows} escrows are open, ${ruv(ending.heldMicro)} of ${ruv(ending.supplyMicro)} RUV are held`,
    ...violations.map((violation) => `  BROKEN   ${violation}`),
    violations.length === 0
      ? '  Nothing was stuck, and books and prices came together.'
      : `  ${counts.get('violations') ?? 0} rules were broken.`,
  ].join('\n')
}
