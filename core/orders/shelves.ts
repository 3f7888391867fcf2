import type { Signer } from '../identity/signing.ts'
import type { PeerAddress } from '../network/port.ts'
import type { Clock } from '../platform/clock.ts'
import type { AccountId, Bytes32 } from '../settlement/objects.ts'
import { maxStrangerOrders, type Book } from './book.ts'
import { createMemberRate } from './member-rate.ts'
import { maxOfferLifeMs, maxRequestLifeMs, offers, requests, type Offer, type TaskRequest } from './model.ts'
import { createShelf, type Shelf } from './shelf.ts'
import type { OrderStore } from './store.ts'

export type ShelvesDeps = {
  readonly store: OrderStore
  readonly signer: Signer
  readonly federationId: Bytes32
  readonly keyBelongsTo: (accountId: AccountId, key: Bytes32) => boolean | null
  readonly clock: Clock
  readonly maxOrdersPerMinute: number
  readonly isKnown: (accountId: AccountId) => boolean
  /** An offer that is new here. */
  readonly heard: (offer: Offer) => void
  readonly sawPeer: (accountId: AccountId, peer: PeerAddress) => void
}

export type Shelves = { readonly offers: Shelf<Offer>; readonly requests: Shelf<TaskRequest> }

/** Both sides of the book, kept in the store; offers and requests of a member share its rate. */
export const createShelves = (deps: ShelvesDeps, book: Book, changed: () => void): Shelves => {
  const { store } = deps
  const shared = {
    federationId: deps.federationId,
    clock: deps.clock,
    rate: createMemberRate(deps.maxOrdersPerMinute),
    ownKey: deps.signer.publicKey,
    keyBelongsTo: deps.keyBelongsTo,
    isKnown: deps.isKnown,
    maxStrangers: maxStrangerOrders,
    removed: (id: Bytes32): void => {
      store.removeOrder(id)
      changed()
    },
  }
  return {
    offers: createShelf<Offer>({
      ...shared,
      kind: offers,
      side: book.offers,
      maxLifeMs: maxOfferLifeMs,
      makerOf: (offer) => ({ account: offer.provider, key: offer.providerKey }),
      added: ({ id, value }, envelope) => {
        deps.sawPeer(value.provider, value.peer)
        store.saveOffer(id, envelope, value.validUntilMs)
        deps.heard(value)
        changed()
      },
    }),
    requests: createShelf<TaskRequest>({
      ...shared,
      kind: requests,
      side: book.requests,
      maxLifeMs: maxRequestLifeMs,
      makerOf: (request) => ({ account: request.client, key: request.clientKey }),
      added: ({ id, value }, envelope) => {
        deps.sawPeer(value.client, value.peer)
        store.saveRequest(id, envelope, value.validUntilMs)
        changed()
      },
    }),
  }
}
