import type { WalletView } from '../../store/market-store.ts'

/** Whether every movement ever shown adds up to what the account holds now; null when the history is too long to say. */
export type Conservation = { readonly movements: number; readonly differenceMicro: bigint }

export const checkConservation = ({ summary, history }: WalletView): Conservation | null => {
  if (history === null) return null
  const movedMicro = history.reduce((sum, row) => sum + row.amountMicro, 0n)
  return { movements: history.length, differenceMicro: movedMicro - summary.availableMicro - summary.onTheWayMicro }
}
