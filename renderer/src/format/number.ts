import { perLocale } from './locale.ts'

const whole = perLocale((tag) => new Intl.NumberFormat(tag, { maximumFractionDigits: 0 }))
const percent = perLocale((tag) => new Intl.NumberFormat(tag, { style: 'percent', maximumFractionDigits: 0 }))
const size = (unit: 'byte' | 'kilobyte' | 'megabyte' | 'gigabyte') =>
  perLocale((tag) => new Intl.NumberFormat(tag, { style: 'unit', unit, unitDisplay: 'narrow', maximumSignificantDigits: 3 }))
const sizes = [size('byte'), size('kilobyte'), size('megabyte'), size('gigabyte')] as const

export const formatCount = (count: number): string => whole().format(count)

/** From parts per million. */
export const formatPercent = (ppm: number): string => percent().format(ppm / 1_000_000)

const change = perLocale((tag) => new Intl.NumberFormat(tag, { style: 'percent', maximumFractionDigits: 1, signDisplay: 'exceptZero' }))

/** The same with its sign, for what rose or fell. */
export const formatSignedPercent = (ppm: number): string => change().format(ppm / 1_000_000)

export const formatBytes = (bytes: number): string => {
  const step = Math.min(sizes.length - 1, bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3))
  return (sizes[step] ?? sizes[0])().format(bytes / 1_000 ** step)
}

const money = perLocale((tag) => new Intl.NumberFormat(tag, { minimumFractionDigits: 2, maximumFractionDigits: 2, useGrouping: false }))

/** Hundredths of whatever a vendor bills in, such as `2.50`. */
export const formatCents = (cents: number): string => money().format(cents / 100)

/** What a person typed, in hundredths; a comma is as good as a point, and groups are not understood. */
export const parseCents = (typed: string): number | null => {
  const match = /^(\d{1,9})(?:[.,](\d{1,2}))?$/.exec(typed.trim())
  return match === null ? null : Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0'))
}

/** A whole number as typed, with or without spaces between its digits. */
export const parseWhole = (typed: string): number | null => {
  const bare = typed.replaceAll(/[\s\u00a0\u202f'’]/g, '')
  return /^\d{1,12}$/.test(bare) ? Number(bare) : null
}
