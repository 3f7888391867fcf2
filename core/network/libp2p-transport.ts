import type { Stream } from '@libp2p/interface'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import { asNetworkError, withDeadline } from './deadline.ts'
import { plainAddress } from './libp2p-addresses.ts'
import { createLibp2pChannel } from './libp2p-channel.ts'
import { createConnections } from './libp2p-connections.ts'
import { subscribeTo, topicName } from './libp2p-gossip.ts'
import type { Libp2pNode } from './libp2p-options.ts'
import { maxAddresses, maxInboundStreams, misbehaviour, openTimeoutMs, type WireProtocol } from './limits.ts'
import { NetworkError, type FrameChannel, type PeerAddress } from './port.ts'
import { createRedial } from './redial.ts'
import type { Standing } from './standing.ts'
import { maxFrameBytes, type Transport } from './transport.ts'

export type Libp2pTransportDeps = {
  /** In front of every protocol and topic name. */
  readonly prefix: string
  /** Peers to stay connected to. */
  readonly kept: readonly PeerAddress[]
  readonly clock: Clock
  readonly log: Log
  readonly standing: Standing
}

export const createLibp2pTransport = (node: Libp2pNode, { prefix, kept, clock, log, standing }: Libp2pTransportDeps): Transport => {
  const connections = createConnections(node, standing)
  const nameOf = (protocol: WireProtocol): string => `${prefix}/${protocol}/1`
  const { pubsub } = node.services

  const channelOver = (stream: Stream, protocol: WireProtocol, remotePeerId: string): FrameChannel =>
    createLibp2pChannel(stream, {
      remotePeerId,
      maxFrameBytes: maxFrameBytes(protocol),
      clock,
      onMalformed: (reason) => standing.report(remotePeerId, misbehaviour.malformed, `${reason} on ${protocol}`),
    })

  const open = async (peer: PeerAddress, protocol: WireProtocol, signal: AbortSignal): Promise<FrameChannel> => {
    const connection = await connections.to(peer, signal)
    try {
      return channelOver(await connection.newStream(nameOf(protocol), { signal }), protocol, peer.peerId)
    } catch (error) {
      if (error instanceof Error && error.name === 'UnsupportedProtocolError') {
        throw new NetworkError('refused', `${peer.peerId} does not serve ${protocol}.`)
      }
      throw asNetworkError(error, 'unreachable', `${peer.peerId} opened no ${protocol} stream.`)
    }
  }

  const redial = createRedial({
    peers: kept.filter(({ peerId }) => peerId !== node.peerId.toString()),
    clock,
    isConnected: connections.isConnected,
    dial: (peer) => withDeadline(clock, { timeoutMs: openTimeoutMs }, (signal) => connections.keep(peer, signal)),
  })
  connections.onChanged(redial.check)
  redial.check()

  return {
    self: () => ({ peerId: node.peerId.toString(), addresses: node.getMultiaddrs().slice(0, maxAddresses).map(plainAddress) }),
    peers: connections.list,
    onPeersChanged: connections.onChanged,
    connect: async (peer, signal) => void (await connections.to(peer, signal)),
    open,
    accept: (protocol, onChannel) => {
      const options = { maxInboundStreams: maxInboundStreams[protocol] }
      node
        .handle(nameOf(protocol), (stream, { remotePeer }) => onChannel(channelOver(stream, protocol, remotePeer.toString())), options)
        .catch((error: unknown) => log.write('error', 'protocol not served', { protocol, error: String(error) }))
    },
    publish: async (topic, data) => void (await pubsub.publish(topicName(prefix, topic), data)),
    subscribe: (topic, validate) => subscribeTo(pubsub, topicName(prefix, topic), validate),
    disconnect: connections.drop,
    stop: async () => {
      redial.stop()
      await node.stop()
    },
  }
}
