import type { MarketContract } from '../contract/contract.ts'
import { maxInvitesListed } from '../contract/invites.ts'
import type { OutputOf } from '../contract/definition.ts'
import type { Handlers } from '../contract/dispatcher.ts'
import { fromHex, toHex } from '../platform/bytes.ts'
import { fail, ok } from '../platform/result.ts'
import { txHash } from '../settlement/encoding.ts'
import type { AccountId, Decree } from '../settlement/objects.ts'
import { csvHeader, csvLine } from './csv.ts'
import type { Invites } from './invites.ts'
import { spendOf } from './model.ts'
import type { Wallet } from './service.ts'
import type { MovementRow, Pending } from './store.ts'

export type WalletHandlersDeps = {
  readonly wallet: Wallet
  readonly escrows: { readonly expectedMicro: () => bigint }
  readonly isInvite: (account: AccountId) => boolean
}

export const walletHandlers = ({ wallet, escrows, isInvite }: WalletHandlersDeps): Handlers<MarketContract>['wallet'] => ({
  summary: () => {
    const { revision, accountId, availableMicro, lockedMicro, step } = wallet.summary()
    return ok({
      revision,
      accountId: toHex(accountId),
      availableMicro,
      lockedMicro,
      onTheWayMicro: escrows.expectedMicro(),
      steps: step + 1,
    })
  },
  history: ({ cursor, limit }) => {
    const beforeId = cursor === null ? null : Number(cursor)
    if (beforeId !== null && !Number.isSafeInteger(beforeId))
      return fail('invalid-input', 'That is no page of this history. Start at the first one.')
    const pending = wallet.pending()
    const waiting = pending === null ? [] : pendingRow(pending, isInvite)
    const shown = cursor === null ? waiting : []
    const movements = wallet.payments(beforeId, limit - shown.length)
    const lastId = movements.at(-1)?.id ?? Number.MAX_SAFE_INTEGER
    const isMore = wallet.payments(Math.min(lastId, beforeId ?? lastId), 1).length > 0
    const rows = [...shown, ...movements.map(historyRow)]
    return ok({ rows, nextCursor: isMore ? String(lastId) : null, total: wallet.paymentCount() + waiting.length })
  },
  exportCsv: ({ cursor }) => {
    const beforeId = cursor === null ? null : Number(cursor)
    if (beforeId !== null && !Number.isSafeInteger(beforeId))
      return fail('invalid-input', 'That is no page of this history. Start at the first one.')
    const rows = wallet.payments(beforeId, csvRowsInPage)
    const part = `${cursor === null ? csvHeader : ''}${rows.map(csvLine).join('')}`
    return ok({ part, nextCursor: rows.length === csvRowsInPage ? String(rows.at(-1)?.id ?? 0) : null })
  },
  transfer: async ({ requestId, to, amountMicro, memo }) => {
    const paid = await wallet.transfer(fromHex(to), amountMicro, memo, requestId)
    return paid.ok ? ok(certified(paid.value)) : paid
  },
})

/** Some 400 characters each. */
const csvRowsInPage = 1_000

export const invitesHandlers = (invites: Invites, wallet: Pick<Wallet, 'summary'>): Handlers<MarketContract>['invites'] => ({
  list: () => {
    const { heldMicro, rows } = invites.list(maxInvitesListed)
    return ok({
      revision: wallet.summary().revision,
      heldMicro,
      rows: rows.map(({ account, claimedBy, ...row }) => ({ ...row, account: toHex(account), claimedBy: hexOrNull(claimedBy) })),
    })
  },
  link: ({ account }) => {
    const link = invites.link(fromHex(account))
    return link.ok ? ok({ link: link.value }) : link
  },
  create: async ({ requestId, amountMicro }) => {
    const made = await invites.create(amountMicro, requestId)
    if (made.ok) return ok({ link: made.value.link, txHash: toHex(txHash(made.value.decree.tx)) })
    // An invite goes to a fresh key, so it can never be a payment to oneself.
    return made.error.code === 'to-oneself' ? fail('refused', made.error.message) : fail(made.error.code, made.error.message)
  },
  claim: async ({ link }) => {
    const claimed = await invites.claim(link)
    if (!claimed.ok) return claimed
    const { sponsor, decree, ...rest } = claimed.value
    return ok({ ...rest, sponsor: toHex(sponsor), decree: certified(decree) })
  },
})

export const certified = ({ tx }: Decree) => ({ txHash: toHex(txHash(tx)), step: tx.step })

const hexOrNull = (bytes: Uint8Array | null): string | null => (bytes === null ? null : toHex(bytes))

/** A payer may put a line break into a memo; here it is shown on one line. */
const oneLine = (memo: string): string => memo.replace(/\s+/g, ' ')

const historyRow = (row: MovementRow) => ({
  atMs: row.atMs,
  kind: kindOf(row),
  amountMicro: row.availableDeltaMicro,
  counterparty: hexOrNull(row.counterparty),
  escrowId: hexOrNull(row.escrowId),
  txHash: toHex(row.txHash),
  state: 'final' as const,
  memo: oneLine(row.memo),
})

type HistoryKind = OutputOf<MarketContract['wallet']['history']>['rows'][number]['kind']

const kindOf = ({ kind, availableDeltaMicro, lockedDeltaMicro }: MovementRow): HistoryKind => {
  if (kind === 'genesis' || kind === 'transfer' || kind === 'invite') return kind
  if (kind === 'lock') return 'escrow-locked'
  if (kind === 'claim') return 'other'
  return lockedDeltaMicro < 0n && availableDeltaMicro > 0n ? 'escrow-returned' : 'escrow-paid'
}

const pendingRow = ({ authorised: { tx }, atMs, txHash: hash }: Pending, isInvite: (account: AccountId) => boolean) => {
  const operation = tx.type === 'account' ? tx.body.operation : null
  if (operation?.kind !== 'transfer' && operation?.kind !== 'open-escrow') return []
  const isTransfer = operation.kind === 'transfer'
  const shared = { atMs, amountMicro: -spendOf(operation), txHash: toHex(hash), state: 'pending' as const }
  return isTransfer
    ? [
        {
          ...shared,
          kind: isInvite(operation.to) ? ('invite' as const) : ('transfer' as const),
          counterparty: toHex(operation.to),
          escrowId: null,
          memo: oneLine(operation.memo),
        },
      ]
    : [{ ...shared, kind: 'escrow-locked' as const, counterparty: toHex(operation.terms.provider), escrowId: toHex(hash), memo: '' }]
}
