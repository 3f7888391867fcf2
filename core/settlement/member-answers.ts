import { equalBytes } from '../platform/bytes.ts'
import { accountIdOf, birthOf } from './account-id.ts'
import type { SettlementAnswer, SettlementRequest } from './bundle.ts'
import type { AccountId, Bytes32 } from './objects.ts'
import { pageOfCredits, pageOfEscrows, pageOfInbox, pageOfObject } from './pages.ts'
import type { WitnessStore } from './witness-store.ts'

const kinds = ['fetch-object', 'fetch-inbox', 'fetch-keys', 'fetch-credits', 'fetch-escrows', 'fetch-times'] as const
type MemberRequest = Extract<SettlementRequest, { readonly kind: (typeof kinds)[number] }>

export const isForMembers = (request: SettlementRequest): request is MemberRequest => kinds.some((kind) => kind === request.kind)

/** What members read: to catch up, after they have lost their disk or come back with an older copy of it, or about each other's devices. */
export const answerMember = (store: WitnessStore, request: MemberRequest): SettlementAnswer => {
  switch (request.kind) {
    case 'fetch-object':
      return pageOfObject(store, request.objectId, request.fromStep)
    case 'fetch-inbox':
      return pageOfInbox(store, request.account, request.after)
    case 'fetch-keys': {
      const state = store.account(request.account)
      return { kind: 'keys', step: state?.step ?? -1, keys: state === null ? [] : [state.ownerKey, ...state.deviceKeys] }
    }
    case 'fetch-credits':
      return pageOfCredits(store, request.credits)
    case 'fetch-escrows':
      return pageOfEscrows(store, request.provider, request.after)
    case 'fetch-times':
      return { kind: 'times', times: request.places.map(({ object, step }) => store.arrivedAtMs(object, step)) }
  }
}

/** An account that has not begun has only the key that names it, and is known by what waits for it. */
export const maySpeakFor = (store: WitnessStore, federationId: Bytes32, account: AccountId, key: Bytes32): boolean => {
  const state = store.account(account)
  if (state !== null) return [state.ownerKey, ...state.deviceKeys].some((other) => equalBytes(other, key))
  const isAwaited = store.inbox(account, 0, 1).length > 0 || store.provisions(account, 0, 1).length > 0
  return isAwaited && equalBytes(accountIdOf(birthOf(federationId), key), account)
}
