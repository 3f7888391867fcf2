import type { MarketContract } from '../contract/contract.ts'
import type { Handlers } from '../contract/dispatcher.ts'
import type { Clock } from '../platform/clock.ts'
import { ok } from '../platform/result.ts'
import type { Epochs } from '../settlement/epochs.ts'
import { quorumOf, type Witness } from '../settlement/objects.ts'
import type { Network, PeerStatus } from '../network/port.ts'

const maxPeersShown = 500

type WitnessEvents = {
  readonly changed: (revision: number) => void
  /** Also when it comes back after an absence. */
  readonly connected: (witness: Witness) => void
}

/** Remembers which witnesses are connected and when each last was. */
export const watchWitnesses = (network: Network, epochs: Epochs, clock: Clock, events: WitnessEvents) => {
  const lastSeenMs = new Map<string, number>()
  let connected: ReadonlySet<string> = new Set()
  let revision = 0
  let stop = (): void => undefined
  const look = (): void => {
    const before = connected
    connected = new Set(network.peers().map(({ peerId }) => peerId))
    for (const witness of epochs.newest().committee.witnesses) {
      if (!connected.has(witness.peerId)) continue
      lastSeenMs.set(witness.peerId, clock.nowMs())
      if (!before.has(witness.peerId)) events.connected(witness)
    }
  }
  return {
    start: (): void => {
      look()
      stop = network.onPeersChanged(() => {
        look()
        events.changed(++revision)
      })
    },
    stop: () => stop(),
    revision: () => revision,
    lastSeenMs: (peerId: string): number | null => (connected.has(peerId) ? clock.nowMs() : (lastSeenMs.get(peerId) ?? null)),
  }
}

export const networkHandlers = (
  network: Network,
  epochs: Epochs,
  watch: ReturnType<typeof watchWitnesses>,
): Handlers<MarketContract>['network'] => ({
  status: () => {
    const { committee } = epochs.newest()
    const peers = new Map<string, PeerStatus>(network.peers().map((peer) => [peer.peerId, peer]))
    const self = network.self().peerId
    return ok({
      revision: watch.revision(),
      self: network.self(),
      peers: [...peers.values()].slice(0, maxPeersShown).map(rowOf),
      quorum: quorumOf(committee),
      witnesses: committee.witnesses.map(({ peerId }, index) => ({
        index,
        peerId,
        reachable: peerId === self || peers.has(peerId),
        lastSeenMs: watch.lastSeenMs(peerId),
        roundTripMs: roundedOrNull(peers.get(peerId)?.roundTripMs ?? null),
      })),
    })
  },
})

const roundedOrNull = (value: number | null): number | null => (value === null ? null : Math.round(value))
const rowOf = ({ peerId, addresses, roundTripMs }: PeerStatus) => ({ peerId, addresses, roundTripMs: roundedOrNull(roundTripMs) })
