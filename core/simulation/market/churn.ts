import type { World } from '../../orders/testing/world.ts'
import type { ManualClock } from '../../platform/clock.ts'
import type { Prng } from '../prng.ts'
import type { Ledger } from './ledger.ts'
import type { Member } from './member.ts'
import { roundMs } from './rounds.ts'

/** Who comes and goes when, by day and by night, and when the network falls into two halves. In a shorter run all of it is faster. */
export type ChurnDeps = {
  readonly members: readonly Member[]
  readonly newcomers: ReadonlySet<Member>
  readonly hub: World['hub']
  readonly clock: ManualClock
  readonly prng: Prng
  readonly ledger: Ledger
  readonly hours: number
  readonly isOver: () => boolean
}

const dayHours = 24
const weekHours = 168
/** From a fifth of it to nine fifths. */
const longest = 1.8
const around = (ms: number, prng: Prng): number => Math.round(ms * (0.2 + (longest - 0.2) * prng.share()))
/** What an hour of a week is in this run. */
const scaledHourMs = (hours: number): number => Math.round((hours * roundMs) / weekHours)
const sessionMs = (hours: number): number => Math.max(roundMs, 10 * scaledHourMs(hours))
const absenceMs = (hours: number): number => Math.max(roundMs / 4, 1.5 * scaledHourMs(hours))
export const longestAbsenceMs = (hours: number): number => longest * absenceMs(hours)

const crashShare = 0.3
const leaverShare = 0.1

export const startChurn = (deps: ChurnDeps): void => {
  for (const member of deps.members) live(deps, member)
  for (const hour of splitHours(deps.hours)) deps.clock.after(Math.round(hour * roundMs), () => split(deps))
}

/** At noon of every other day, or once in a day. */
const splitHours = (hours: number): readonly number[] =>
  hours <= dayHours
    ? [hours / 2]
    : Array.from({ length: Math.ceil((hours - dayHours) / (2 * dayHours)) }, (_, index) => dayHours + 2 * dayHours * index)

/** Sessions last some ten hours. Newcomers come on the second day; whoever leaves for good does so in the last three. */
const live = ({ members, newcomers, clock, prng: shared, ledger, hours, isOver }: ChurnDeps, member: Member): void => {
  const prng = shared.fork(member.name)
  const leavesAtMs = prng.chance(leaverShare) ? clock.nowMs() + prng.between(4, 6) * dayHours * scaledHourMs(hours) : Infinity
  const come = (how: 'newcomers' | 'restarts' | null): void => {
    const others = members.filter((other) => other !== member && other.session() !== null)
    if (how !== null) ledger.count(how)
    member.come(others.length === 0 ? null : prng.pick(others).name)
    clock.after(around(sessionMs(hours), prng), go)
  }
  const go = (): void => {
    if (isOver()) return
    if (clock.nowMs() >= leavesAtMs && member.isDone()) {
      ledger.count('left for good')
      return member.leave('orderly')
    }
    const how = prng.chance(crashShare) ? 'crash' : 'orderly'
    ledger.count(how === 'crash' ? 'crashes' : 'departures')
    member.leave(how)
    clock.after(around(absenceMs(hours), prng), () => come('restarts'))
  }
  if (newcomers.has(member)) clock.after(dayHours * scaledHourMs(hours), () => come('newcomers'))
  else clock.after(prng.between(0, 5_000), () => come(null))
}

/** For a little more than an hour of a week. */
const split = ({ hub, members, hours, clock, ledger }: ChurnDeps): void => {
  ledger.count('partitions')
  const half = (rest: number) => members.filter((_, index) => Math.floor(index / 2) % 2 === rest).map(({ name }) => name)
  hub.partition([half(0), half(1)])
  clock.after(Math.round(Math.max(roundMs / 3, (hours * roundMs) / 130)), hub.heal)
}
