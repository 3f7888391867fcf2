import type { AmountMicro } from '../platform/amount.ts'
import { ppm } from '../platform/fixed-point.ts'

/**
 * The anchored price clock (settlement.md §11, improved in bench/price-discovery): where an order stands against the published
 * estimate, and how far it gives way when nobody takes it. Best-placed pairs meet first and near the estimate; nobody with gains
 * from trade is shut out. A side that is always served at once asks for a little more next time, and one that is not, for less:
 * that is what moves the market when the estimate is wrong.
 */

/** How far an order has given way at each further attempt; after the last it stands at its own limit. */
const concessionsPpm = [0, 10_000, 20_000, 40_000, 80_000, 160_000, 240_000, 320_000, 400_000, 500_000, 600_000] as const
export const clockAttempts = concessionsPpm.length + 1
/** Served at this attempt is as it should be: sooner, and the order could have stood firmer. */
const usualAttempt = 1

/** Where an order starts against the estimate, in its owner's favour: dearer for a provider, cheaper for a client. */
export type Stance = { readonly firmnessPpm: number; readonly stepPpm: number; readonly direction: -1 | 0 | 1 }
export const neutralStance: Stance = { firmnessPpm: 0, stepPpm: 0, direction: 0 }

const firstStepPpm = 15_000
const maxStepPpm = 80_000
const maxFirmnessPpm = 400_000

/** `attempt` 0-based: served at that one. `unserved`: wanted to trade and did not. `outpriced`: could not have traded at the estimate. */
export type Outcome = { readonly kind: 'served'; readonly attempt: number } | { readonly kind: 'unserved' } | { readonly kind: 'outpriced' }

/** Firmer after being served early, softer after being served late or not at all; faster while it goes on the same way. */
export const nextStance = (stance: Stance, outcome: Outcome): Stance => {
  if (outcome.kind === 'outpriced') return { ...neutralStance, firmnessPpm: Math.trunc(stance.firmnessPpm / 2) }
  const direction = outcome.kind === 'unserved' ? -1 : signOf(usualAttempt - outcome.attempt)
  if (direction === 0) return { ...neutralStance, firmnessPpm: stance.firmnessPpm }
  const stepPpm = direction === stance.direction ? Math.min(2 * stance.stepPpm, maxStepPpm) : firstStepPpm
  const moved = stance.firmnessPpm + direction * stepPpm
  return { firmnessPpm: Math.max(-maxFirmnessPpm, Math.min(maxFirmnessPpm, moved)), stepPpm, direction }
}
const signOf = (value: number): -1 | 0 | 1 => (value > 0 ? 1 : value < 0 ? -1 : 0)

const times = (priceMicro: AmountMicro, sharePpm: number): AmountMicro => (priceMicro * BigInt(Math.max(0, sharePpm))) / BigInt(ppm)

/** The least a provider takes at this attempt; never below its cost. */
export const askMicro = (costMicro: AmountMicro, estimateMicro: AmountMicro, stance: Stance, attempt: number): AmountMicro => {
  const concession = concessionsPpm[attempt]
  if (concession === undefined) return costMicro
  const ask = times(estimateMicro, ppm + stance.firmnessPpm - concession)
  return ask > costMicro ? ask : costMicro
}

/** The most a client gives at this attempt; never above its value. */
export const limitMicro = (valueMicro: AmountMicro, estimateMicro: AmountMicro, stance: Stance, attempt: number): AmountMicro => {
  const concession = concessionsPpm[attempt]
  if (concession === undefined) return valueMicro
  const limit = times(estimateMicro, ppm - stance.firmnessPpm + concession)
  return limit < valueMicro ? limit : valueMicro
}

/** What a provider bids under a request's limit: as near to the estimate as both allow; null when they do not meet. */
export const bidMicro = (ask: AmountMicro, limit: AmountMicro, estimateMicro: AmountMicro): AmountMicro | null => {
  if (ask > limit) return null
  if (estimateMicro < ask) return ask
  return estimateMicro > limit ? limit : estimateMicro
}
