/** What was earned on one day, in µRUV. */
export type EarningsDay = { readonly day: string; readonly earnedMicro: bigint; readonly tasks: number }
/** A trade in which an account was the provider, as the witnesses have certified it. */
export type PaidTrade = { readonly atMs: number; readonly paidMicro: bigint }
/** What such trades since then brought in. */
export const sumOfTrades = (trades: readonly PaidTrade[], sinceMs: number): { readonly earnedMicro: bigint; readonly tasks: number } => {
  const paid = trades.filter(({ atMs, paidMicro }) => atMs >= sinceMs && paidMicro > 0n)
  return { earnedMicro: paid.reduce((sum, { paidMicro }) => sum + paidMicro, 0n), tasks: paid.length }
}

export type Forecast = {
  /** For one day, in µRUV: the middle of the last days, and the span that held four of five of them. */
  readonly lowMicro: bigint
  readonly middleMicro: bigint
  readonly highMicro: bigint
  /** How far the same forecast would have been from each day it could have been made for, on average, in parts per million. */
  readonly meanErrorPpm: number
  readonly testedDays: number
}

/** A forecast goes by this many days before, and is not made with fewer. */
export const forecastDays = 7
const million = 1_000_000n

const sorted = (days: readonly EarningsDay[]): readonly bigint[] =>
  days.map(({ earnedMicro }) => earnedMicro).toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0))
const at = (values: readonly bigint[], part: number): bigint => values[Math.round((values.length - 1) * part)] ?? 0n

/**
 * From realised earnings alone, oldest day first and days without any as zero: the median of the last week. It promises nothing; how
 * wrong it has been on this very history is part of it. Null with less than a week and a day.
 */
export const forecast = (days: readonly EarningsDay[]): Forecast | null => {
  if (days.length <= forecastDays) return null
  const last = sorted(days.slice(-forecastDays))
  const errors = days.slice(forecastDays).map(({ earnedMicro }, index) => {
    const guessed = at(sorted(days.slice(index, index + forecastDays)), 0.5)
    const larger = guessed > earnedMicro ? guessed : earnedMicro
    const difference = guessed > earnedMicro ? guessed - earnedMicro : earnedMicro - guessed
    return larger === 0n ? 0 : Number((difference * million) / larger)
  })
  return {
    lowMicro: at(last, 0.1),
    middleMicro: at(last, 0.5),
    highMicro: at(last, 0.9),
    meanErrorPpm: Math.round(errors.reduce((sum, error) => sum + error, 0) / errors.length),
    testedDays: errors.length,
  }
}
