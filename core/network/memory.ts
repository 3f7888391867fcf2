import { assert } from '../platform/assert.ts'
import { systemClock, type Clock } from '../platform/clock.ts'
import { silentLog, type Log } from '../platform/log.ts'
import { defaultLimits, type NetworkLimits, type WireProtocol } from './limits.ts'
import { createMemoryTransport, type MemoryHub, type MemoryPeer } from './memory-transport.ts'
import { createNode } from './node.ts'
import type { Network, Topic } from './port.ts'
import { createStanding } from './standing.ts'

/** One thing under way between two nodes, as a fault rule sees it. */
export type Hop = {
  readonly from: string
  readonly to: string
  readonly kind: 'request' | 'answer' | 'stream' | 'gossip'
  readonly protocol: WireProtocol | Topic
  readonly bytes: number
}
/** A dropped request or answer is lost in silence; a dropped frame of a stream breaks the stream. */
export type Fate = 'deliver' | 'drop' | { readonly delayMs: number }

export type MemoryNetwork = {
  /** A new node, or one that comes back after `kill`. */
  readonly addNode: (peerId: string, options?: { readonly limits?: Partial<NetworkLimits>; readonly log?: Log }) => Network
  /** Decides over every hop from now on; null takes the rule away. */
  readonly setFaults: (rule: ((hop: Hop) => Fate) | null) => void
  /** Nodes of different groups lose their connections and find no new ones; a node in no group keeps to itself. */
  readonly partition: (groups: readonly (readonly string[])[]) => void
  readonly heal: () => void
  /** The process dies: what is under way is lost, and every call to it fails until it is added again. */
  readonly kill: (peerId: string) => void
}

export type MemoryNetworkOptions = {
  /** Delays and time limits run on it. */
  readonly clock?: Clock
  /** Whether all nodes are connected from the start (the default), or only as they ask. */
  readonly connect?: 'everyone' | 'as-asked'
}

/**
 * Nodes in one process. What is sent arrives in the order of sending on each link; without faults it arrives in the microtask
 * after, so a run is the same every time.
 */
export const createMemoryNetwork = ({ clock = systemClock, connect = 'everyone' }: MemoryNetworkOptions = {}): MemoryNetwork => {
  const peers = new Map<string, MemoryPeer>()
  const links = new Map<string, Set<string>>()
  const carryOn = createCarrier(clock)
  let faults: ((hop: Hop) => Fate) | null = null
  let groupOf: ReadonlyMap<string, number> | null = null

  const sameSide = (a: string, b: string): boolean => groupOf === null || a === b || (groupOf.has(a) && groupOf.get(a) === groupOf.get(b))
  const isLinked = (a: string, b: string): boolean => links.get(a)?.has(b) === true
  const linksOf = (peerId: string): Set<string> => {
    const own = links.get(peerId) ?? new Set()
    links.set(peerId, own)
    return own
  }
  const tellPeers = (a: string, b: string): void => {
    peers.get(a)?.peersChanged()
    peers.get(b)?.peersChanged()
  }
  const link = (a: string, b: string): boolean => {
    const [one, other] = [peers.get(a), peers.get(b)]
    if (a === b || one === undefined || other === undefined || !sameSide(a, b) || one.refuses(b) || other.refuses(a)) return false
    if (isLinked(a, b)) return true
    linksOf(a).add(b)
    linksOf(b).add(a)
    tellPeers(a, b)
    return true
  }
  const unlink = (a: string, b: string): void => {
    if (!linksOf(a).delete(b)) return
    linksOf(b).delete(a)
    peers.get(a)?.breakChannels(b)
    peers.get(b)?.breakChannels(a)
    tellPeers(a, b)
  }
  const linkAll = (): void => {
    if (connect === 'everyone') for (const a of peers.keys()) for (const b of peers.keys()) link(a, b)
  }
  const remove = (peerId: string): void => {
    for (const other of peers.keys()) unlink(peerId, other)
    peers.delete(peerId)
  }
  const carry = (hop: Hop, deliver: () => void, lost: () => void): void => {
    const fate = isLinked(hop.from, hop.to) ? (faults?.(hop) ?? 'deliver') : 'drop'
    if (fate === 'drop') return lost()
    const arrive = (): void => (isLinked(hop.from, hop.to) ? deliver() : lost())
    carryOn(`${hop.from} ${hop.to}`, fate === 'deliver' ? 0 : fate.delayMs, arrive)
  }
  const linkedTo = (peerId: string): readonly string[] => [...linksOf(peerId)]
  const hub: MemoryHub = { peerOf: (peerId) => peers.get(peerId), link, unlink, linkedTo, remove, carry }

  return {
    addNode: (peerId, { limits, log = silentLog } = {}) => {
      assert(!peers.has(peerId), `${peerId} is already in the network`)
      const standing = createStanding(clock, log)
      const { transport, peer } = createMemoryTransport(peerId, hub, standing)
      peers.set(peerId, peer)
      linkAll()
      return createNode(transport, { clock, log, limits: { ...defaultLimits, ...limits }, standing })
    },
    setFaults: (rule) => {
      faults = rule
    },
    partition: (groups) => {
      groupOf = new Map(groups.flatMap((group, index) => group.map((peerId) => [peerId, index] as const)))
      for (const a of peers.keys()) for (const b of peers.keys()) if (!sameSide(a, b)) unlink(a, b)
    },
    heal: () => {
      groupOf = null
      linkAll()
    },
    kill: remove,
  }
}

/** Runs actions later, first in first out on each line, whatever their delays, as a TCP connection does. */
const createCarrier = (clock: Clock) => {
  const lines = new Map<string, { readonly actions: (() => void)[]; lastDueMs: number }>()
  return (lineId: string, delayMs: number, action: () => void): void => {
    const line = lines.get(lineId) ?? { actions: [], lastDueMs: 0 }
    lines.set(lineId, line)
    const nowMs = clock.nowMs()
    line.lastDueMs = Math.max(line.lastDueMs, nowMs + delayMs)
    line.actions.push(action)
    const runNext = (): void => line.actions.shift()?.()
    if (line.lastDueMs > nowMs) clock.after(line.lastDueMs - nowMs, runNext)
    else queueMicrotask(runNext)
  }
}
