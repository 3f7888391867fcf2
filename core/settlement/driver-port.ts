import type { Failure, Result } from '../platform/result.ts'
import type { RegisterId } from './bundle.ts'
import type { AccountId, AuthorisedTx, Bytes32, CreditId, Decree, EscrowState, ObjectId, SeedShare } from './objects.ts'
import type { RefusalCode } from './refusals.ts'

/** What a member asks of the witnesses. */

export type DecideFailure =
  /** More than f witnesses refuse; `reason` is what most of them say. Nothing has happened. */
  | (Failure<'refused'> & { readonly reason: RefusalCode })
  /** Another transaction was decided at this step; `decree` says which. */
  | (Failure<'conflict'> & { readonly decree: Decree })
  /** `contended`: competing orders, not resolved in time. `no-quorum`: too few witnesses answered. Ask again with the same order. */
  | Failure<'contended' | 'no-quorum' | 'timeout' | 'aborted'>

export type FetchFailure = Failure<'no-quorum' | 'aborted'>
export type DriverOptions = { readonly signal?: AbortSignal; readonly timeoutMs?: number }
/**
 * `ownSteps`: what the caller keeps of this object's chain from a step on. Asked for when a witness lacks steps; the newest may be
 * unknown to all of them, where a node died before it could tell.
 */
export type DecideOptions = DriverOptions & { readonly ownSteps?: (fromStep: number) => readonly Decree[] }
/** `epoch`: whose committee decides the object's next step, as far as the caller knows; by default the first. */
export type FetchOptions = DriverOptions & { readonly epoch?: number }

export type Driver = {
  /**
   * Makes an order final. `supporting` are the decrees that prove the claimed credits, oldest first (an escrow's credit needs its
   * whole chain from the opening), and any earlier step that witnesses may lack. Safe to repeat with the same order.
   */
  readonly decide: (order: AuthorisedTx, supporting: readonly Decree[], options?: DecideOptions) => Promise<Result<Decree, DecideFailure>>
  /** The certified steps of an object from `fromStep` on, verified and in order; an escrow starts at step 0 with the decree that opened it. */
  readonly fetchObject: (objectId: ObjectId, fromStep: number, options?: FetchOptions) => Promise<Result<readonly Decree[], FetchFailure>>
  /**
   * The witnesses' shares of the seed of this dispute's panel, verified; all that are needed if the designated witnesses answer.
   * `chain` proves the dispute to witnesses that have not seen it.
   */
  readonly fetchShares: (
    disputed: EscrowState,
    chain: readonly Decree[],
    options?: DriverOptions,
  ) => Promise<Result<readonly SeedShare[], FetchFailure>>
  /**
   * Decrees that prove credits of this account, each preceded by what it needs. Credits that every witness asked knows to be claimed
   * are left out; a witness that lags may still show some, so the caller checks against the account's own chain.
   */
  readonly fetchInbox: (account: AccountId, options?: FetchOptions) => Promise<Result<readonly Decree[], FetchFailure>>
  /** Who may sign for an account now: what more than f of a quorum say, so that an honest witness says it. Empty while it has no steps. */
  readonly fetchKeys: (account: AccountId, options?: FetchOptions) => Promise<Result<readonly Bytes32[], FetchFailure>>
  /** Decrees that prove these credits, claimed or not, each preceded by what it needs. */
  readonly fetchCredits: (credits: readonly CreditId[], options?: FetchOptions) => Promise<Result<readonly Decree[], FetchFailure>>
  /** The decrees that opened the unsettled escrows of this provider. */
  readonly fetchEscrows: (provider: AccountId, options?: FetchOptions) => Promise<Result<readonly Decree[], FetchFailure>>
  /**
   * When the witnesses learnt of these decrees, by the hex of their transactions' hashes: the earliest time that f others do not come
   * before, so that liars cannot make it earlier than an honest clock, and witnesses who learnt of it late do not make it later. What
   * too few remember is left out.
   */
  readonly fetchTimes: (decrees: readonly Decree[], options?: FetchOptions) => Promise<Result<ReadonlyMap<string, number>, FetchFailure>>
  /** Orders for this step that witnesses have seen and not decided; an old copy of a wallet may have forgotten that it signed one. */
  readonly fetchUndecided: (register: RegisterId, options?: FetchOptions) => Promise<Result<readonly AuthorisedTx[], FetchFailure>>
  /** Asks for committees that came after the newest one known here; true when there were any. */
  readonly learnEpochs: (options?: DriverOptions) => Promise<boolean>
}
