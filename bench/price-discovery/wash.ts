import type { Trade } from '../../core/prices/model.ts'
import { tradeOf } from './anchored.ts'
import type { Deal } from './mechanism.ts'

/**
 * Three pairs of accounts that the federation trusts as it trusts everybody, and that trade among themselves at three times the price, for
 * `share` of what all honest trades pay together. (Accounts nobody trusts weigh nothing at all.)
 */
export const washOf =
  (share: number) =>
  (round: number, deals: readonly Deal[]): readonly Trade[] => {
    const paid = deals.reduce((sum, { priceMicro }) => sum + priceMicro, 0)
    const fairMicro = paid / Math.max(1, deals.length)
    return [0, 1, 2].map((pair) =>
      tradeOf(`${round}.wash ${pair}`, round, `washer ${pair}`, `launderer ${pair}`, 3 * fairMicro, BigInt(Math.ceil((share * paid) / 3))),
    )
  }
