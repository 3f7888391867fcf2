import type { MarketContract } from '../contract/contract.ts'
import type { Handlers } from '../contract/dispatcher.ts'
import { maxClockOffsetMs } from '../contract/network.ts'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import { ok } from '../platform/result.ts'
import { medianOf } from '../settlement/clock-check.ts'
import { maxEpoch } from '../settlement/encoding.ts'
import type { Epochs } from '../settlement/epochs.ts'
import { quorumOf, type Witness } from '../settlement/objects.ts'
import { createWitnessClient } from '../settlement/witness-client.ts'
import type { Witness as OwnWitness } from '../settlement/witness.ts'
import type { Network, PeerStatus } from '../network/port.ts'
import { agentOf, newerRelease, releaseOf } from './versions.ts'

const maxPeersShown = 500
const maxRoundTripShownMs = 3_600_000

/** As long as a start or a lost connection may take before too few witnesses are worth a word. */
export const quietForMs = 3_000
/** How often they are asked whether they vote, and what time it is. */
export const askAgainMs = 30_000
/** Beyond this a deadline is not what this computer takes it for (settlement.md §3). */
const toleratedClockMs = 6_000
/** An answer that took longer says too little about the time. */
const maxRoundTripMs = 2_000

const abstentions = ['retired', 'clock-off', 'halted'] as const
type StandsAside = (typeof abstentions)[number]

type WitnessEvents = {
  readonly changed: (revision: number) => void
  /** Also when it comes back after an absence. */
  readonly connected: (witness: Witness) => void
}
type WatchDeps = {
  readonly network: Network
  readonly epochs: Epochs
  readonly clock: Clock
  readonly log: Log
  /** This node's own witness, when it is one. */
  readonly witness: OwnWitness | null
}

/** Remembers which witnesses are connected, when each last was, whether it votes, how far its clock is ahead, and what it runs. */
export const watchWitnesses = ({ network, epochs, clock, log, witness: own }: WatchDeps, events: WitnessEvents) => {
  const client = createWitnessClient(network, own === null ? null : { witness: own, nowMs: clock.nowMs })
  const lastSeenMs = new Map<string, number>()
  const standsAside = new Map<string, StandsAside>()
  const clockOffsetMs = new Map<string, number>()
  const releases = new Map<string, string | null>()
  let connected: ReadonlySet<string> = new Set()
  let settling: 'yes' | 'connecting' | 'no' = 'connecting'
  let revision = 0
  let isStopped = false
  let leave = (): void => undefined
  let cancelAsking = (): void => undefined
  let cancelWaiting = (): void => undefined

  const committee = () => epochs.newest().committee
  const isReachable = (peerId: string): boolean => connected.has(peerId) || peerId === network.self().peerId
  /** What is looked at anew at times; whoever comes and goes is news at once. */
  const lookedAt = (): string =>
    JSON.stringify([
      committee().witnesses.map(({ peerId }) => standsAside.get(peerId)),
      offset(),
      network.peers().map(({ roundTripMs }) => roundedOrNull(roundTripMs)),
    ])
  let told = ''
  const changed = (): void => {
    judge()
    told = lookedAt()
    events.changed(++revision)
  }
  const hasQuorum = (): boolean =>
    committee().witnesses.filter(({ peerId }) => isReachable(peerId) && !standsAside.has(peerId)).length >= quorumOf(committee())
  const judge = (): void => {
    const before = settling
    if (hasQuorum()) settling = 'yes'
    else if (before === 'yes') settling = 'connecting'
    if (settling === before) return
    cancelWaiting()
    if (settling === 'connecting') waitQuietly()
  }
  const waitQuietly = (): void => {
    cancelWaiting = clock.after(quietForMs, () => {
      settling = 'no'
      events.changed(++revision)
    })
  }

  /** It refuses a vote before it looks at what it is for; so a question for an epoch that is not there tells, and leaves no trace. */
  const askIfVoting = async (witness: Witness): Promise<void> => {
    const register = { governance: { federationId: epochs.federationId, epoch: maxEpoch }, objectId: epochs.federationId, step: maxEpoch }
    const answer = await client.ask(witness, {
      kind: 'exchange',
      register,
      orders: [],
      votes: [],
      proposals: [],
      carried: [],
      wantSkip: false,
      decrees: [],
    })
    if (answer === null) return
    const reason = answer.kind === 'refused' ? abstentions.find((code) => code === answer.refusal) : undefined
    if (reason === undefined) standsAside.delete(witness.peerId)
    else standsAside.set(witness.peerId, reason)
  }
  const askTheTime = async (witness: Witness): Promise<void> => {
    const sentMs = clock.nowMs()
    const answer = await client.ask(witness, { kind: 'clock' })
    const tookMs = clock.nowMs() - sentMs
    if (answer?.kind === 'clock' && tookMs >= 0 && tookMs <= maxRoundTripMs)
      clockOffsetMs.set(witness.peerId, Math.round(answer.nowMs - sentMs - tookMs / 2))
  }
  const ask = (witnesses: readonly Witness[]): void => {
    Promise.all(witnesses.flatMap((witness) => [askIfVoting(witness), askTheTime(witness)]))
      .then(() => {
        if (!isStopped && lookedAt() !== told) changed()
      })
      .catch((error: unknown) => log.write('error', 'asking the witnesses how they are failed', { reason: String(error) }))
  }
  const askAll = (): void => {
    ask(committee().witnesses.filter(({ peerId }) => isReachable(peerId)))
    cancelAsking = clock.after(askAgainMs, askAll)
  }
  /** In whole seconds, so that a network's moods are no news. With f liars among a quorum the median lies between honest clocks. */
  const offset = (): number | null => {
    const known = committee().witnesses.flatMap(({ peerId }) => (isReachable(peerId) ? (clockOffsetMs.get(peerId) ?? []) : []))
    if (known.length < quorumOf(committee())) return null
    const aheadMs = medianOf(known)
    if (Math.abs(aheadMs) <= toleratedClockMs) return null
    return Math.max(-maxClockOffsetMs, Math.min(Math.round(aheadMs / 1_000) * 1_000, maxClockOffsetMs))
  }

  /** Gives back those who came. */
  const look = (): readonly Witness[] => {
    const before = connected
    const agents = new Map(network.peers().map(({ peerId, agent }) => [peerId, agent]))
    connected = new Set(agents.keys())
    const came = committee().witnesses.filter(({ peerId }) => connected.has(peerId) && !before.has(peerId))
    for (const { peerId } of committee().witnesses) {
      if (!connected.has(peerId)) continue
      lastSeenMs.set(peerId, clock.nowMs())
      const agent = agents.get(peerId) ?? null
      // A connection is there before it has said what runs at its other end.
      if (agent !== null) releases.set(peerId, releaseOf(agent))
    }
    for (const witness of came) events.connected(witness)
    return came
  }
  return {
    start: (): void => {
      waitQuietly()
      look()
      judge()
      told = lookedAt()
      askAll()
      leave = network.onPeersChanged(() => {
        ask(look())
        changed()
      })
    },
    stop: (): void => {
      isStopped = true
      leave()
      cancelAsking()
      cancelWaiting()
    },
    revision: () => revision,
    settling: () => settling,
    clockOffsetMs: offset,
    isReachable,
    standsAside: (peerId: string): StandsAside | null => (isReachable(peerId) ? (standsAside.get(peerId) ?? null) : null),
    /** What it said last that it runs. */
    releaseOf: (peerId: string): string | null => releases.get(peerId) ?? null,
    lastSeenMs: (peerId: string): number | null => (connected.has(peerId) ? clock.nowMs() : (lastSeenMs.get(peerId) ?? null)),
  }
}

export const networkHandlers = (
  network: Network,
  epochs: Epochs,
  watch: ReturnType<typeof watchWitnesses>,
  version: string,
): Handlers<MarketContract>['network'] => ({
  status: () => {
    const { committee } = epochs.newest()
    const peers = new Map<string, PeerStatus>(network.peers().map((peer) => [peer.peerId, peer]))
    const runs = (peerId: string): string | null =>
      peerId === network.self().peerId ? releaseOf(agentOf(version)) : watch.releaseOf(peerId)
    return ok({
      revision: watch.revision(),
      self: network.self(),
      peers: [...peers.values()].slice(0, maxPeersShown).map(rowOf),
      quorum: quorumOf(committee),
      settling: watch.settling(),
      clockOffsetMs: watch.clockOffsetMs(),
      witnesses: committee.witnesses.map(({ peerId }, index) => ({
        index,
        peerId,
        reachable: watch.isReachable(peerId),
        standsAside: watch.standsAside(peerId),
        lastSeenMs: watch.lastSeenMs(peerId),
        roundTripMs: roundedOrNull(peers.get(peerId)?.roundTripMs ?? null),
        version: runs(peerId),
      })),
      newer: newerRelease(
        version,
        committee.witnesses.map(({ peerId }) => runs(peerId)),
        committee.faults,
      ),
    })
  },
})

/** Measured with a clock that may be set meanwhile. */
const roundedOrNull = (value: number | null): number | null =>
  value === null ? null : Math.max(0, Math.min(Math.round(value), maxRoundTripShownMs))
const rowOf = ({ peerId, addresses, roundTripMs, agent }: PeerStatus) => ({
  peerId,
  addresses,
  roundTripMs: roundedOrNull(roundTripMs),
  version: releaseOf(agent),
})
