import type { Clock } from '../platform/clock.ts'
import { redialFirstMs, redialMaxMs } from './limits.ts'
import type { PeerAddress } from './port.ts'

export type Redial = {
  /** To be told whenever a peer came or went. */
  readonly check: () => void
  readonly stop: () => void
}

export type RedialDeps = {
  readonly peers: readonly PeerAddress[]
  readonly clock: Clock
  readonly isConnected: (peerId: string) => boolean
  readonly dial: (peer: PeerAddress) => Promise<void>
}

/** Keeps connections to peers that matter: dials at once, then after longer and longer waits. */
export const createRedial = ({ peers, ...deps }: RedialDeps): Redial => {
  const keepers = peers.map((peer) => createKeeper(peer, deps))
  return {
    check: () => {
      for (const keeper of keepers) keeper.check()
    },
    stop: () => {
      for (const keeper of keepers) keeper.stop()
    },
  }
}

const createKeeper = (peer: PeerAddress, { clock, isConnected, dial }: Omit<RedialDeps, 'peers'>): Redial => {
  let state: 'resting' | 'waiting' | 'dialling' | 'stopped' = 'resting'
  let delayMs = redialFirstMs
  let connectedAtMs = Number.NEGATIVE_INFINITY
  let cancel = (): void => undefined

  const wait = (forMs: number): void => {
    state = 'waiting'
    cancel = clock.after(forMs, () => void attempt())
  }
  const waitLonger = (): void => {
    wait(delayMs)
    delayMs = Math.min(delayMs * 2, redialMaxMs)
  }
  const attempt = async (): Promise<void> => {
    state = 'dialling'
    const reached =
      isConnected(peer.peerId) ||
      (await dial(peer).then(
        () => true,
        () => false,
      ))
    if (state !== 'dialling') return
    state = 'resting'
    if (reached) connectedAtMs = clock.nowMs()
    else waitLonger()
  }
  return {
    check: () => {
      if (state !== 'resting' || isConnected(peer.peerId)) return
      // A peer that takes the connection and drops it at once must not be dialled in a circle.
      if (clock.nowMs() - connectedAtMs < redialMaxMs) return waitLonger()
      delayMs = redialFirstMs
      wait(0)
    },
    stop: () => {
      state = 'stopped'
      cancel()
    },
  }
}
