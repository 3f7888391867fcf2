import { perLocale } from './locale.ts'

const SECOND_MS = 1_000
const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** The shortest form each language has. In German that is `1 Std.`, whose full stops would meet those of sentences: it takes the symbols. */
const SYMBOLS = { millisecond: 'ms', second: 's', minute: 'min', hour: 'h' } as const
type Unit = keyof typeof SYMBOLS | 'day'

const unit = (name: Unit, digits: number) =>
  perLocale((tag): ((amount: number) => string) => {
    const isGerman = /^de\b/i.test(tag)
    const fraction = { minimumFractionDigits: digits, maximumFractionDigits: digits }
    const plain = new Intl.NumberFormat(tag, fraction)
    if (isGerman && name !== 'day') return (amount) => `${plain.format(amount)}\u00a0${SYMBOLS[name]}`
    const whole = new Intl.NumberFormat(tag, { ...fraction, style: 'unit', unit: name, unitDisplay: isGerman ? 'long' : 'narrow' })
    return (amount) => whole.format(amount)
  })
const milliseconds = unit('millisecond', 0)
const fineSeconds = unit('second', 2)
const seconds = unit('second', 1)
const wholeSeconds = unit('second', 0)
const minutes = unit('minute', 0)
const hours = unit('hour', 0)
const days = unit('day', 0)

const shortClock = perLocale((tag) => new Intl.DateTimeFormat(tag, { hour: '2-digit', minute: '2-digit' }))
const dayOfYear = perLocale((tag) => new Intl.DateTimeFormat(tag, { day: 'numeric', month: 'short' }))
const date = perLocale((tag) => new Intl.DateTimeFormat(tag, { day: 'numeric', month: 'short', year: 'numeric' }))
const dateAndTime = perLocale((tag) => new Intl.DateTimeFormat(tag, { dateStyle: 'medium', timeStyle: 'medium' }))

/** Three significant digits are enough to follow a trade: `40ms`, `1.25s`, `12.3s`, `4m 5s`. */
export const formatDuration = (durationMs: number): string => {
  if (durationMs < SECOND_MS) return milliseconds()(durationMs)
  if (durationMs < 9_995) return fineSeconds()(durationMs / SECOND_MS)
  if (durationMs < 59_950) return seconds()(durationMs / SECOND_MS)
  return formatLeft(durationMs)
}

/** A promise or a limit in round figures: `2s`, `1m`, `2h 30m`. */
export const formatLimit = (durationMs: number): string => (durationMs < SECOND_MS ? formatDuration(durationMs) : formatLeft(durationMs))

/** What is left until something happens, in the two largest units, rounded up so that it reaches zero when it does. */
export const formatLeft = (leftMs: number): string => {
  const left = Math.max(0, Math.ceil(leftMs / SECOND_MS)) * SECOND_MS
  if (left < MINUTE_MS) return wholeSeconds()(left / SECOND_MS)
  if (left < HOUR_MS) return twoUnits(left, MINUTE_MS, minutes(), SECOND_MS, wholeSeconds())
  if (left < DAY_MS) return twoUnits(left, HOUR_MS, hours(), MINUTE_MS, minutes())
  return twoUnits(left, DAY_MS, days(), HOUR_MS, hours())
}

type Written = (amount: number) => string

const twoUnits = (left: number, largeMs: number, large: Written, smallMs: number, small: Written): string => {
  const rest = Math.floor((left % largeMs) / smallMs)
  const start = large(Math.floor(left / largeMs))
  return rest === 0 ? start : `${start} ${small(rest)}`
}

/** An hour of the day, such as 22:00. */
export const formatHour = (hour: number): string => shortClock().format(new Date(2000, 0, 1, hour))
export const formatDate = (atMs: number): string => date().format(atMs)
const monthAndYear = perLocale((tag) => new Intl.DateTimeFormat(tag, { month: 'long', year: 'numeric' }))
export const formatMonth = (atMs: number): string => monthAndYear().format(atMs)
export const formatDateAndTime = (atMs: number): string => dateAndTime().format(atMs)

const chartTime = perLocale((tag) => new Intl.DateTimeFormat(tag, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' }))

/** Under an axis: the day and the time. */
export const formatChartTime = (atMs: number): string => chartTime().format(atMs)

/** As short as it can be and still be clear: the time today, the day this year, the date before. */
export const formatWhen = (atMs: number, nowMs: number): string => {
  const [at, now] = [new Date(atMs), new Date(nowMs)]
  if (at.toDateString() === now.toDateString()) return shortClock().format(at)
  return at.getFullYear() === now.getFullYear() ? dayOfYear().format(at) : date().format(at)
}
