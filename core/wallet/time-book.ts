import { toHex } from '../platform/bytes.ts'
import type { Clock } from '../platform/clock.ts'
import { txHash } from '../settlement/encoding.ts'
import type { Decree, TxHash } from '../settlement/objects.ts'

export type TimeBook = ReturnType<typeof createTimeBook>

/** When what is being taken in became final: now, unless it was fetched; then as the witnesses remember, or null when they do not. */
export const createTimeBook = (clock: Clock) => {
  const fetched = new Map<string, number | null>()
  return {
    of: (hash: TxHash): number | null => {
      const known = fetched.get(toHex(hash))
      return known === undefined ? clock.nowMs() : known
    },
    /** `times` by the hex of the transactions' hashes. */
    note: (decrees: readonly Decree[], times: ReadonlyMap<string, number>): void => {
      for (const { tx } of decrees) {
        const hash = toHex(txHash(tx))
        fetched.set(hash, times.get(hash) ?? null)
      }
    },
    forget: (): void => fetched.clear(),
  }
}
