import type { Connection, Libp2p, PeerId } from '@libp2p/interface'
import { dialTargets, parsePeerId, plainAddress } from './libp2p-addresses.ts'
import { maxAddresses, maxAgentLength, maxConnectionsPerPeer, maxKnownPeers } from './limits.ts'
import { NetworkError, type PeerAddress, type PeerStatus } from './port.ts'
import type { Standing } from './standing.ts'

export type Connections = {
  readonly isConnected: (peerId: string) => boolean
  /** An open connection, dialled if there is none. Rejects with NetworkError 'unreachable' or 'refused'. */
  readonly to: (peer: PeerAddress, signal: AbortSignal) => Promise<Connection>
  /** The same, and when there are too many connections this one is closed last. */
  readonly keep: (peer: PeerAddress, signal: AbortSignal) => Promise<void>
  readonly drop: (peerId: string) => void
  readonly list: () => readonly PeerStatus[]
  readonly onChanged: (listener: () => void) => () => void
}

/** Which peers are there and how to reach the others. libp2p joins dials to one peer and remembers addresses it was told. */
export const createConnections = (node: Libp2p, standing: Standing): Connections => {
  const listeners = new Set<() => void>()
  const announced = new Map<string, Pick<PeerStatus, 'addresses' | 'agent'>>()
  const changed = (): void => {
    for (const listener of listeners) listener()
  }

  // Streams are counted by connection, so connections are counted by peer.
  node.addEventListener('connection:open', ({ detail: connection }) => {
    if (node.getConnections(connection.remotePeer).length > maxConnectionsPerPeer) connection.abort(new Error('too many connections'))
  })
  node.addEventListener('peer:connect', changed)
  node.addEventListener('peer:disconnect', changed)
  node.addEventListener('peer:identify', ({ detail }) => {
    const peerId = detail.peerId.toString()
    announced.delete(peerId)
    const { agentVersion = '' } = detail
    announced.set(peerId, {
      addresses: detail.listenAddrs.slice(0, maxAddresses).map(plainAddress),
      agent: agentVersion === '' || agentVersion.length > maxAgentLength ? null : agentVersion,
    })
    const oldest = announced.keys().next().value
    if (announced.size > maxKnownPeers && oldest !== undefined) announced.delete(oldest)
    changed()
  })

  const openTo = (peerId: PeerId): Connection | undefined => node.getConnections(peerId).find(({ status }) => status === 'open')

  const dial = async (peer: PeerAddress, peerId: PeerId, signal: AbortSignal): Promise<Connection> => {
    const targets = dialTargets(peer)
    if (targets.length > 0) {
      try {
        return await node.dial([...targets], { signal })
      } catch {
        signal.throwIfAborted()
      }
    }
    // The addresses given may be old; those the peer announced when it was last here may not be.
    return node.dial(peerId, { signal })
  }

  const to = async (peer: PeerAddress, signal: AbortSignal): Promise<Connection> => {
    if (standing.isBanned(peer.peerId)) throw new NetworkError('refused', `${peer.peerId} is refused after repeated misbehaviour.`)
    const peerId = parsePeerId(peer.peerId)
    if (peerId === null) throw new NetworkError('unreachable', `“${peer.peerId.slice(0, 80)}” is no peer id.`)
    const open = openTo(peerId)
    if (open !== undefined) return open
    try {
      return await dial(peer, peerId, signal)
    } catch {
      throw new NetworkError('unreachable', `${peer.peerId} cannot be reached at ${peer.addresses.join(', ') || 'any known address'}.`)
    }
  }

  return {
    isConnected: (peerId) => node.getConnections().some(({ remotePeer, status }) => status === 'open' && remotePeer.toString() === peerId),
    to,
    keep: async (peer, signal) => {
      const { remotePeer } = await to(peer, signal)
      await node.peerStore.merge(remotePeer, { tags: { kept: { value: 100 } } }, { signal })
    },
    drop: (peerId) => {
      for (const connection of node.getConnections()) {
        if (connection.remotePeer.toString() === peerId) connection.abort(new Error('refused'))
      }
    },
    list: () => {
      const byPeer = new Map(node.getConnections().map((connection) => [connection.remotePeer.toString(), connection] as const))
      return [...byPeer].map(([peerId, connection]) => ({
        peerId,
        ...(announced.get(peerId) ?? { addresses: [plainAddress(connection.remoteAddr)], agent: null }),
        roundTripMs: connection.rtt ?? null,
      }))
    },
    onChanged: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
