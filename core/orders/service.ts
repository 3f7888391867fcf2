import type { PanelRule } from '../escrow/panel.ts'
import type { Signer } from '../identity/signing.ts'
import type { Network, PeerAddress } from '../network/port.ts'
import { equalBytes } from '../platform/bytes.ts'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import { chooseFrom, type Random } from '../platform/random.ts'
import type { Failure, Result } from '../platform/result.ts'
import { encodeAuthorisedTx, encodeDecree } from '../settlement/encoding.ts'
import type { AuthorisedTx, Bytes32, Decree, EscrowTerms } from '../settlement/objects.ts'
import type { SettlementLimits } from '../settlement/rules.ts'
import { createAsking } from './asking.ts'
import type { Candidate } from './auction.ts'
import { createBidAllowance } from './bid-allowance.ts'
import { createBidding, type Bidder } from './bidding.ts'
import { createBook, type Book } from './book.ts'
import { createEndings } from './endings.ts'
import { fitOf, newestOfferMs, takeable, type Fit, type TaskNeeds, type TaskWish } from './fit.ts'
import { listen } from './hearing.ts'
import { createJoining } from './joining.ts'
import type { Offer, Signed } from './model.ts'
import { createOwnOrders, type OfferDraft, type PostedRequest, type RequestDraft } from './own-orders.ts'
import { createShelves } from './shelves.ts'
import type { OrderStore } from './store.ts'
import { createUnwanted } from './unwanted.ts'
import { createVoice } from './voice.ts'

/**
 * Offers and requests of this node and of its peers: one book, fed by gossip, by direct messages and by snapshots.
 *
 * Every order carries its maker's addresses, and those are the maker's word alone. So a peer can make this node dial what it
 * likes, within bounds: the 16 makers of the best offers when this node's user asks (8 addresses each, each maker and each peer
 * id once); 16 clients at a time when this node bids on requests it heard by gossip; and a bidder only itself. What is dialled
 * must prove that it is the peer named before it is sent anything.
 */

/** First soon, for what was announced while this node was joining; in the end rarely. */
const reconcileFirstMs = 1_000
const reconcileMaxMs = 300_000
/** Where something was missing there may be more, as after the network was in two halves. */
const reconcileFoundMs = 15_000
/** How often what has expired is cleared away and what is new is written to disk. */
const sweepEveryMs = 5_000
/** A flood expires all at once; so many at a time take a tenth of a second. */
const maxSwept = 2_000
const sweepAgainMs = 100

export type OrdersDeps = {
  readonly network: Network
  readonly store: OrderStore
  readonly signer: Signer
  readonly federationId: Bytes32
  readonly accountId: Bytes32
  /** Whether a key may speak for an account; null when that has to be asked first. */
  readonly keyBelongsTo: (accountId: Bytes32, key: Bytes32) => boolean | null
  /** Resolves when what `keyBelongsTo` did not know has been asked. */
  readonly keysAsked?: () => Promise<void>
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly limits: SettlementLimits
  readonly panelFor: PanelRule
  readonly maxOrdersPerMinute: number
  /** This member's attestation to belong to the organisation, if it gave one. */
  readonly attestation: () => Uint8Array | null
  /** Where an account was just heard from, in an order that it signed. */
  readonly sawPeer: (accountId: Bytes32, peer: PeerAddress) => void
  /** Whether the federation's certified facts lead from its founders to this account: by invites or by trades. */
  readonly isKnown: (accountId: Bytes32) => boolean
  /** How a bidder ranks, in parts per million; null when the amount is more than this member entrusts to it. */
  readonly reputationPpm: (terms: EscrowTerms) => number | null
  /** What this member keeps in mind of a provider. */
  readonly wordOn: (provider: Bytes32) => Candidate['word']
  /** The accounts, in hex, whose bids it never takes. */
  readonly neverProviders: () => ReadonlySet<string>
}

export type OrderEvents = {
  readonly changed: (revision: number) => void
  /** A peer shows a final decree; nothing about it is checked yet. */
  readonly decree: (decree: Decree) => void
  /** A peer offers to split an escrow; nothing about it is checked yet. */
  readonly split: (order: AuthorisedTx) => void
}

export type Orders = {
  readonly book: Book
  readonly revision: () => number
  /** Which offers of the book could serve a task now, those of some members left out. */
  readonly fit: (wish: TaskWish, without?: readonly Bytes32[]) => Fit
  readonly start: () => void
  readonly stop: () => void
  readonly joinFrom: (peers: readonly PeerAddress[]) => Promise<number>
  /** Once a peer is connected: gives it my open offers to pass on, and takes its book. */
  readonly greet: (peer: PeerAddress) => Promise<void>
  readonly publishOffer: (draft: OfferDraft) => Result<Signed<Offer>, Failure>
  readonly withdrawOffer: (offerId: Bytes32) => Result<void, Failure<'not-my-offer'>>
  /** `onlyProviderKey`: nobody else is asked, and nobody else may bid. */
  readonly postRequest: (
    draft: RequestDraft,
    onBid: (candidate: Candidate) => void,
    onlyProviderKey?: Bytes32 | null,
  ) => Result<PostedRequest, Failure>
  /** When the last offer of the class was made that is not mine, or the last of this one provider; 0 without one. */
  readonly newestOfferMs: (classKey: string, onlyProviderKey: Bytes32 | null) => number
  /** A standing offer that could serve such a task now, or why it could not. */
  readonly takeable: (offerId: Bytes32, wish: TaskNeeds) => Result<Offer, Failure<'offer-gone' | 'offer-does-not-fit'>>
  readonly setBidder: (bidder: Bidder | null) => void
  /** A client locked money for the bid on this request. */
  readonly locked: (requestHash: Bytes32) => void
  /** Tells a peer about a final decree that concerns it; it may as well ask the witnesses, so a failure does not matter. */
  readonly tellDecree: (peer: PeerAddress, decree: Decree) => void
  /** False when the peer cannot be reached or does not take it. */
  readonly tellSplit: (peer: PeerAddress, order: AuthorisedTx) => Promise<boolean>
}

export const createOrders = (deps: OrdersDeps, events: OrderEvents): Orders => {
  const { network, store, signer, federationId, clock, log } = deps
  const book = createBook(signer.publicKey)
  const voice = createVoice(deps)
  const asking = createAsking(deps)
  const allowance = createBidAllowance({
    isKnown: deps.isKnown,
    slots: () => Math.max(1, ...book.offers.ofMember(signer.publicKey).map(({ value }) => value.concurrent)),
  })
  const bidding = createBidding({ ...deps, allowance })
  let revision = 0
  let cancelSweep = (): void => undefined
  let cancelReconcile = (): void => undefined
  let isReconciling = false
  let reconcileMs = reconcileFirstMs
  const changed = (): void => events.changed(++revision)
  const isNever = (offer: Offer | null): boolean => offer !== null && deps.wordOn(offer.provider) === 'never'
  const shelves = createShelves({ ...deps, heard: asking.heard }, book, changed)
  const endings = createEndings({ federationId, ownKey: signer.publicKey, shelves, bidding })
  const unwantedOffers = createUnwanted(book.offers, deps.neverProviders)
  const own = createOwnOrders({ ...deps, book, shelves, asking, voice, unwantedOffers })

  const joinFrom = createJoining({ ...deps, book, shelves, endings, own, voice })
  const greet = async (peer: PeerAddress): Promise<void> => {
    for (const offer of book.offers.ofMember(signer.publicKey)) await voice.tell(peer, { kind: 'offer', gossip: own.announcementOf(offer) })
    await joinFrom([peer])
    if (!isReconciling) return
    reconcileMs = reconcileFirstMs
    reconcileLater()
  }
  const reconcileLater = (): void => {
    cancelReconcile()
    cancelReconcile = clock.after(reconcileMs, () => void reconcile())
  }
  /**
   * Gossip may lose an order: my book is compared with that of a connected peer, ever more rarely. With any of them, because in a fixed turn
   * those that were on my side while the network was in two halves would all come first.
   */
  const reconcile = async (): Promise<void> => {
    const peer = chooseFrom(network.peers(), deps.random)
    const found = peer === undefined ? 0 : await joinFrom([peer])
    if (!isReconciling) return
    reconcileMs = Math.min(2 * reconcileMs, found > 0 ? reconcileFoundMs : reconcileMaxMs)
    reconcileLater()
  }

  /** Where this order has not come, others may not have it either. */
  const reconcileSoon = (): void => {
    if (!isReconciling || reconcileMs <= reconcileFoundMs) return
    reconcileMs = reconcileFoundMs
    reconcileLater()
  }

  const sweep = (): void => {
    const nowMs = clock.nowMs()
    const dead = [...book.offers.expire(nowMs, maxSwept), ...book.requests.expire(nowMs, maxSwept)]
    for (const id of dead) store.removeOrder(id)
    if (dead.length > 0) changed()
    own.renewOwnOffers(nowMs)
    flush()
    cancelSweep = clock.after(dead.length < maxSwept ? sweepEveryMs : sweepAgainMs, sweep)
  }
  /** The book works without its file: what could not be written is heard again. */
  const flush = (): void => {
    try {
      store.flush()
    } catch (error) {
      log.write('warn', 'book not written', { reason: String(error) })
    }
  }
  /** Own orders of an earlier run are not taken up again: no auction waits for their bids, and no provider stands behind them. */
  const reload = (): void => {
    store.removeExpired(clock.nowMs())
    for (const offer of store.loadOffers(federationId))
      if (equalBytes(offer.value.providerKey, signer.publicKey) || !shelves.offers.put(offer).ok) store.removeOrder(offer.id)
    for (const request of store.loadRequests(federationId))
      if (equalBytes(request.value.clientKey, signer.publicKey) || !shelves.requests.put(request).ok) store.removeOrder(request.id)
  }
  const start = (): void => {
    reload()
    listen({ ...deps, ...events, network, federationId, book, shelves, endings, asking, bidding, voice, missed: reconcileSoon })
    sweep()
    isReconciling = true
    reconcileLater()
  }

  return {
    book,
    revision: () => revision,
    fit: (wish, without) => fitOf(book.offers, wish, { ownKey: signer.publicKey, isUnwanted: unwantedOffers() }, clock.nowMs(), without),
    newestOfferMs: (classKey, only) => newestOfferMs(book.offers, classKey, only ?? signer.publicKey, only !== null),
    takeable: (offerId, wish) => {
      const offer = book.offers.get(offerId)?.value ?? null
      return takeable(offer, wish, { ownKey: signer.publicKey, isUnwanted: isNever(offer) }, clock.nowMs())
    },
    start,
    stop: () => {
      cancelSweep()
      isReconciling = false
      cancelReconcile()
      asking.stop()
      flush()
    },
    joinFrom,
    greet,
    publishOffer: own.publishOffer,
    withdrawOffer: own.withdrawOffer,
    postRequest: own.postRequest,
    setBidder: bidding.setBidder,
    locked: allowance.locked,
    tellDecree: (peer, decree) => void voice.tell(peer, { kind: 'decree', decree: encodeDecree(decree) }),
    tellSplit: (peer, order) => voice.tell(peer, { kind: 'split', order: encodeAuthorisedTx(order) }),
  }
}
