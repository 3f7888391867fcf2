import { assert } from '../platform/assert.ts'
import type { AmountMicro } from '../platform/amount.ts'
import { decodeBytes, encodeBytes } from '../platform/codec.ts'
import type { Database } from '../storage/database.ts'
import { accountStateCodec, decodeAuthorisedTx, decodeDecree, encodeAuthorisedTx, encodeDecree } from '../settlement/encoding.ts'
import type { AccountState, AuthorisedTx, Credit, CreditId, Decree, TxHash } from '../settlement/objects.ts'
import { assertConserved, type Movement, type MovementKind } from './model.ts'
import { decodeProof, encodeProof } from './proof.ts'
import { requestRows } from './request-rows.ts'

/** A credit with the decrees that prove it, oldest first; none for a genesis credit. */
export type ProvenCredit = { readonly credit: Credit; readonly proof: readonly Decree[] }
export type Pending = { readonly authorised: AuthorisedTx; readonly txHash: TxHash; readonly atMs: number }
/** `atMs` null: nobody remembers when it was. */
export type MovementRow = Movement & { readonly id: number; readonly atMs: number | null }
export type WalletState = {
  readonly account: AccountState
  /** Sums over all movements, kept as they are written. */
  readonly totalAvailableMicro: AmountMicro
  readonly lockedMicro: AmountMicro
  readonly revision: number
}
export type WalletStore = ReturnType<typeof createWalletStore>

type AccountRow = {
  readonly state: Buffer
  readonly total_available_micro: bigint
  readonly locked_micro: bigint
  readonly revision: bigint
}
type CreditRow = {
  readonly id: Buffer
  readonly amount_micro: bigint
  readonly source_hash: Buffer
  readonly output_index: bigint
  readonly proof: Buffer
}
type PendingRow = { readonly tx_hash: Buffer; readonly authorised_tx: Buffer; readonly at_ms: bigint }
type RowOfMovement = {
  readonly id: bigint
  readonly at_ms: bigint
  readonly kind: MovementKind
  readonly available_delta_micro: bigint
  readonly locked_delta_micro: bigint
  readonly amount_micro: bigint
  readonly counterparty: Buffer | null
  readonly escrow: Buffer | null
  readonly tx_hash: Buffer
  readonly memo: string
}

/**
 * The wallet's rows. Writes belong into `transaction`, whose end asserts that the history adds up to the balances; so a
 * half-applied or invented amount rolls back instead of being stored.
 */
export const createWalletStore = (db: Database) => {
  const accountRow = db.prepare<[], AccountRow>('SELECT * FROM wallet_account WHERE id = 1')
  const insertAccount = db.prepare('INSERT INTO wallet_account VALUES (1, ?, ?, 0, 0, 0)')
  const updateAccount = db.prepare('UPDATE wallet_account SET state = ?')
  const bumpRevision = db.prepare('UPDATE wallet_account SET revision = revision + 1')
  const insertDecree = db.prepare('INSERT INTO wallet_decree VALUES (?, ?, ?)')
  const decreeAtStep = db.prepare<[number], { decree: Buffer }>('SELECT decree FROM wallet_decree WHERE step = ?')
  const decreeOfHash = db.prepare<[Uint8Array], { decree: Buffer }>('SELECT decree FROM wallet_decree WHERE tx_hash = ?')
  const insertCredit = db.prepare('INSERT INTO wallet_credit VALUES (?, ?, ?, ?, ?, ?)')
  const creditRow = db.prepare<[Uint8Array], CreditRow>('SELECT * FROM wallet_credit WHERE id = ?')
  const creditOfSource = db.prepare<[Uint8Array], CreditRow>('SELECT * FROM wallet_credit WHERE source_hash = ? LIMIT 1')
  const unclaimedRows = db.prepare<[number], CreditRow>(
    'SELECT * FROM wallet_credit WHERE claimed = 0 ORDER BY amount_micro DESC, id LIMIT ?',
  )
  const unclaimedSum = db.prepare<[], { sum: bigint; count: bigint }>(
    'SELECT coalesce(sum(amount_micro), 0) AS sum, count(*) AS count FROM wallet_credit WHERE claimed = 0',
  )
  const insertClaim = db.prepare('INSERT INTO wallet_claim VALUES (?, ?)')
  const markClaimed = db.prepare('UPDATE wallet_credit SET claimed = 1 WHERE id = ?')
  const claimRow = db.prepare<[Uint8Array], { step: bigint }>('SELECT step FROM wallet_claim WHERE credit = ?')
  const insertPending = db.prepare('INSERT INTO wallet_pending VALUES (?, ?, ?, ?)')
  const pendingRow = db.prepare<[], PendingRow>('SELECT tx_hash, authorised_tx, at_ms FROM wallet_pending ORDER BY step LIMIT 1')
  const deletePending = db.prepare('DELETE FROM wallet_pending WHERE step <= ?')
  const insertMovement = db.prepare('INSERT INTO wallet_movement VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
  const addToTotals = db.prepare(
    'UPDATE wallet_account SET total_available_micro = total_available_micro + ?, locked_micro = locked_micro + ?',
  )
  const paymentPage = db.prepare<[number, number], RowOfMovement>(
    `SELECT * FROM wallet_movement WHERE id < ? AND kind <> 'claim' ORDER BY id DESC LIMIT ?`,
  )
  const movementPage = db.prepare<[number, number], RowOfMovement>('SELECT * FROM wallet_movement WHERE id < ? ORDER BY id DESC LIMIT ?')
  const movementSums = db.prepare<[], { available: bigint; locked: bigint }>(
    'SELECT coalesce(sum(available_delta_micro), 0) AS available, coalesce(sum(locked_delta_micro), 0) AS locked FROM wallet_movement',
  )

  const state = (): WalletState => {
    const row = accountRow.get()
    assert(row !== undefined, 'the wallet has no account yet')
    return {
      account: stored(decodeBytes(accountStateCodec, bytes(row.state), maxStateBytes, 'account')),
      totalAvailableMicro: row.total_available_micro,
      lockedMicro: row.locked_micro,
      revision: Number(row.revision),
    }
  }
  const unclaimedMicro = (): AmountMicro => unclaimedSum.get()?.sum ?? 0n
  const assertBalanced = (): void => {
    const { account, totalAvailableMicro, lockedMicro } = state()
    const deltas = { availableDeltasMicro: totalAvailableMicro, lockedDeltasMicro: lockedMicro }
    assertConserved({ freeMicro: account.freeMicro, unclaimedMicro: unclaimedMicro(), ...deltas })
  }

  return {
    ...requestRows(db),
    hasAccount: (): boolean => accountRow.get() !== undefined,
    open: (account: AccountState): void => {
      insertAccount.run(account.id, encodeBytes(accountStateCodec, account))
    },
    state,
    unclaimedMicro,
    /** One transaction, or a part of the one under way, that ends with the conservation check and a new revision. */
    transaction: <T>(work: () => T): T =>
      db.atomically(() => {
        const result = work()
        bumpRevision.run()
        assertBalanced()
        return result
      }),
    /** Adds up the whole history; for start-up and tests, since `transaction` only checks the running totals. */
    assertHistory: (): void => {
      const { totalAvailableMicro, lockedMicro } = state()
      const sums = movementSums.get()
      assert(sums?.available === totalAvailableMicro && sums.locked === lockedMicro, 'the history rows do not add up to its totals')
      assertBalanced()
    },

    saveDecree: (decree: Decree, txHash: TxHash, after: AccountState): void => {
      insertDecree.run(decree.tx.step, txHash, encodeDecree(decree))
      updateAccount.run(encodeBytes(accountStateCodec, after))
    },
    decreeAt: (step: number): Decree | null => decreeOrNull(decreeAtStep.get(step)?.decree),
    decreeOf: (txHash: TxHash): Decree | null => decreeOrNull(decreeOfHash.get(txHash)?.decree),

    addCredit: ({ credit, proof }: ProvenCredit): void => {
      const claimed = claimRow.get(credit.id) === undefined ? 0 : 1
      insertCredit.run(credit.id, credit.amountMicro, credit.sourceHash, credit.index, encodeProof(proof), claimed)
    },
    hasCredit: (id: CreditId): boolean => creditRow.get(id) !== undefined,
    credit: (id: CreditId): ProvenCredit | null => {
      const row = creditRow.get(id)
      return row === undefined ? null : creditOf(row, state().account.id)
    },
    /** The decree with this hash, when it paid this account. */
    payingDecree: (source: TxHash): Decree | null => lastOfProof(creditOfSource.get(source)),
    /** The largest first. */
    unclaimed: (limit: number): readonly ProvenCredit[] => {
      const { id } = state().account
      return unclaimedRows.all(limit).map((row) => creditOf(row, id))
    },
    unclaimedCount: (): number => Number(unclaimedSum.get()?.count ?? 0n),
    /** The credit may still be unknown here, when another device of this member claimed it. */
    saveClaim: (credit: CreditId, step: number): void => {
      insertClaim.run(credit, step)
      markClaimed.run(credit)
    },
    isClaimed: (credit: CreditId): boolean => claimRow.get(credit) !== undefined,

    savePending: (step: number, pending: Pending): void => {
      insertPending.run(step, pending.txHash, encodeAuthorisedTx(pending.authorised), pending.atMs)
    },
    pending: (): Pending | null => {
      const row = pendingRow.get()
      if (row === undefined) return null
      return { txHash: bytes(row.tx_hash), atMs: Number(row.at_ms), authorised: stored(decodeAuthorisedTx(bytes(row.authorised_tx))) }
    },
    dropPendingUpTo: (step: number): void => void deletePending.run(step),

    addMovement: (movement: Movement, atMs: number | null): void => {
      const { kind, availableDeltaMicro, lockedDeltaMicro, amountMicro, counterparty, escrowId, txHash, memo } = movement
      insertMovement.run(
        atMs ?? unknownTime,
        kind,
        availableDeltaMicro,
        lockedDeltaMicro,
        amountMicro,
        counterparty,
        escrowId,
        txHash,
        memo,
      )
      addToTotals.run(availableDeltaMicro, lockedDeltaMicro)
    },
    /** A page newest first, below the given row id; pass null to begin. */
    payments: (beforeId: number | null, limit: number): readonly MovementRow[] =>
      paymentPage.all(beforeId ?? Number.MAX_SAFE_INTEGER, limit).map(movementOf),
    paymentCount: createPaymentCount(db),
    movements: (beforeId: number | null, limit: number): readonly MovementRow[] =>
      movementPage.all(beforeId ?? Number.MAX_SAFE_INTEGER, limit).map(movementOf),
  }
}

/** Rows are never changed or taken away, so only what came since is counted: a million rows take a tenth of a second. */
const createPaymentCount = (db: Database): (() => number) => {
  const paymentsAfter = db.prepare<[number], { count: bigint; last: bigint | null }>(
    `SELECT count(*) AS count, max(id) AS last FROM wallet_movement WHERE id > ? AND kind <> 'claim'`,
  )
  let counted = { count: 0, last: 0 }
  return () => {
    const fresh = paymentsAfter.get(counted.last)
    if (fresh === undefined || fresh.last === null) return counted.count
    const total = { count: counted.count + Number(fresh.count), last: Number(fresh.last) }
    // What is under way may still be taken back.
    if (!db.inTransaction()) counted = total
    return total.count
  }
}

/** As it is stored: nothing was ever paid when it was 1970. */
const unknownTime = 0
/** Room for every certified device. */
const maxStateBytes = 1_024
const bytes = (buffer: Buffer): Uint8Array => new Uint8Array(buffer)

/** What this node wrote itself decodes, or the database is damaged. */
const stored = <T>(
  decoded: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: { readonly message: string } },
): T => {
  assert(decoded.ok, `a stored wallet row cannot be read${decoded.ok ? '' : `: ${decoded.error.message}`}`)
  return decoded.value
}

const decreeOrNull = (buffer: Buffer | undefined): Decree | null => (buffer === undefined ? null : stored(decodeDecree(bytes(buffer))))

const creditOf = (row: CreditRow, account: Uint8Array): ProvenCredit => ({
  credit: {
    id: bytes(row.id),
    account,
    amountMicro: row.amount_micro,
    sourceHash: bytes(row.source_hash),
    index: Number(row.output_index),
  },
  proof: stored(decodeProof(bytes(row.proof))),
})

const lastOfProof = (row: CreditRow | undefined): Decree | null =>
  row === undefined ? null : (stored(decodeProof(bytes(row.proof))).at(-1) ?? null)

const movementOf = (row: RowOfMovement): MovementRow => ({
  id: Number(row.id),
  atMs: Number(row.at_ms) === unknownTime ? null : Number(row.at_ms),
  kind: row.kind,
  availableDeltaMicro: row.available_delta_micro,
  lockedDeltaMicro: row.locked_delta_micro,
  amountMicro: row.amount_micro,
  counterparty: row.counterparty === null ? null : bytes(row.counterparty),
  escrowId: row.escrow === null ? null : bytes(row.escrow),
  txHash: bytes(row.tx_hash),
  memo: row.memo,
})
