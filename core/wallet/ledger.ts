import { assert } from '../platform/assert.ts'
import { equalBytes } from '../platform/bytes.ts'
import { ok, type Result } from '../platform/result.ts'
import { applyCertifiedAccountTx } from '../settlement/account.ts'
import { txHash as hashOf } from '../settlement/encoding.ts'
import type { AccountState, AccountTx, Bytes32, Credit, Decree, EscrowState, TxHash } from '../settlement/objects.ts'
import { refuse, type Refusal } from '../settlement/refusals.ts'
import type { InviteStore } from './invite-store.ts'
import {
  movementOfGenesis,
  movementOfSettlement,
  movementOfTransferIn,
  movementsOfOwnTx,
  spendOf,
  sumOf,
  wishOf,
  type Movement,
} from './model.ts'
import type { ProvenCredit, WalletStore } from './store.ts'

export type Ledger = ReturnType<typeof createLedger>

/** Who else keeps something of what the own chain says; inside the same transaction. */
type Hearers = {
  readonly opened: (decree: Decree) => void
  readonly linked: (key: Bytes32, atMs: number | null) => void
  readonly revoked: (key: Bytes32, atMs: number | null) => void
}

/** Writes certified facts into the wallet's rows. Every function runs inside `store.transaction` and takes each fact in once. */
export const createLedger = (store: WalletStore, invites: InviteStore, timeOf: (hash: TxHash) => number | null, heard: Hearers) => {
  const addMovement = (movement: Movement): void => store.addMovement(movement, timeOf(movement.txHash))

  /** What it adds: nothing when it is known, or was booked with the step of another device that claimed it. */
  const addCredit = (proven: ProvenCredit): bigint => {
    if (store.hasCredit(proven.credit.id)) return 0n
    store.addCredit(proven)
    return store.isClaimed(proven.credit.id) ? 0n : proven.credit.amountMicro
  }

  const takeGenesis = (credit: Credit, foundedAtMs: number): void => {
    if (addCredit({ credit, proof: [] }) > 0n) store.addMovement(movementOfGenesis(credit), foundedAtMs)
  }

  /** A final transfer whose output `credit` pays this account. */
  const takeTransfer = (credit: Credit, decree: Decree): void => {
    const from = decree.tx.objectId
    const memo = decree.tx.type === 'account' && decree.tx.body.operation.kind === 'transfer' ? decree.tx.body.operation.memo : ''
    const addedMicro = addCredit({ credit, proof: [decree] })
    const movement = movementOfTransferIn(credit, from, memo)
    if (addedMicro > 0n) addMovement(invites.claim(from) === null ? movement : { ...movement, kind: 'invite' })
  }

  /** A settled escrow of this account: the lock ends, and what the settlement pays becomes a credit. */
  const takeSettlement = (settled: EscrowState, credits: readonly Credit[], proof: readonly Decree[]): void => {
    const { id } = store.state().account
    const movement = movementOfSettlement(settled, id)
    assert(movement !== null, 'a settlement of an escrow that is not of this account')
    const addedMicro = credits
      .filter((credit) => equalBytes(credit.account, id))
      .reduce((sum, credit) => sum + addCredit({ credit, proof }), 0n)
    addMovement({ ...movement, availableDeltaMicro: addedMicro })
  }

  /** What a step took in. Credits that another device claimed may be unknown here, and are booked with the step. */
  const takeClaims = (tx: AccountTx, before: AccountState): bigint => {
    const claimedMicro = tx.body.freeAfterMicro + spendOf(tx.body.operation) - before.freeMicro
    const known = tx.body.claims.flatMap((id) => store.credit(id)?.credit ?? [])
    const unexplainedMicro = claimedMicro - sumOf(known)
    const allKnown = known.length === tx.body.claims.length
    assert(allKnown ? unexplainedMicro === 0n : unexplainedMicro >= 0n, 'a decree claims something else than its credits')
    if (unexplainedMicro > 0n) addMovement(unexplained(unexplainedMicro, hashOf(tx)))
    return claimedMicro
  }

  /** The certified step after the head, signed by this node or by another device of the same member. */
  const takeOwn = (decree: Decree): Result<null, Refusal> => {
    const { tx } = decree
    const before = store.state().account
    if (tx.type !== 'account') return refuse('wrong-object')
    const applied = applyCertifiedAccountTx(before, { tx, authorisations: decree.authorisations })
    if (!applied.ok) return applied
    const claimedMicro = takeClaims(tx, before)
    store.saveDecree(decree, hashOf(tx), applied.value.state)
    for (const id of tx.body.claims) store.saveClaim(id, tx.step)
    const { operation } = tx.body
    const isInvite = operation.kind === 'transfer' && invites.isInvite(operation.to)
    for (const row of movementsOfOwnTx(tx, claimedMicro))
      addMovement(isInvite && row.kind === 'transfer' ? { ...row, kind: 'invite' } : row)
    const wish = wishOf(operation)
    if (wish !== null) store.saveWish(wish, hashOf(tx))
    store.dropPendingUpTo(tx.step)
    if (operation.kind === 'open-escrow') heard.opened(decree)
    if (operation.kind === 'register-device') heard.linked(operation.deviceKey, timeOf(hashOf(tx)))
    if (operation.kind === 'revoke-device') heard.revoked(operation.deviceKey, timeOf(hashOf(tx)))
    return ok(null)
  }

  return { takeGenesis, takeTransfer, takeSettlement, takeOwn }
}

/** Money that a decree of this account claimed from sources no witness could show any more. */
const unexplained = (amountMicro: bigint, txHash: Uint8Array): Movement => {
  const row = { kind: 'transfer', availableDeltaMicro: amountMicro, lockedDeltaMicro: 0n, amountMicro, txHash } as const
  return { ...row, counterparty: null, escrowId: null, memo: '' }
}
