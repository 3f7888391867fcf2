import { NetworkError, type FrameChannel, type Network } from '../network/port.ts'
import type { Log } from '../platform/log.ts'
import type { SecretGuard } from './secret-guard.ts'

/**
 * The same network with the secret guard at every way out: requests, answers, stream frames and gossip. It looks for this computer's
 * own secrets; what a member writes is searched for the forms of keys where it is written.
 */
export const guardNetwork = (network: Network, guard: SecretGuard, log: Log): Network => {
  const check = (bytes: Uint8Array, way: string): void => {
    const inspected = guard.inspectKnown(bytes)
    if (inspected.ok) return
    log.write('error', 'secret-stopped', { way, kinds: inspected.error.findings.map(({ kind }) => kind).join(',') })
    throw new NetworkError('refused', inspected.error.message)
  }
  const guardChannel = (channel: FrameChannel): FrameChannel => ({
    ...channel,
    send: async (frame, signal) => {
      check(frame, 'stream')
      return channel.send(frame, signal)
    },
  })
  return {
    ...network,
    request: async (peer, protocol, payload, options) => {
      check(payload, protocol)
      return network.request(peer, protocol, payload, options)
    },
    serve: (protocol, handler) =>
      network.serve(protocol, async (payload, remotePeerId) => {
        const answer = await handler(payload, remotePeerId)
        check(answer, protocol)
        return answer
      }),
    openStream: async (peer, protocol, options) => guardChannel(await network.openStream(peer, protocol, options)),
    acceptStreams: (protocol, handler) => network.acceptStreams(protocol, (channel) => handler(guardChannel(channel))),
    publish: async (topic, data) => {
      check(data, topic)
      return network.publish(topic, data)
    },
  }
}
