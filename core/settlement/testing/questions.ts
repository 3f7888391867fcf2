import { encodeRequest, type SettlementRequest } from '../bundle.ts'
import type { AuthorisedTx } from '../objects.ts'

type Exchange = Extract<SettlementRequest, { readonly kind: 'exchange' }>

/** What a driver that knows nothing else asks a witness about the register of this order. */
export const exchangeOf = (order: AuthorisedTx, rest: Partial<Exchange> = {}): Uint8Array => {
  const { governance, objectId, step } = order.tx
  const nothing = { votes: [], proposals: [], carried: [], wantSkip: false, decrees: [] }
  return encodeRequest({ kind: 'exchange', register: { governance, objectId, step }, orders: [order], ...nothing, ...rest })
}
