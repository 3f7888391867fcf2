import type { AmountMicro } from '../platform/amount.ts'
import { assert } from '../platform/assert.ts'
import type { Database } from '../storage/database.ts'
import { decodeAuthorisedTx, encodeAuthorisedTx } from '../settlement/encoding.ts'
import type { AccountId, AuthorisedTx } from '../settlement/objects.ts'

/** An invite made here: the account of its key, and the index under which the member derives it. */
export type Invite = { readonly account: AccountId; readonly keyIndex: number; readonly amountMicro: AmountMicro; readonly atMs: number }
/** `claimedBy`: whoever emptied its account; null while nobody is known to have. `isPaid`: the transfer to it is final. */
export type MadeInvite = Invite & { readonly isPaid: boolean; readonly claimedBy: AccountId | null }
/** The one order with which this node empties an invite's account. */
export type InviteClaim = { readonly authorised: AuthorisedTx; readonly sponsor: AccountId }
export type InviteStore = ReturnType<typeof createInviteStore>

type InviteRow = { readonly account: Buffer; readonly key_index: bigint; readonly amount_micro: bigint; readonly at_ms: bigint }
type MadeRow = InviteRow & { readonly claimed_by: Buffer | null; readonly is_paid: bigint }
type ClaimRow = { readonly authorised_tx: Buffer; readonly sponsor: Buffer }

export const createInviteStore = (db: Database) => {
  const byRequest = db.prepare<[string], InviteRow>(
    'SELECT account, key_index, amount_micro, at_ms FROM wallet_invite WHERE request_id = ?',
  )
  const byAccount = db.prepare<[Uint8Array], { account: Buffer }>('SELECT account FROM wallet_invite WHERE account = ?')
  const lastIndex = db.prepare<[], { last: bigint | null }>('SELECT max(key_index) AS last FROM wallet_invite')
  const movementWith = db.prepare<[Uint8Array]>('SELECT id FROM wallet_movement WHERE counterparty = ? LIMIT 1')
  const insert = db.prepare('INSERT INTO wallet_invite (account, request_id, key_index, amount_micro, at_ms) VALUES (?, ?, ?, ?, ?)')
  const madeRow = db.prepare<[Uint8Array], MadeRow>(`SELECT * FROM (${madeRows}) WHERE account = ?`)
  const listedRows = db.prepare<[Uint8Array, number, number], MadeRow>(
    `SELECT * FROM (${madeRows})
     WHERE (is_paid OR account = ?) AND (claimed_at_ms IS NULL OR claimed_at_ms > ?) ORDER BY key_index DESC LIMIT ?`,
  )
  const unclaimedRows = db.prepare<[number, number], MadeRow>(
    `SELECT * FROM (${madeRows}) WHERE is_paid AND claimed_by IS NULL AND key_index < ? ORDER BY key_index DESC LIMIT ?`,
  )
  const unclaimedSum = db.prepare<[], { sum: bigint }>(
    `SELECT coalesce(sum(amount_micro), 0) AS sum FROM (${madeRows}) WHERE is_paid AND claimed_by IS NULL`,
  )
  const markClaimed = db.prepare('UPDATE wallet_invite SET claimed_by = ?, claimed_at_ms = ? WHERE account = ? AND claimed_by IS NULL')
  const claimRow = db.prepare<[Uint8Array], ClaimRow>('SELECT authorised_tx, sponsor FROM wallet_invite_claim WHERE account = ?')
  const firstClaim = db.prepare<[], { sponsor: Buffer }>('SELECT sponsor FROM wallet_invite_claim ORDER BY at_ms LIMIT 1')
  const insertClaim = db.prepare('INSERT INTO wallet_invite_claim VALUES (?, ?, ?, ?)')

  return {
    /** Null when this request made none yet. */
    invite: (requestId: string): Invite | null => {
      const row = byRequest.get(requestId)
      return row === undefined ? null : inviteOf(row)
    },
    made: (account: AccountId): MadeInvite | null => {
      const row = madeRow.get(account)
      return row === undefined ? null : madeOf(row)
    },
    /** Those that are paid for and the one whose order is signed, the newest first; claimed ones while they were claimed after `claimedAfterMs`. */
    listed: (ordered: AccountId, claimedAfterMs: number, limit: number): readonly MadeInvite[] =>
      listedRows.all(ordered, claimedAfterMs, limit).map(madeOf),
    /** Paid for and not known to be claimed, the newest first, from below this index on. */
    unclaimed: (belowKeyIndex: number, limit: number): readonly MadeInvite[] => unclaimedRows.all(belowKeyIndex, limit).map(madeOf),
    unclaimedMicro: (): AmountMicro => unclaimedSum.get()?.sum ?? 0n,
    noteClaimant: (account: AccountId, claimant: AccountId, atMs: number): boolean => markClaimed.run(claimant, atMs, account).changes > 0,
    isInvite: (account: AccountId): boolean => byAccount.get(account) !== undefined,
    nextKeyIndex: (): number => Number(lastIndex.get()?.last ?? -1n) + 1,
    /** Whether this wallet ever paid the account, as its history knows even after a restore. */
    wasPaid: (account: AccountId): boolean => movementWith.get(account) !== undefined,
    saveInvite: (requestId: string, invite: Invite): void => {
      insert.run(invite.account, requestId, invite.keyIndex, invite.amountMicro, invite.atMs)
    },
    claim: (account: AccountId): InviteClaim | null => {
      const row = claimRow.get(account)
      if (row === undefined) return null
      const authorised = decodeAuthorisedTx(bytes(row.authorised_tx))
      assert(authorised.ok, 'a stored invite claim cannot be read')
      return { authorised: authorised.value, sponsor: bytes(row.sponsor) }
    },
    sponsor: (): AccountId | null => {
      const row = firstClaim.get()
      return row === undefined ? null : bytes(row.sponsor)
    },
    saveClaim: (account: AccountId, claim: InviteClaim, atMs: number): void => {
      insertClaim.run(account, encodeAuthorisedTx(claim.authorised), claim.sponsor, atMs)
    },
  }
}

/** Paid for by money that was sent there, not by money that came back from it. */
const madeRows = `SELECT account, key_index, amount_micro, at_ms, claimed_by, claimed_at_ms,
    EXISTS (SELECT 1 FROM wallet_movement WHERE counterparty = wallet_invite.account AND available_delta_micro < 0) AS is_paid
  FROM wallet_invite`

const inviteOf = (row: InviteRow): Invite => ({
  account: bytes(row.account),
  keyIndex: Number(row.key_index),
  amountMicro: row.amount_micro,
  atMs: Number(row.at_ms),
})
const madeOf = (row: MadeRow): MadeInvite => ({
  ...inviteOf(row),
  isPaid: row.is_paid === 1n,
  claimedBy: row.claimed_by === null ? null : bytes(row.claimed_by),
})
const bytes = (buffer: Buffer): Uint8Array => new Uint8Array(buffer)
