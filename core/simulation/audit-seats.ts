import { quorumOf, type Committee } from '../settlement/objects.ts'
import type { Members } from './federation.ts'

/** Who sits where in the committee of one epoch, and which of them lie. */
export type Seats = {
  readonly committee: Committee
  /** The witness of each seat. */
  readonly witnesses: readonly number[]
  readonly quorum: number
  /** By seat. */
  readonly liars: readonly number[]
  /** With more than f liars only what they really signed is held against the protocol. */
  readonly isWithinFaults: boolean
}

/** Null for an epoch that never began. */
export const createSeats = (membersOf: (epoch: number) => Members | null, lying: readonly number[]): ((epoch: number) => Seats | null) => {
  const known = new Map<number, Seats>()
  const make = (epoch: number): Seats | null => {
    const members = membersOf(epoch)
    if (members === null) return null
    const liars = members.witnesses.flatMap((witness, seat) => (lying.includes(witness) ? [seat] : []))
    const seats = { ...members, quorum: quorumOf(members.committee), liars, isWithinFaults: liars.length <= members.committee.faults }
    known.set(epoch, seats)
    return seats
  }
  return (epoch) => known.get(epoch) ?? make(epoch)
}
