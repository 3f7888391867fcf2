import type { AmountMicro } from '../platform/amount.ts'
import { assert } from '../platform/assert.ts'
import { compareBytes, equalBytes, sha256, utf8 } from '../platform/bytes.ts'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'
import { encodeTerms, txHash } from '../settlement/encoding.ts'
import type {
  AccountBody,
  AccountId,
  AccountOperation,
  AccountState,
  AccountTx,
  Bytes32,
  Credit,
  EscrowState,
  Governance,
  ObjectId,
  TxHash,
} from '../settlement/objects.ts'

/**
 * What a member owns, read from certified facts alone: the free balance of the account's own chain, credits not claimed yet, and
 * escrows it opened. Every movement of a µRUV is one row, and the rows add up to the balances (assertConserved).
 */

export type Balances = {
  /** Can be spent by the next operation: free balance and unclaimed certified credits, less what a signed transaction has promised. */
  readonly availableMicro: AmountMicro
  /** In escrows this account opened that are not settled yet. */
  readonly lockedMicro: AmountMicro
}

export type MovementKind = 'genesis' | 'transfer' | 'invite' | 'lock' | 'release' | 'refund' | 'split' | 'ruling' | 'claim'

/** One certified change. The deltas move the two balances; `claim` moves credits into the free balance, which changes neither. */
export type Movement = {
  readonly kind: MovementKind
  readonly availableDeltaMicro: bigint
  readonly lockedDeltaMicro: bigint
  /** The size of what happened, never negative: what was sent, locked, paid by the client, or claimed. */
  readonly amountMicro: AmountMicro
  /** Null for genesis and claims. */
  readonly counterparty: AccountId | null
  readonly escrowId: ObjectId | null
  readonly txHash: TxHash
  readonly memo: string
}

/** What an operation takes out of the free balance. */
export const spendOf = (operation: AccountOperation): AmountMicro => {
  if (operation.kind === 'transfer') return operation.amountMicro
  return operation.kind === 'open-escrow' ? operation.terms.amountMicro : 0n
}

export const sumOf = (credits: readonly Credit[]): AmountMicro => credits.reduce((sum, credit) => sum + credit.amountMicro, 0n)

export const balancesOf = (facts: {
  readonly freeMicro: AmountMicro
  readonly unclaimedMicro: AmountMicro
  readonly lockedMicro: AmountMicro
  /** Signed and not decided yet; its money is spoken for. */
  readonly pending: AccountOperation | null
}): Balances => {
  const promisedMicro = facts.pending === null ? 0n : spendOf(facts.pending)
  return {
    availableMicro: facts.freeMicro + facts.unclaimedMicro - promisedMicro,
    lockedMicro: facts.lockedMicro + (facts.pending?.kind === 'open-escrow' ? promisedMicro : 0n),
  }
}

/** Claims are listed in ascending order of id; of more than `maxClaims` the largest go first, so that a payment needs few of them. */
export const chooseClaims = (unclaimed: readonly Credit[], maxClaims: number): readonly Credit[] =>
  unclaimed
    .toSorted((a, b) => (a.amountMicro === b.amountMicro ? compareBytes(a.id, b.id) : a.amountMicro < b.amountMicro ? 1 : -1))
    .slice(0, maxClaims)
    .toSorted((a, b) => compareBytes(a.id, b.id))

/** The account's next transaction: claims what waits, then does the operation, and moves on to the committee `next`. */
export const nextAccountTx = (
  state: AccountState,
  claimed: readonly Credit[],
  operation: AccountOperation,
  next: Governance = state.governance,
): Result<AccountTx, Failure<'insufficient-funds'>> => {
  const freeAfterMicro = state.freeMicro + sumOf(claimed) - spendOf(operation)
  if (freeAfterMicro < 0n) return insufficientFunds
  return ok(accountTx(state, { claims: claimed.map((credit) => credit.id), operation, freeAfterMicro }, next))
}

const accountTx = ({ id, step, headHash, governance }: AccountState, body: AccountBody, next: Governance): AccountTx => {
  const position = { objectId: id, step: step + 1, previousHash: headHash, governance, next }
  return { version: 1, type: 'account', ...position, body }
}

/** What tells two payments apart that are otherwise alike, and makes the one behind this request known wherever the chain is. */
const nonceOf = (requestId: string): Uint8Array => sha256(utf8('RUV1/WISH'), utf8(requestId)).subarray(0, 16)

/** What an operation is known by wherever the chain is; null: doing it twice does no harm. */
export const wishOf = (operation: AccountOperation): Uint8Array | null => {
  if (operation.kind === 'open-escrow') return sha256(utf8('RUV1/WISH'), encodeTerms(operation.terms)).subarray(0, 16)
  return operation.kind === 'transfer' ? (operation.nonce ?? null) : null
}

/** The operation as it is signed for this request. */
export const wishedFor = (operation: AccountOperation, requestId: string | null): AccountOperation =>
  operation.kind === 'transfer' && requestId !== null ? { ...operation, nonce: nonceOf(requestId) } : operation

/** The same for the same operation of the same account, wherever in the chain it ends up. */
export const fingerprintOf = (operation: AccountOperation, { id, governance: { federationId } }: AccountState): Bytes32 => {
  const governance = { federationId, epoch: 0 }
  const anywhere = { id, governance, step: -1, headHash: new Uint8Array(32), ownerKey: id, deviceKeys: [], freeMicro: 0n }
  return txHash(accountTx(anywhere, { claims: [], operation, freeAfterMicro: 0n }, governance))
}

export const insufficientFunds = fail(
  'insufficient-funds',
  'There is not enough available for this. Lower the amount, or wait until locked amounts are settled.',
)

const still = { availableDeltaMicro: 0n, lockedDeltaMicro: 0n, counterparty: null, escrowId: null, memo: '' } as const

/** The rows of a decree on one's own account. */
export const movementsOfOwnTx = (tx: AccountTx, claimedMicro: AmountMicro): readonly Movement[] => {
  const { operation, claims } = tx.body
  const hash = txHash(tx)
  const claim: readonly Movement[] = claims.length === 0 ? [] : [{ ...still, kind: 'claim', amountMicro: claimedMicro, txHash: hash }]
  const spentMicro = spendOf(operation)
  const spent = { ...still, availableDeltaMicro: -spentMicro, amountMicro: spentMicro, txHash: hash }
  if (operation.kind === 'transfer') return [...claim, { ...spent, kind: 'transfer', counterparty: operation.to, memo: operation.memo }]
  if (operation.kind !== 'open-escrow') return claim
  return [...claim, { ...spent, kind: 'lock', lockedDeltaMicro: spentMicro, counterparty: operation.terms.provider, escrowId: hash }]
}

export const movementOfGenesis = (credit: Credit): Movement => ({
  ...still,
  kind: 'genesis',
  availableDeltaMicro: credit.amountMicro,
  amountMicro: credit.amountMicro,
  txHash: credit.sourceHash,
})

export const movementOfTransferIn = (credit: Credit, from: AccountId, memo: string): Movement => ({
  ...still,
  kind: 'transfer',
  availableDeltaMicro: credit.amountMicro,
  amountMicro: credit.amountMicro,
  counterparty: from,
  txHash: credit.sourceHash,
  memo,
})

/** The row of a settled escrow as `account` sees it; null when it is no party. The client gets its change, the provider its price. */
export const movementOfSettlement = (settled: EscrowState, account: AccountId): Movement | null => {
  const { payout, terms } = settled
  if (payout === null) return null
  const settledAs = {
    ...still,
    kind: settlementKinds[payout.by] ?? 'release',
    escrowId: settled.id,
    txHash: settled.headHash,
    amountMicro: payout.providerMicro,
  }
  if (equalBytes(terms.client, account)) {
    const deltas = { availableDeltaMicro: payout.clientMicro, lockedDeltaMicro: -terms.amountMicro }
    return { ...settledAs, ...deltas, counterparty: terms.provider }
  }
  return equalBytes(terms.provider, account)
    ? { ...settledAs, availableDeltaMicro: payout.providerMicro, counterparty: terms.client }
    : null
}

const settlementKinds: Readonly<Partial<Record<string, MovementKind>>> = {
  release: 'release',
  'expire-release': 'release',
  refund: 'refund',
  'expire-refund': 'refund',
  split: 'split',
  'expire-default': 'split',
  rule: 'ruling',
}

/** Nothing appears and nothing vanishes: the rows explain every µRUV of the balances. */
export const assertConserved = (facts: {
  readonly freeMicro: AmountMicro
  readonly unclaimedMicro: AmountMicro
  readonly availableDeltasMicro: bigint
  readonly lockedDeltasMicro: bigint
}): void => {
  assert(facts.freeMicro >= 0n && facts.lockedDeltasMicro >= 0n, 'a balance is negative')
  assert(facts.freeMicro + facts.unclaimedMicro === facts.availableDeltasMicro, 'the history does not add up to the available balance')
}
