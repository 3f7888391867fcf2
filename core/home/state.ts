import type { Federation } from '../federation/federation.ts'
import type { FederationKind } from '../federation/limits.ts'
import type { Failure } from '../platform/result.ts'
import type { OpenMarket } from './open-market.ts'

/** Where a data folder stands between its first start and a market that runs. */
export type State =
  | { readonly phase: 'first-start' }
  | { readonly phase: 'locked'; readonly federation: Federation; readonly problem: Failure | null }
  | { readonly phase: 'starting'; readonly kind: FederationKind | null }
  /** A problem here is one that the market lives with, such as an invite whose credit somebody else has taken. */
  | {
      readonly phase: 'running'
      readonly kind: FederationKind
      readonly market: OpenMarket
      readonly problem: Failure | null
      /** Of the invite that one came with, and that is still to be claimed. */
      readonly awaitedMicro: bigint
    }
  | { readonly phase: 'failed'; readonly kind: FederationKind | null; readonly problem: Failure }

export const kindOf = (state: State): FederationKind | null => {
  if (state.phase === 'first-start') return null
  return state.phase === 'locked' ? state.federation.genesis.kind : state.kind
}

/** Why no market answers, and what to do. */
export const problemOf = (state: Exclude<State, { readonly phase: 'running' }>): Failure => {
  switch (state.phase) {
    case 'first-start':
      return { code: 'first-start', message: 'There is no market here yet: choose practice, an invite, or a federation of your own.' }
    case 'locked':
      return state.problem ?? { code: 'locked', message: 'The market is locked. Enter the passphrase of its key file.' }
    case 'starting':
      return { code: 'starting', message: 'The market is starting. Try again in a moment.' }
    case 'failed':
      return state.problem
  }
}
