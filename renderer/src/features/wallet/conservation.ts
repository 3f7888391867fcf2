import type { HistoryRow, WalletSummary } from '../../store/types.ts'

/** Whether every movement ever shown adds up to what the account holds now. */
export type Conservation = { readonly movements: number; readonly differenceMicro: bigint }

export const checkConservation = (summary: WalletSummary, history: readonly HistoryRow[]): Conservation => {
  const movedMicro = history.reduce((sum, row) => sum + row.amountMicro, 0n)
  return { movements: history.length, differenceMicro: movedMicro - summary.availableMicro - summary.onTheWayMicro }
}
