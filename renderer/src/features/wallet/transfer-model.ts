import { line, maxAmountMicro } from '../../../../core/contract/primitives.ts'
import { maxMemoLength } from '../../../../core/contract/wallet.ts'
import { parseRuv } from '../../format/amount.ts'
import { t } from '../../messages/translate.ts'

/** What has been typed, as typed. */
export type TransferDraft = { readonly to: string; readonly amount: string; readonly memo: string }
export type Transfer = { readonly to: string; readonly amountMicro: bigint; readonly memo: string }
export type TransferErrors = Readonly<Partial<Record<keyof TransferDraft, string>>>

export const EMPTY_TRANSFER: TransferDraft = { to: '', amount: '', memo: '' }

type Known = { readonly ownAccountId: string; readonly availableMicro: bigint }

const memoLine = line(maxMemoLength)
/** A pasted key comes with spaces, line breaks and capitals that mean nothing. */
const accountOf = (pasted: string): string | null => {
  const bare = pasted.replaceAll(/\s+/g, '').toLowerCase()
  return /^[0-9a-f]{64}$/.test(bare) ? bare : null
}

/** @returns why an amount cannot be spent, or null when it can */
export const amountProblem = (typed: string, availableMicro: bigint): string | null => {
  const amountMicro = parseRuv(typed)
  if (amountMicro === null || amountMicro === 0n || amountMicro > maxAmountMicro) return t('wallet.send.amount.wrong')
  return amountMicro > availableMicro ? t('wallet.send.amount.tooMuch') : null
}

/** @returns the transfer, or what to put right in each field */
export const readTransfer = (
  draft: TransferDraft,
  { ownAccountId, availableMicro }: Known,
): { readonly transfer: Transfer } | { readonly errors: TransferErrors } => {
  const to = accountOf(draft.to)
  const memo = draft.memo.trim()
  const wrongAmount = amountProblem(draft.amount, availableMicro)
  const errors: TransferErrors = {
    ...(to === null ? { to: t('wallet.send.to.wrong') } : to === ownAccountId ? { to: t('wallet.send.to.own') } : {}),
    ...(wrongAmount === null ? {} : { amount: wrongAmount }),
    ...(memoLine.safeParse(memo).success ? {} : { memo: t('wallet.send.memo.wrong') }),
  }
  if (to === null || Object.keys(errors).length > 0) return { errors }
  return { transfer: { to, amountMicro: parseRuv(draft.amount) ?? 0n, memo } }
}
