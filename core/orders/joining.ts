import type { Network, PeerAddress } from '../network/port.ts'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import type { Failure, Result } from '../platform/result.ts'
import type { Bytes32 } from '../settlement/objects.ts'
import type { Book } from './book.ts'
import type { Endings } from './endings.ts'
import { offers, requests } from './model.ts'
import type { OwnOrders } from './own-orders.ts'
import type { Brief, Entry } from './price-index.ts'
import type { Shelves } from './shelves.ts'
import { shortIdOf } from './side.ts'
import { fetchSide, sides, type Fetching } from './snapshot.ts'
import type { Voice } from './voice.ts'
import { offerGossips } from './wire.ts'

/** A joining node asks this many peers for their book. */
const snapshotPeers = 3
/**
 * Orders that peers still have and that this node will not take are not fetched again and again. Its own are: whoever still shows one
 * has not heard that it is over.
 */
const lasting: ReadonlySet<string> = new Set(['ended', 'lives-too-long'])
const maxDeclined = 10_000

/**
 * What was made in this time and a peer lacks it is told, so many of it at a time, and it passes that on. Where gossip does not reach, an offer
 * that is only fetched takes half an hour to get around among two dozen nodes. What is older has had its comparisons.
 */
const toldMs = 10 * 60_000
const maxTold = 16

type JoiningDeps = {
  readonly network: Network
  readonly clock: Clock
  readonly log: Log
  readonly federationId: Bytes32
  readonly book: Book
  readonly shelves: Shelves
  readonly endings: Endings
  readonly own: Pick<OwnOrders, 'endOffer'>
  readonly voice: Voice
}

/** Compares this node's book with those of peers; resolves with how many orders and ends of orders were new. */
export const createJoining = (deps: JoiningDeps): ((peers: readonly PeerAddress[]) => Promise<number>) => {
  const { federationId, clock, log, book, shelves, endings, own, voice } = deps
  const declined = new Set<string>()

  const decline = (id: Bytes32 | null, { code }: Failure): void => {
    if (id === null || !lasting.has(code)) return
    declined.add(shortIdOf(id))
    const oldest = declined.values().next().value
    if (declined.size > maxDeclined && oldest !== undefined) declined.delete(oldest)
  }
  /** An offer of mine that I do not know is from before a restart: nobody stands behind it any more. */
  const takeOffer = (bytes: Uint8Array, peer: PeerAddress): Result<unknown, Failure> => {
    const taken = shelves.offers.take(bytes, 'snapshot')
    if (taken.ok) return taken
    const id = offers.idOf(bytes, federationId)
    decline(id, taken.error)
    if (id !== null && taken.error.code === 'own-order') void voice.tell(peer, { kind: 'offer', gossip: own.endOffer(id).gossip })
    return taken
  }
  const takeRequest = (bytes: Uint8Array): Result<unknown, Failure> => {
    const taken = shelves.requests.take(bytes, 'snapshot')
    if (!taken.ok) decline(requests.idOf(bytes, federationId), taken.error)
    return taken
  }
  const tellYoung = (peer: PeerAddress, entries: readonly Entry<Brief>[]): void => {
    const young = entries.filter(({ createdAtMs }) => createdAtMs >= clock.nowMs() - toldMs)
    for (const { shortId } of young.slice(-maxTold)) {
      const offer = book.offers.envelopeOf(shortId)
      if (offer !== null) void voice.tell(peer, { kind: 'offer', gossip: offerGossips.encode({ kind: 'offer', offer }) })
    }
  }
  const offersFrom = (peer: PeerAddress): Fetching => ({
    side: sides.offers,
    own: book.offers,
    declined,
    take: (bytes) => takeOffer(bytes, peer),
    takeEnding: endings.takeOfferEnding,
    peerLacks: (entries) => tellYoung(peer, entries),
  })
  const requestsFrom: Fetching = {
    side: sides.requests,
    own: book.requests,
    declined,
    take: takeRequest,
    takeEnding: endings.takeClosing,
    peerLacks: () => undefined,
  }

  return async (joined: readonly PeerAddress[]): Promise<number> => {
    let taken = 0
    for (const peer of joined.slice(0, snapshotPeers)) {
      try {
        taken += await fetchSide(deps, peer, offersFrom(peer))
        taken += await fetchSide(deps, peer, requestsFrom)
      } catch (error) {
        log.write('info', 'snapshot not fetched', { peer: peer.peerId, reason: String(error) })
      }
    }
    return taken
  }
}
