import type { Clock } from '../platform/clock.ts'
import { orAborted, withDeadline } from './deadline.ts'
import { createLane, type Lane } from './lane.ts'
import { maxPayloadBytes, misbehaviour, openTimeoutMs } from './limits.ts'
import { NetworkError, type PeerAddress, type RequestOptions, type RequestProtocol } from './port.ts'
import type { Standing } from './standing.ts'
import type { Transport } from './transport.ts'

export type RequestClient = {
  readonly request: (peer: PeerAddress, protocol: RequestProtocol, payload: Uint8Array, options: RequestOptions) => Promise<Uint8Array>
  readonly stop: () => void
}

/** One lane per peer and protocol, opened by the first request, shared by all, replaced when broken, silent or idle. */
export const createRequestClient = (transport: Transport, clock: Clock, standing: Standing): RequestClient => {
  const lanes = new Map<string, Lane>()
  const opening = new Map<string, Promise<Lane>>()

  const openLane = async (key: string, peer: PeerAddress, protocol: RequestProtocol): Promise<Lane> => {
    const channel = await withDeadline(clock, { timeoutMs: openTimeoutMs }, (signal) => transport.open(peer, protocol, signal))
    const lane: Lane = createLane(channel, clock, {
      onMalformed: (reason) => standing.report(peer.peerId, misbehaviour.malformed, reason),
      onEnd: () => {
        if (lanes.get(key) === lane) lanes.delete(key)
      },
    })
    lanes.set(key, lane)
    return lane
  }

  const laneTo = (peer: PeerAddress, protocol: RequestProtocol): Promise<Lane> => {
    const key = `${protocol} ${peer.peerId}`
    const known = lanes.get(key)
    if (known?.isUsable() === true) return Promise.resolve(known)
    lanes.delete(key)
    const underWay = opening.get(key)
    if (underWay !== undefined) return underWay
    const promise = openLane(key, peer, protocol).finally(() => opening.delete(key))
    opening.set(key, promise)
    return promise
  }

  return {
    request: (peer, protocol, payload, options) => {
      const bound = maxPayloadBytes[protocol]
      if (payload.length > bound) {
        return Promise.reject(
          new NetworkError('too-large', `A ${protocol} request holds at most ${bound} bytes; this one has ${payload.length}.`),
        )
      }
      return withDeadline(clock, options, async (signal) => {
        const lane = await orAborted(laneTo(peer, protocol), signal)
        return lane.ask(payload, signal)
      })
    },
    stop: () => {
      for (const lane of lanes.values()) lane.close('stopped')
      lanes.clear()
    },
  }
}
