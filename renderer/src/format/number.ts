import { perLocale } from './locale.ts'

const whole = perLocale((tag) => new Intl.NumberFormat(tag, { maximumFractionDigits: 0 }))
const percent = perLocale((tag) => new Intl.NumberFormat(tag, { style: 'percent', maximumFractionDigits: 0 }))
const size = (unit: 'byte' | 'kilobyte' | 'megabyte' | 'gigabyte') =>
  perLocale((tag) => new Intl.NumberFormat(tag, { style: 'unit', unit, unitDisplay: 'narrow', maximumSignificantDigits: 3 }))
const sizes = [size('byte'), size('kilobyte'), size('megabyte'), size('gigabyte')] as const

export const formatCount = (count: number): string => whole().format(count)

/** From parts per million. */
export const formatPercent = (ppm: number): string => percent().format(ppm / 1_000_000)

export const formatBytes = (bytes: number): string => {
  const step = Math.min(sizes.length - 1, bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3))
  return (sizes[step] ?? sizes[0])().format(bytes / 1_000 ** step)
}
