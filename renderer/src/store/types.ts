/** What the market tells, by the names the screens use. */
import type { AppContract } from '../../../core/contract/contract.ts'
import type { OutputOf } from '../../../core/contract/definition.ts'

type Output<A extends keyof AppContract, K extends keyof AppContract[A]> = OutputOf<AppContract[A][K]>

export type AppInfo = Output<'app', 'info'>
export type Federation = NonNullable<AppInfo['federation']>
export type Identity = NonNullable<Output<'identity', 'current'>['current']>
export type WalletSummary = Output<'wallet', 'summary'>
export type HistoryRow = Output<'wallet', 'history'>['rows'][number]
export type Book = Output<'orders', 'book'>
export type OfferRow = Book['offers']['rows'][number]
export type OwnOrders = Output<'orders', 'mine'>
export type OwnOffer = OwnOrders['offers'][number]
export type OwnRequest = OwnOrders['requests'][number]
export type OneOffer = Output<'orders', 'offer'>
export type RequestRow = Book['requests']['rows'][number]
export type TaskDetail = Output<'tasks', 'get'>
export type FoundTask = Output<'tasks', 'search'>['rows'][number]
export type TaskRow = Output<'tasks', 'list'>['rows'][number]
export type Preview = Output<'tasks', 'preview'>
export type EscrowRow = Output<'escrow', 'list'>['page']['rows'][number]
export type EscrowDetail = Output<'escrow', 'get'>
export type Dispute = Output<'escrow', 'getDispute'>
export type Cases = Output<'arbiter', 'list'>
export type CaseRow = Cases['rows'][number]
export type CaseDetail = Output<'arbiter', 'get'>
export type Evidence = Output<'evidence', 'list'>
export type EvidenceRow = Evidence['rows'][number]
export type ProviderStatus = Output<'provider', 'status'>
export type Diagnosis = Output<'provider', 'diagnosis'>
export type Earnings = Output<'provider', 'earnings'>
export type OwnerRules = Output<'provider', 'rules'>
export type Policy = Output<'provider', 'policy'>
export type Consents = Output<'consents', 'list'>
export type ConsentRow = Consents['rows'][number]
export type Approvals = Output<'approvals', 'list'>
export type Approval = Approvals['rows'][number]
export type AuditStatus = Output<'audit', 'status'>
export type Decision = Output<'audit', 'list'>['rows'][number]
export type Credentials = Output<'credentials', 'list'>
export type Devices = Output<'devices', 'list'>
export type DeviceRow = Devices['rows'][number]
export type Reputation = Output<'reputation', 'list'>
export type Standing = Reputation['rows'][number]
export type NetworkStatus = Output<'network', 'status'>
export type CommitteeStatus = Output<'federation', 'status'>
export type SetupStatus = Output<'setup', 'status'>
export type Incoming = Output<'incoming', 'current'>
export type IncomingItem = NonNullable<Incoming['item']>
export type Settings = Output<'settings', 'get'>
export type PriceClasses = Output<'prices', 'classes'>
export type PriceClassRow = PriceClasses['rows'][number]
export type Depth = Output<'prices', 'depth'>
export type Candles = Output<'prices', 'candles'>
export type CandleSpan = 'ten-minutes' | 'hour' | 'day'
export type TradeRow = Output<'prices', 'trades'>['page']['rows'][number]
