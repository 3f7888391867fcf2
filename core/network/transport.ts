import { maxPayloadBytes, type WireProtocol } from './limits.ts'
import type { FrameChannel, PeerAddress, PeerStatus, Topic, Verdict } from './port.ts'

/**
 * What a kind of network must bring: connections, channels of bounded frames and gossip. Requests, rates and manners are built
 * once over it (node.ts), so that the in-memory network refuses exactly what libp2p refuses.
 */
export type Transport = {
  readonly self: () => PeerAddress
  readonly peers: () => readonly PeerStatus[]
  readonly onPeersChanged: (listener: () => void) => () => void
  readonly connect: (peer: PeerAddress, signal: AbortSignal) => Promise<void>
  /** Dials if needed. Rejects with NetworkError: 'unreachable', or 'refused' when the peer does not serve the protocol. */
  readonly open: (peer: PeerAddress, protocol: WireProtocol, signal: AbortSignal) => Promise<FrameChannel>
  readonly accept: (protocol: WireProtocol, onChannel: (channel: FrameChannel) => void) => void
  readonly publish: (topic: Topic, data: Uint8Array) => Promise<void>
  readonly subscribe: (topic: Topic, validate: (data: Uint8Array, fromPeerId: string) => Verdict) => void
  readonly disconnect: (peerId: string) => void
  readonly stop: () => Promise<void>
}

/** Kind and id of a request, in front of its payload (request-frame.ts). */
export const requestHeaderBytes = 5

/** The largest whole frame of a protocol. */
export const maxFrameBytes = (protocol: WireProtocol): number => maxPayloadBytes[protocol] + (protocol === 'task' ? 0 : requestHeaderBytes)
