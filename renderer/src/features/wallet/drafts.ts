import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Attempt } from '../../store/use-command.ts'
import { EMPTY_TRANSFER, type TransferDraft } from './transfer-model.ts'

export type Opened = 'none' | 'send' | 'invite' | 'claim'

/** What is typed in the dialogs of the wallet, and which of them is open. */
export type WalletDrafts = {
  readonly opened: Opened
  readonly transfer: TransferDraft
  readonly inviteAmount: string
  readonly claimLink: string
  /** Of an invite that was ordered and not answered: asked for again, it is the same one. */
  readonly inviting: Attempt
}
export type DraftStore = Pick<StoreApi<WalletDrafts>, 'getState' | 'getInitialState' | 'setState' | 'subscribe'>

const emptyDrafts = (): WalletDrafts => ({
  opened: 'none',
  transfer: EMPTY_TRANSFER,
  inviteAmount: '10',
  claimLink: '',
  inviting: { current: null },
})

/** Outlives the screens, which are drawn anew when the market has started again, and is written down nowhere: a link is money. */
export const createDraftKeeper = (): ((accountId: string) => DraftStore) => {
  let kept: { readonly accountId: string; readonly store: DraftStore } | null = null
  return (accountId) => {
    if (kept?.accountId !== accountId) kept = { accountId, store: createStore<WalletDrafts>()(emptyDrafts) }
    return kept.store
  }
}

/** One account's: whoever opens another finds nothing of it. */
export const draftsOf = createDraftKeeper()
