import { assert } from './assert.ts'

/**
 * Roots, powers and logarithms in whole numbers. What every node must compute alike may not rest on Math.pow and its kin: the
 * language leaves their last digits to the engine. Only +, −, ×, ÷ and Math.sqrt are the same everywhere (ECMA-262, IEEE 754).
 * Shares are parts per million (ppm).
 */
export const ppm = 1_000_000

/** 2²⁵: the square of anything below twice this is a safe integer. */
const one = 0x2000000
/** Binary digits after the point: finer than a millionth. */
const digits = 22

/** The largest whole number whose square is not above `value`. */
export const squareRoot = (value: number): number => {
  assert(Number.isSafeInteger(value) && value >= 0, 'the root of a whole number')
  const root = Math.floor(Math.sqrt(value))
  return root * root > value ? root - 1 : root
}

/** 2^(−2^−k) for k = 1, 2, …, each the root of the one before. */
const roots: readonly number[] = Array.from({ length: digits }).reduce<readonly number[]>(
  (found) => [...found, squareRoot((found.at(-1) ?? one / 2) * one)],
  [],
)

/** 2^(−exponent) in ppm, for an exponent ≥ 0 in ppm. */
export const halvedBy = (exponentPpm: number): number => {
  assert(Number.isSafeInteger(exponentPpm) && exponentPpm >= 0, 'an exponent that halves')
  const halvings = Math.floor(exponentPpm / ppm)
  if (halvings > digits) return 0
  let rest = exponentPpm % ppm
  let scaled = one
  for (const root of roots) {
    rest *= 2
    if (rest < ppm) continue
    rest -= ppm
    scaled = Math.floor((scaled * root) / one)
  }
  return Math.floor((scaled * ppm) / one / 2 ** halvings)
}

/** log₂ of a whole number ≥ 1, in ppm. */
export const logarithm = (value: number): number => {
  assert(Number.isSafeInteger(value) && value >= 1, 'the logarithm of a whole number from 1')
  const whole = Math.floor(Math.log2(value))
  // The engine's logarithm may be one off next to a power of two.
  const exponent = 2 ** whole > value ? whole - 1 : 2 ** (whole + 1) <= value ? whole + 1 : whole
  let mantissa = Math.floor((value / 2 ** exponent) * one)
  let fraction = 0
  for (let digit = 0; digit < digits; digit++) {
    mantissa = Math.floor((mantissa * mantissa) / one)
    fraction *= 2
    if (mantissa < 2 * one) continue
    mantissa = Math.floor(mantissa / 2)
    fraction += 1
  }
  return exponent * ppm + Math.floor((fraction * ppm) / 2 ** digits)
}

/** A share of at most one, to a power ≥ 0 in ppm. */
export const raised = (sharePpm: number, powerPpm: number): number => {
  assert(sharePpm >= 0 && sharePpm <= ppm && powerPpm >= 0, 'a share to a power')
  if (sharePpm === 0) return powerPpm === 0 ? ppm : 0
  return halvedBy(Math.floor(((20 * ppm - logarithm(sharePpm) - millionthBelow) * powerPpm) / ppm))
}
/** 20 − log₂ 10⁶, in ppm. */
const millionthBelow = 68_432
