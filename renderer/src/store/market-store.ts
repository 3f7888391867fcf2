/** What the screen shows of the market. Written by sync.ts alone. */
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { contract } from '../../../core/contract/contract.ts'
import type { OutputOf } from '../../../core/contract/definition.ts'

import type { Escrows } from './snapshots.ts'

type Contract = typeof contract
export type AppInfo = OutputOf<Contract['app']['info']>
export type WalletSummary = OutputOf<Contract['wallet']['summary']>
export type HistoryRow = OutputOf<Contract['wallet']['history']>['rows'][number]
export type Book = OutputOf<Contract['orders']['book']>
export type OfferRow = Book['offers']['rows'][number]
export type EscrowDetail = OutputOf<Contract['escrow']['get']>
export type NetworkStatus = OutputOf<Contract['network']['status']>
export type TaskDetail = OutputOf<Contract['tasks']['get']>
export type TaskRow = OutputOf<Contract['tasks']['list']>['rows'][number]

export type WalletView = {
  readonly summary: WalletSummary
  /** Null when the history is too long to add up here. */
  readonly history: readonly HistoryRow[] | null
}

/** `problem` says why what is shown may be out of date. */
export type Loaded<T> =
  | { readonly status: 'loading' }
  | { readonly status: 'ready'; readonly value: T; readonly problem: string | null }
  | { readonly status: 'failed'; readonly message: string }

export type MarketState = {
  readonly isConnected: boolean
  readonly info: Loaded<AppInfo>
  readonly wallet: Loaded<WalletView>
  readonly book: Loaded<Book>
  readonly escrows: Loaded<Escrows>
  readonly network: Loaded<NetworkStatus>
  readonly tasks: Loaded<readonly TaskRow[]>
  /** The task on the screen; null when none is. */
  readonly task: Loaded<TaskDetail> | null
}

export type MarketStore = StoreApi<MarketState>

const loading = { status: 'loading' } as const

export const createMarketStore = (): MarketStore =>
  createStore<MarketState>()(() => ({
    isConnected: true,
    info: loading,
    wallet: loading,
    book: loading,
    escrows: loading,
    network: loading,
    tasks: loading,
    task: null,
  }))
