import type { Database } from '../storage/database.ts'
import type { AmountMicro } from '../platform/amount.ts'
import type { AccountId } from './objects.ts'

/** What accounts have paid each other through escrows, as far as this witness knows; for both of them alike. */
export const createDealingRows = (db: Database) => {
  const add = db.prepare(
    // No sum of the whole supply a thousand times over can be larger.
    `INSERT INTO dealing VALUES (?, ?, ?)
     ON CONFLICT (account, other) DO UPDATE SET paid_micro = min(paid_micro + excluded.paid_micro, 9000000000000000000)`,
  )
  const between = db.prepare<[Uint8Array, Uint8Array], { paid_micro: bigint }>(
    'SELECT paid_micro FROM dealing WHERE account = ? AND other = ?',
  )
  const sums = db.prepare<[Uint8Array], { paid_micro: bigint }>('SELECT paid_micro FROM dealing WHERE account = ?')
  return {
    saveDealing: (a: AccountId, b: AccountId, paidMicro: AmountMicro): void => {
      if (paidMicro === 0n) return
      add.run(a, b, paidMicro)
      add.run(b, a, paidMicro)
    },
    dealings: (account: AccountId, other: AccountId): { readonly allMicro: AmountMicro; readonly otherMicro: AmountMicro } => ({
      allMicro: sums.all(account).reduce((sum, row) => sum + row.paid_micro, 0n),
      otherMicro: between.get(account, other)?.paid_micro ?? 0n,
    }),
  }
}
