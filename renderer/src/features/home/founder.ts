import type { HistoryRow } from '../../store/types.ts'

/** Of all movements: the supply came to this account, and nothing of it went to anybody, so that nobody else can be here. */
export const isToInvite = (movements: readonly Pick<HistoryRow, 'kind' | 'amountMicro'>[]): boolean =>
  movements.some(({ kind }) => kind === 'genesis') &&
  !movements.some(({ kind, amountMicro }) => (kind === 'invite' || kind === 'transfer') && amountMicro < 0n)
