import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import { assert } from '../platform/assert.ts'
import { withDeadline } from './deadline.ts'
import { maxGossipBytes, maxPayloadBytes, misbehaviour, type NetworkLimits } from './limits.ts'
import { NetworkError, type FrameChannel, type Network, type RequestHandler, type RequestProtocol, type StreamProtocol } from './port.ts'
import { createRequestClient } from './request-client.ts'
import { serveChannel } from './request-server.ts'
import type { Standing } from './standing.ts'
import { createTokenBuckets } from './token-bucket.ts'
import type { Transport } from './transport.ts'

export type NodeDeps = { readonly clock: Clock; readonly log: Log; readonly limits: NetworkLimits; readonly standing: Standing }

/** A Network over a transport: requests, rates and manners, the same for every kind of connection. */
export const createNode = (transport: Transport, { clock, log, limits, standing }: NodeDeps): Network => {
  const client = createRequestClient(transport, clock, standing)
  const handlers = new Map<RequestProtocol, RequestHandler>()
  const accepted = new Set<StreamProtocol>()
  const streamBuckets = createTokenBuckets(clock, limits.streamRate)
  const gossipBuckets = createTokenBuckets(clock, limits.gossipRate)
  const ownId = transport.self().peerId
  standing.onBan((peerId) => transport.disconnect(peerId))

  const onStream = async (channel: FrameChannel, handler: (channel: FrameChannel) => Promise<void>): Promise<void> => {
    if (!streamBuckets.take(channel.remotePeerId)) return channel.abort('too many streams')
    try {
      await handler(channel)
    } catch (error) {
      log.write('warn', 'stream handler failed', {
        peerId: channel.remotePeerId,
        error: error instanceof Error ? error.message : 'unknown',
      })
      channel.abort('failed')
    }
  }

  /** A node that is both client and witness asks itself as it asks the others. */
  const askSelf = async (protocol: RequestProtocol, payload: Uint8Array): Promise<Uint8Array> => {
    const handler = handlers.get(protocol)
    if (handler === undefined) throw new NetworkError('refused', `This node does not serve ${protocol}.`)
    try {
      return new Uint8Array(await handler(new Uint8Array(payload), ownId))
    } catch {
      throw new NetworkError('refused', 'The peer refused the request.')
    }
  }

  return {
    self: transport.self,
    peers: transport.peers,
    onPeersChanged: transport.onPeersChanged,
    connect: (peer, options) => withDeadline(clock, options, (signal) => transport.connect(peer, signal)),
    request: (peer, protocol, payload, options) =>
      peer.peerId === ownId && payload.length <= maxPayloadBytes[protocol]
        ? withDeadline(clock, options, () => askSelf(protocol, payload))
        : client.request(peer, protocol, payload, options),
    serve: (protocol, handler) => {
      assert(!handlers.has(protocol), `${protocol} is already served`)
      handlers.set(protocol, handler)
      const buckets = createTokenBuckets(clock, limits.rates[protocol])
      transport.accept(protocol, (channel) => void serveChannel(channel, { protocol, handler, buckets, clock, log, standing }))
    },
    openStream: (peer, protocol, options) => withDeadline(clock, options, (signal) => transport.open(peer, protocol, signal)),
    acceptStreams: (protocol, handler) => {
      assert(!accepted.has(protocol), `${protocol} is already accepted`)
      accepted.add(protocol)
      transport.accept(protocol, (channel) => void onStream(channel, handler))
    },
    publish: async (topic, data) => {
      if (data.length > maxGossipBytes) throw new NetworkError('too-large', `A gossip message holds at most ${maxGossipBytes} bytes.`)
      await transport.publish(topic, data)
    },
    subscribe: (topic, validate) =>
      transport.subscribe(topic, (data, fromPeerId) => {
        if (!gossipBuckets.take(fromPeerId)) return 'ignore'
        try {
          const verdict = data.length > maxGossipBytes ? 'reject' : validate(data, fromPeerId)
          if (verdict === 'reject') standing.report(fromPeerId, misbehaviour.gossip, `invalid message on ${topic}`)
          return verdict
        } catch (error) {
          log.write('error', 'gossip validator failed', { topic, error: error instanceof Error ? error.message : 'unknown' })
          return 'ignore'
        }
      }),
    reportMisbehaviour: (peerId, reason) => standing.report(peerId, misbehaviour.reported, reason),
    stop: async () => {
      client.stop()
      await transport.stop()
    },
  }
}
