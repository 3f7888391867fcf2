import type { GossipSub } from '@libp2p/gossipsub'
import { identify, identifyPush, type Identify, type IdentifyPush } from '@libp2p/identify'
import type { ConnectionGater, Libp2p, PrivateKey } from '@libp2p/interface'
import { noise } from '@libp2p/noise'
import { tcp } from '@libp2p/tcp'
import { yamux } from '@libp2p/yamux'
import type { Libp2pOptions } from 'libp2p'
import { createGossipsub } from './libp2p-gossip.ts'
import {
  maxAddresses,
  maxAddressLength,
  maxNewConnectionsPerSecond,
  maxPendingConnections,
  maxStreamsPerConnection,
  openTimeoutMs,
  pingEveryMs,
  pingTimeoutMs,
  redialMaxMs,
  streamBufferBytes,
  streamWindowBytes,
  type NetworkLimits,
} from './limits.ts'
import type { Standing } from './standing.ts'

type Services = { readonly identify: Identify; readonly identifyPush: IdentifyPush; readonly pubsub: GossipSub }
export type Libp2pNode = Libp2p<Services>

export type NodeOptions = {
  readonly privateKey: PrivateKey
  readonly listen: readonly string[]
  readonly prefix: string
  /** What this node says it runs: nothing of the computer it runs on. */
  readonly agent: string
  readonly limits: NetworkLimits
  readonly standing: Standing
}

const gater = (standing: Standing): ConnectionGater => ({
  denyDialPeer: (peerId) => standing.isBanned(peerId.toString()),
  denyInboundEncryptedConnection: (peerId) => standing.isBanned(peerId.toString()),
  filterMultiaddrForPeer: (_peerId, address) => address.toString().length <= maxAddressLength,
})

/** Everything that libp2p leaves unbounded or open by default is set here. */
export const libp2pOptions = ({ privateKey, listen, prefix, agent, limits, standing }: NodeOptions): Libp2pOptions<Services> => ({
  privateKey,
  nodeInfo: { userAgent: agent },
  addresses: { listen: [...listen] },
  transports: [
    tcp({
      dialOpts: { noDelay: true, keepAlive: true },
      listenOpts: { noDelay: true, keepAlive: true },
      // libp2p counts connections once they are encrypted; sockets before that are counted by the server itself.
      maxConnections: limits.maxConnections + maxPendingConnections,
      backlog: 64,
    }),
  ],
  connectionEncrypters: [noise()],
  streamMuxers: [
    yamux({
      maxInboundStreams: maxStreamsPerConnection,
      maxOutboundStreams: maxStreamsPerConnection,
      maxMessageSize: 64 * 1024,
      maxEarlyStreams: 10,
      enableKeepAlive: true,
      keepAliveInterval: 2 * pingEveryMs,
      streamOptions: {
        initialStreamWindowSize: streamWindowBytes / 4,
        maxStreamWindowSize: streamWindowBytes,
        maxReadBufferLength: streamBufferBytes,
        maxWriteBufferLength: streamBufferBytes,
      },
    }),
  ],
  connectionManager: {
    maxConnections: limits.maxConnections,
    maxParallelDials: 16,
    maxDialQueueLength: 200,
    maxPeerAddrsToDial: 2 * maxAddresses,
    dialTimeout: openTimeoutMs,
    addressDialTimeout: openTimeoutMs / 2,
    inboundUpgradeTimeout: openTimeoutMs,
    inboundConnectionThreshold: maxNewConnectionsPerSecond,
    maxIncomingPendingConnections: maxPendingConnections,
    inboundStreamProtocolNegotiationTimeout: openTimeoutMs,
    outboundStreamProtocolNegotiationTimeout: openTimeoutMs,
  },
  connectionMonitor: {
    enabled: true,
    pingInterval: pingEveryMs,
    // Always the same: an average over time comes to nothing, and no ping succeeds any more, once the computer's clock is set back.
    pingTimeout: { minTimeout: pingTimeoutMs, maxTimeout: pingTimeoutMs, interval: Infinity },
    abortConnectionOnPingFailure: true,
  },
  connectionGater: gater(standing),
  peerStore: { maxAddressAge: 24 * 60 * redialMaxMs, maxPeerAge: 14 * 24 * 60 * redialMaxMs },
  services: {
    identify: identify({ maxObservedAddresses: maxAddresses, timeout: openTimeoutMs, maxMessageSize: 8192 }),
    identifyPush: identifyPush({ timeout: openTimeoutMs, maxMessageSize: 8192 }),
    pubsub: createGossipsub(prefix, standing),
  },
})
