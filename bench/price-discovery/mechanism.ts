import type { Schedule } from './schedules.ts'

/** One unit that changed hands: between the traders of these places in the schedule. */
export type Deal = { readonly client: number; readonly provider: number; readonly priceMicro: number }

/** A way to trade, with its own published idea of the price. */
export type Market = {
  /** Every trader has one unit to trade in a round. */
  readonly trade: (schedule: Schedule) => readonly Deal[]
  readonly estimateMicro: () => number
}
