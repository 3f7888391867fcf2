import type { RequestProtocol, StreamProtocol } from './port.ts'

/**
 * Every bound of the wire, with its reason. What a peer sends beyond them is cut off before it is held in memory; ARCHITECTURE.md
 * lists them. Rates and counts may be raised by a node's options, sizes may not: both ends must agree on them.
 */

const kiB = 1024
const miB = 1024 * kiB

export type WireProtocol = RequestProtocol | StreamProtocol

/** The largest payload of one frame, either way. */
export const maxPayloadBytes: Readonly<Record<WireProtocol, number>> = {
  // One object's proposals, votes and receipts, and the supporting decrees of its credits: about 2 KiB each, 100 of them.
  settlement: 256 * kiB,
  // One request, bid or closing: 4 KiB each with their signatures.
  market: 64 * kiB,
  // One page of a snapshot (64 orders of 4 KiB) or of decrees while catching up.
  sync: miB,
  // One page of proofs of trades, about 2 KiB each.
  facts: miB,
  // A case: two exhibits of 440 kB and the chain of its escrow.
  court: miB,
  // Eight proposed committees of at most 52 kB each.
  committee: 512 * kiB,
  // Six sealed copies of 32 KiB.
  copies: 256 * kiB,
  // The header frame holds a sealed task of at most 256 KiB beside its decree; a chunk of the answer is 16 KiB.
  task: 512 * kiB,
}

/** The name of a program and its version, several times over. */
export const maxAgentLength = 64

/** Offers, requests and closings are under 4 KiB; four times that leaves room for one more version of them. */
export const maxGossipBytes = 16 * kiB
/** One gossipsub exchange: three of the largest messages, or fifteen usual ones, and its control words. */
export const maxGossipRpcBytes = 64 * kiB

/** Unread frames a channel holds before it stops reading: two dozen chunks of an answer, four tasks. */
export const maxUnreadBytes = 512 * kiB
/** What one queued frame costs beside its bytes, so that a flood of empty frames is bounded too. */
export const frameOverheadBytes = 64

/** A peer that begins a frame finishes it in this time: the largest then needs 35 KiB a second. */
export const frameTimeoutMs = 30_000
/** A peer that does not read for this long is not waited for. */
export const sendTimeoutMs = 30_000
/** Dial, Noise, yamux and protocol negotiation: five round trips of a slow line. */
export const openTimeoutMs = 10_000
/** A handler over this answers 'refused', so that one that hangs does not hold its place for ever. */
export const handlerTimeoutMs = 60_000
/** The asking end closes an idle stream first, so that no request meets a stream that the serving end is closing. */
export const idleClientMs = 5 * 60_000
export const idleServerMs = 10 * 60_000

/** Requests of one peer that are worked on at a time; further ones wait unread. */
export const maxInFlight: Readonly<Record<RequestProtocol, number>> = {
  // A driver keeps at most a few steps of several objects under way.
  settlement: 64,
  market: 32,
  // Answers of 1 MiB: four of them are the write buffer.
  sync: 4,
  facts: 4,
  court: 4,
  committee: 2,
  copies: 4,
}
/** Requests waiting for one peer on this end; beyond it the caller hears 'rate-limited' instead of filling memory. */
export const maxPending = 1024

/** Streams one peer may hold open towards this node, by protocol: a lane, its replacement, and two on their way out. */
export const maxInboundStreams: Readonly<Record<WireProtocol | 'gossip', number>> = {
  settlement: 4,
  market: 4,
  sync: 4,
  facts: 4,
  court: 4,
  committee: 4,
  copies: 4,
  task: 16,
  gossip: 4,
}
/** Both ends may dial at once, and an old connection may not have noticed its end. */
export const maxConnectionsPerPeer = 3
/** All of those, identify and ping. */
export const maxStreamsPerConnection = 48
/**
 * What a peer may send of one stream before it is read: 1 MiB keeps a line of 80 Mbit/s and 100 ms full. Below libp2p's read
 * buffer, so that a paused stream stops its sender instead of breaking (libp2p resets a stream whose buffer overflows).
 */
export const streamWindowBytes = miB
export const streamBufferBytes = 4 * miB

/** First wait before a peer that matters is dialled again, then twice as long each time, up to a minute. */
export const redialFirstMs = 250
export const redialMaxMs = 60_000
/** A connection is asked for a sign of life this often, and dropped when none comes in the second time. */
export const pingEveryMs = 15_000
export const pingTimeoutMs = 10_000
/**
 * New connections a second from one address, and half-open ones. A practice federation is a dozen nodes on one address that all
 * start at once, an office behind one router some tens.
 */
export const maxNewConnectionsPerSecond = 50
export const maxPendingConnections = 50

/** A token bucket: `burst` at once, then `perSecond`. */
export type Rate = { readonly perSecond: number; readonly burst: number }

export type NetworkLimits = {
  /** Per peer and protocol; a request beyond it is answered 'rate-limited'. */
  readonly rates: Readonly<Record<RequestProtocol, Rate>>
  /** Streams opened by one peer. */
  readonly streamRate: Rate
  /** Gossip messages from one peer, all topics together; beyond it they are ignored. */
  readonly gossipRate: Rate
  /** Peers held at a time; each costs about 0.3 MiB and two sockets' worth of kernel memory. */
  readonly maxConnections: number
}

export const defaultLimits: NetworkLimits = {
  rates: {
    // A decree costs a witness two requests of about 1 ms: one peer gets half a core at most.
    settlement: { perSecond: 500, burst: 1000 },
    // A person asks a few times a minute; a program that buys for a team some tens of times a second.
    market: { perSecond: 100, burst: 200 },
    // A snapshot of 100,000 orders is 1,600 pages: half a minute.
    sync: { perSecond: 50, burst: 100 },
    // Half a year of a hundred trades a day is 300 pages; a proof costs its reader ten signatures, and the asking node waits for those.
    facts: { perSecond: 20, burst: 100 },
    // An arbiter looks every half minute; a case is replayed for every letter, ten signatures each.
    court: { perSecond: 10, burst: 60 },
    // A member looks every ten minutes, and when a person does; a proposal costs as many signatures as it has endorsements.
    committee: { perSecond: 1, burst: 10 },
    // A node leaves one every few seconds at most; each costs two signatures and a write.
    copies: { perSecond: 2, burst: 20 },
  },
  streamRate: { perSecond: 10, burst: 50 },
  // A hub relays for the whole federation: 1,000 members at one message every five seconds.
  gossipRate: { perSecond: 200, burst: 1000 },
  maxConnections: 100,
}

/** Points of misbehaviour: `ban` of them drop the peer; one is forgiven every second. */
export const misbehaviour = {
  /** Reported by a domain: a message that is invalid on its face. */
  reported: 10,
  /** Bytes no correct peer sends: a wrong length, kind or id, a frame cut short. */
  malformed: 25,
  /** Invalid gossip. */
  gossip: 10,
  /** A refused request over the rate: ten a second are forgiven, a flood of 100 a second is cut off after 11 seconds. */
  overRate: 0.1,
  ban: 100,
  banMs: 10 * 60_000,
  /** Peers remembered; a libp2p id is free to make, so this list must not grow with them. */
  maxRemembered: 10_000,
} as const

/** Messages are remembered this long, so that one that circles is delivered once. Twice gossipsub's own default. */
export const seenGossipMs = 240_000
export const maxSeenGossip = 50_000

/** Addresses of one peer (what port.ts promises), and characters of one address. */
export const maxAddresses = 8
export const maxAddressLength = 256
/** Peers whose addresses are remembered for the list of peers. */
export const maxKnownPeers = 1000
