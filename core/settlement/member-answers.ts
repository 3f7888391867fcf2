import type { SettlementAnswer, SettlementRequest } from './bundle.ts'
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
