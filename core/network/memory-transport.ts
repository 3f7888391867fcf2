import { sha256, toHex, utf8 } from '../platform/bytes.ts'
import { maxSeenGossip, type WireProtocol } from './limits.ts'
import { createMemoryChannel } from './memory-channel.ts'
import type { Hop } from './memory.ts'
import { NetworkError, type FrameChannel, type PeerAddress, type Topic, type Verdict } from './port.ts'
import type { Standing } from './standing.ts'
import { maxFrameBytes, type Transport } from './transport.ts'

/** What the nodes of one memory network share. */
export type MemoryHub = {
  readonly peerOf: (peerId: string) => MemoryPeer | undefined
  /** Connects two nodes; false where that is not possible. */
  readonly link: (a: string, b: string) => boolean
  readonly unlink: (a: string, b: string) => void
  readonly linkedTo: (peerId: string) => readonly string[]
  readonly remove: (peerId: string) => void
  readonly carry: (hop: Hop, deliver: () => void, lost: () => void) => void
}

/** A node as the others see it. */
export type MemoryPeer = {
  readonly refuses: (peerId: string) => boolean
  readonly serves: (protocol: WireProtocol) => boolean
  readonly take: (protocol: WireProtocol, channel: FrameChannel) => void
  readonly hear: (topic: Topic, data: Uint8Array, fromPeerId: string) => void
  /** Remembers how to break a channel when the connection to `remotePeerId` is lost; returns how to forget it. */
  readonly hold: (remotePeerId: string, breakIt: () => void) => () => void
  readonly breakChannels: (remotePeerId: string) => void
  readonly peersChanged: () => void
}

export const createMemoryTransport = (
  peerId: string,
  hub: MemoryHub,
  standing: Standing,
): { readonly transport: Transport; readonly peer: MemoryPeer } => {
  const served = new Map<WireProtocol, (channel: FrameChannel) => void>()
  const channels = new Map<string, Set<() => void>>()
  const listeners = new Set<() => void>()
  const gossip = createGossip(peerId, hub)

  const peer: MemoryPeer = {
    refuses: standing.isBanned,
    serves: (protocol) => served.has(protocol),
    take: (protocol, channel) => served.get(protocol)?.(channel),
    hear: gossip.hear,
    hold: (remotePeerId, breakIt) => {
      const held = channels.get(remotePeerId) ?? new Set()
      channels.set(remotePeerId, held.add(breakIt))
      return () => void held.delete(breakIt)
    },
    breakChannels: (remotePeerId) => {
      const held = channels.get(remotePeerId)
      channels.delete(remotePeerId)
      for (const breakIt of held ?? []) breakIt()
    },
    peersChanged: () => {
      for (const listener of listeners) listener()
    },
  }

  const reach = (remote: PeerAddress): MemoryPeer => {
    if (hub.peerOf(peerId) !== peer) throw new NetworkError('closed', 'This node has stopped.')
    if (standing.isBanned(remote.peerId)) throw new NetworkError('refused', `${remote.peerId} is refused after repeated misbehaviour.`)
    const other = hub.peerOf(remote.peerId)
    if (other === undefined || !hub.link(peerId, remote.peerId))
      throw new NetworkError('unreachable', `${remote.peerId} cannot be reached.`)
    return other
  }

  const open = (remote: PeerAddress, protocol: WireProtocol): FrameChannel => {
    const other = reach(remote)
    if (!other.serves(protocol)) throw new NetworkError('refused', `${remote.peerId} does not serve ${protocol}.`)
    const isStream = protocol === 'task'
    const there = { from: peerId, to: remote.peerId, protocol, kind: isStream ? 'stream' : 'request' } as const
    const back = { from: remote.peerId, to: peerId, protocol, kind: isStream ? 'stream' : 'answer' } as const
    const channel = createMemoryChannel(
      { peerId, carry: (bytes, deliver, lost) => hub.carry({ ...there, bytes }, deliver, lost) },
      { peerId: remote.peerId, carry: (bytes, deliver, lost) => hub.carry({ ...back, bytes }, deliver, lost) },
      { maxFrameBytes: maxFrameBytes(protocol), breaksOnLoss: isStream, onOver: () => forget() },
    )
    const breakIt = (): void => channel.breakBoth('The connection was lost.')
    const [forgetHere, forgetThere] = [peer.hold(remote.peerId, breakIt), other.hold(peerId, breakIt)]
    const forget = (): void => {
      forgetHere()
      forgetThere()
    }
    other.take(protocol, channel.accepter)
    return channel.opener
  }

  const transport: Transport = {
    self: () => ({ peerId, addresses: [`/memory/${peerId}`] }),
    peers: () => hub.linkedTo(peerId).map((id) => ({ peerId: id, addresses: [`/memory/${id}`], roundTripMs: null, agent: null })),
    onPeersChanged: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    connect: async (remote) => void reach(remote),
    open: async (remote, protocol) => open(remote, protocol),
    accept: (protocol, onChannel) => void served.set(protocol, onChannel),
    publish: gossip.publish,
    subscribe: gossip.subscribe,
    disconnect: (remotePeerId) => hub.unlink(peerId, remotePeerId),
    stop: async () => hub.remove(peerId),
  }
  return { transport, peer }
}

/** Every node tells every connected subscriber, once; a message with bytes already seen goes no further. */
const createGossip = (peerId: string, hub: MemoryHub) => {
  const validators = new Map<Topic, (data: Uint8Array, fromPeerId: string) => Verdict>()
  const seen = new Set<string>()
  const isNew = (topic: Topic, data: Uint8Array): boolean => {
    const id = toHex(sha256(utf8(topic), data))
    if (seen.has(id)) return false
    const oldest = seen.values().next().value
    if (seen.size >= maxSeenGossip && oldest !== undefined) seen.delete(oldest)
    seen.add(id)
    return true
  }
  const spread = (topic: Topic, data: Uint8Array, exceptPeerId: string): void => {
    for (const to of hub.linkedTo(peerId)) {
      if (to === exceptPeerId) continue
      const hop = { from: peerId, to, kind: 'gossip', protocol: topic, bytes: data.length } as const
      hub.carry(
        hop,
        () => hub.peerOf(to)?.hear(topic, new Uint8Array(data), peerId),
        () => undefined,
      )
    }
  }
  return {
    publish: async (topic: Topic, data: Uint8Array): Promise<void> => {
      if (isNew(topic, data)) spread(topic, new Uint8Array(data), peerId)
    },
    subscribe: (topic: Topic, validate: (data: Uint8Array, fromPeerId: string) => Verdict): void => void validators.set(topic, validate),
    hear: (topic: Topic, data: Uint8Array, fromPeerId: string): void => {
      const validate = validators.get(topic)
      if (validate === undefined || !isNew(topic, data)) return
      if (validate(data, fromPeerId) === 'accept') spread(topic, data, fromPeerId)
    },
  }
}
