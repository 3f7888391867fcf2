import type { Signer } from '../identity/signing.ts'
import type { Network } from '../network/port.ts'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import type { Random } from '../platform/random.ts'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'
import type { AccountId, Bytes32 } from '../settlement/objects.ts'
import { makerOf, makersFor, type Asked, type Asking } from './asking.ts'
import type { Candidate } from './auction.ts'
import type { Book } from './book.ts'
import {
  closings,
  offers,
  requests,
  withdrawals,
  type Closed,
  type Offer,
  type OfferWithdrawal,
  type Signed,
  type TaskRequest,
} from './model.ts'
import type { Shelves } from './shelves.ts'
import type { IsUnwanted } from './unwanted.ts'
import type { Voice } from './voice.ts'
import { offerGossips } from './wire.ts'

export type OfferDraft = Omit<Offer, 'provider' | 'providerKey' | 'peer' | 'nonce' | 'createdAtMs' | 'validUntilMs' | 'oldestOpenMs'> & {
  readonly validForMs: number
}
export type RequestDraft = Omit<TaskRequest, 'attestation' | 'client' | 'clientKey' | 'peer' | 'nonce' | 'createdAtMs' | 'validUntilMs'> & {
  readonly validForMs: number
}

export type PostedRequest = Asked & {
  /** Ends the auction for everyone: removes the request and tells the losers, with a signature. */
  readonly close: (winner: Candidate | null) => void
}

export type OwnOrdersDeps = {
  readonly network: Network
  readonly signer: Signer
  readonly federationId: Bytes32
  readonly accountId: AccountId
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  /** This member's attestation to belong to the organisation, if it gave one. */
  readonly attestation: () => Uint8Array | null
  readonly book: Book
  readonly shelves: Shelves
  readonly asking: Asking
  readonly voice: Voice
  /** Told anew for each request. */
  readonly unwantedOffers: () => IsUnwanted
}

export type OwnOrders = ReturnType<typeof createOwnOrders>

/** The offers and requests of this node itself: signed, put on their shelf, announced, and ended again. */
export const createOwnOrders = (deps: OwnOrdersDeps) => {
  const { signer, federationId, clock, book, shelves, asking, voice } = deps

  const announcementOf = (offer: Signed<Offer>): Uint8Array => offerGossips.encode({ kind: 'offer', offer: offers.encode(offer) })
  /** Also of an offer that is not here any more; what to tell the others of it. */
  const endOffer = (offerId: Bytes32): { readonly wasOpen: boolean; readonly gossip: Uint8Array } => {
    const value: OfferWithdrawal = { offerId, providerKey: signer.publicKey, createdAtMs: clock.nowMs() }
    const withdrawal = withdrawals.encode(withdrawals.sign(value, signer, federationId))
    const { ok: wasOpen } = shelves.offers.end(offerId, signer.publicKey, withdrawal)
    return { wasOpen, gossip: offerGossips.encode({ kind: 'withdrawal', withdrawal }) }
  }
  const lifetime = (validForMs: number) => {
    const createdAtMs = clock.nowMs()
    return { peer: deps.network.self(), nonce: deps.random.bytes(16), createdAtMs, validUntilMs: createdAtMs + validForMs }
  }

  const publishOffer = ({ validForMs, ...content }: OfferDraft): Result<Signed<Offer>, Failure> => {
    const life = lifetime(validForMs)
    const oldestOpenMs = Math.min(life.createdAtMs, ...book.offers.ofMember(signer.publicKey).map((open) => open.value.createdAtMs))
    const value: Offer = { ...content, ...life, oldestOpenMs, provider: deps.accountId, providerKey: signer.publicKey }
    // Decoded as a peer will, because every peer counts an order beyond its bounds against this node.
    const offer = offers.decode(offers.encode(offers.sign(value, signer, federationId)), federationId)
    if (!offer.ok) return offer
    const added = shelves.offers.put(offer.value)
    if (!added.ok) return added
    voice.gossip('offers', announcementOf(offer.value))
    return offer
  }
  const withdrawOffer = (offerId: Bytes32): Result<void, Failure<'not-my-offer'>> => {
    const withdrawn = endOffer(offerId)
    if (!withdrawn.wasOpen) return fail('not-my-offer', 'There is no open offer of yours with this id; it may have expired.')
    voice.gossip('offers', withdrawn.gossip)
    return ok(undefined)
  }
  /** An own offer in the second half of its life is announced anew with the same content. */
  const renewOwnOffers = (nowMs: number): void => {
    for (const { id, value } of book.offers.ofMember(signer.publicKey)) {
      if (nowMs * 2 < value.createdAtMs + value.validUntilMs) continue
      withdrawOffer(id)
      const renewed = publishOffer({ ...value, validForMs: value.validUntilMs - value.createdAtMs })
      if (!renewed.ok) deps.log.write('warn', 'offer not renewed', { reason: renewed.error.message })
    }
  }

  const postRequest = (
    { validForMs, ...content }: RequestDraft,
    onBid: (candidate: Candidate) => void,
    onlyProviderKey: Bytes32 | null = null,
  ): Result<PostedRequest, Failure> => {
    const value: TaskRequest = {
      ...content,
      ...lifetime(validForMs),
      attestation: deps.attestation(),
      client: deps.accountId,
      clientKey: signer.publicKey,
    }
    const request = requests.decode(requests.encode(requests.sign(value, signer, federationId)), federationId)
    if (!request.ok) return request
    const added = shelves.requests.put(request.value)
    if (!added.ok) return added
    const makers =
      onlyProviderKey === null
        ? makersFor(book.offers, value.classKey, value, signer.publicKey, deps.unwantedOffers())
        : makerOf(book.offers, value.classKey, onlyProviderKey)
    const asked = asking.open(request.value, makers, onBid, onlyProviderKey)
    if (onlyProviderKey === null) voice.gossip('requests', requests.encode(request.value))
    return ok({ ...asked, close: (winner) => closeRequest(asked, winner) })
  }
  const closeRequest = (asked: Asked, winner: Candidate | null): void => {
    if (!asking.close(asked)) return
    const requestHash = asked.request.id
    const value: Closed = {
      requestHash,
      clientKey: signer.publicKey,
      createdAtMs: clock.nowMs(),
      winner: winner?.bid.value.terms.providerKey ?? null,
    }
    const closed = closings.encode(closings.sign(value, signer, federationId))
    shelves.requests.end(requestHash, signer.publicKey, closed)
    for (const loser of asked.losers(winner)) void voice.tell(loser.bid.value.peer, { kind: 'closed', closed })
    voice.gossip('closings', closed)
  }

  return { announcementOf, endOffer, publishOffer, withdrawOffer, renewOwnOffers, postRequest }
}
