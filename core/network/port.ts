/**
 * What the domains need of a network. Two implementations pass one compliance suite: libp2p (network/libp2p-*.ts) and
 * memory (network/memory.ts, for tests and the simulation). Payloads are opaque bytes; their schemas live in the domains' wire
 * modules. Everything that comes out of here is hostile.
 */

/** A peer's address book entry: its libp2p id and up to 8 multiaddrs without the /p2p/ suffix. */
export type PeerAddress = { readonly peerId: string; readonly addresses: readonly string[] }

export type Topic = 'offers' | 'requests' | 'closings' | 'facts' | 'evidence'
export type Verdict = 'accept' | 'ignore' | 'reject'

/** One framed protocol each; the version is part of the protocol's libp2p name. */
export type RequestProtocol = 'settlement' | 'market' | 'sync' | 'court' | 'facts' | 'committee' | 'copies'
export type StreamProtocol = 'task'

export type NetworkErrorCode = 'unreachable' | 'timeout' | 'aborted' | 'too-large' | 'refused' | 'closed' | 'rate-limited'
export class NetworkError extends Error {
  override name = 'NetworkError'
  readonly code: NetworkErrorCode
  constructor(code: NetworkErrorCode, message: string) {
    super(message)
    this.code = code
  }
}

/** A two-way stream of whole frames with back-pressure: `send` resolves when the frame may leave, `receive` gives null at the clean end. */
export type FrameChannel = {
  readonly remotePeerId: string
  readonly send: (frame: Uint8Array, signal?: AbortSignal) => Promise<void>
  readonly receive: (signal?: AbortSignal) => Promise<Uint8Array | null>
  /** Half-close: no more frames from this side. */
  readonly finish: () => Promise<void>
  readonly abort: (reason: string) => void
}

export type RequestOptions = { readonly timeoutMs: number; readonly signal?: AbortSignal }
export type RequestHandler = (payload: Uint8Array, remotePeerId: string) => Promise<Uint8Array>

export type PeerStatus = {
  readonly peerId: string
  readonly addresses: readonly string[]
  readonly roundTripMs: number | null
  /** What it says it runs, at most `maxAgentLength` characters of any kind; null when it has said nothing, or more. */
  readonly agent: string | null
}

export type Network = {
  /** This node's own id and listening addresses. */
  readonly self: () => PeerAddress
  readonly peers: () => readonly PeerStatus[]
  readonly onPeersChanged: (listener: () => void) => () => void

  /** Dials if needed; rejects with NetworkError('unreachable' | 'timeout'). */
  readonly connect: (peer: PeerAddress, options: RequestOptions) => Promise<void>

  /** One request and its answer over a long-lived framed stream per (peer, protocol), requests pipelined. Rejects with NetworkError. */
  readonly request: (peer: PeerAddress, protocol: RequestProtocol, payload: Uint8Array, options: RequestOptions) => Promise<Uint8Array>
  /** At most one handler a protocol. A handler that throws answers the peer with 'refused' and says no more. */
  readonly serve: (protocol: RequestProtocol, handler: RequestHandler) => void

  readonly openStream: (peer: PeerAddress, protocol: StreamProtocol, options: RequestOptions) => Promise<FrameChannel>
  readonly acceptStreams: (protocol: StreamProtocol, handler: (channel: FrameChannel) => Promise<void>) => void

  /** Gossip. A message with the same bytes is delivered once. Own messages are not delivered to oneself. */
  readonly publish: (topic: Topic, data: Uint8Array) => Promise<void>
  /** The validator decides before the message is relayed: reject lowers the sender's score. */
  readonly subscribe: (topic: Topic, validate: (data: Uint8Array, fromPeerId: string) => Verdict) => void

  /** Invalid messages found above the network layer; enough of them and the peer is dropped and refused for a while. */
  readonly reportMisbehaviour: (peerId: string, reason: string) => void
  readonly stop: () => Promise<void>
}
