import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import { misbehaviour } from './limits.ts'

/** What this node thinks of its peers' manners. Points fade by one a second; at the limit the peer is refused for a while. */
export type Standing = {
  readonly report: (peerId: string, points: number, reason: string) => void
  readonly points: (peerId: string) => number
  readonly isBanned: (peerId: string) => boolean
  /** Called when a peer has just been banned. */
  readonly onBan: (listener: (peerId: string) => void) => void
}

type Faults = { readonly points: number; readonly atMs: number }

export const createStanding = (clock: Clock, log: Log): Standing => {
  const faults = new Map<string, Faults>()
  /** Apart from the points, so that many small faults of invented peers cannot push a ban out. */
  const bannedUntilMs = new Map<string, number>()
  const listeners: ((peerId: string) => void)[] = []

  const points = (peerId: string): number => {
    const known = faults.get(peerId)
    return known === undefined ? 0 : Math.max(0, known.points - Math.max(0, clock.nowMs() - known.atMs) / 1000)
  }
  const isBanned = (peerId: string): boolean => (bannedUntilMs.get(peerId) ?? 0) > clock.nowMs()
  const ban = (peerId: string): void => {
    faults.delete(peerId)
    remember(bannedUntilMs, peerId, clock.nowMs() + misbehaviour.banMs)
    log.write('warn', 'peer banned', { peerId, forMs: misbehaviour.banMs })
    for (const listener of listeners) listener(peerId)
  }

  return {
    points,
    isBanned,
    onBan: (listener) => void listeners.push(listener),
    report: (peerId, added, reason) => {
      if (isBanned(peerId)) return
      const total = points(peerId) + added
      if (added >= 1) log.write('warn', 'peer misbehaved', { peerId, reason, points: Math.round(total) })
      if (total >= misbehaviour.ban) ban(peerId)
      else remember(faults, peerId, { points: total, atMs: clock.nowMs() })
    },
  }
}

/** Keeps the latest entries. */
const remember = <V>(map: Map<string, V>, key: string, value: V): void => {
  map.delete(key)
  map.set(key, value)
  const oldest = map.keys().next().value
  if (map.size > misbehaviour.maxRemembered && oldest !== undefined) map.delete(oldest)
}
