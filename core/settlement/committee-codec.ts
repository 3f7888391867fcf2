import { bytesOf, integer, listUpTo, record, textUpTo, timeMs, type Codec } from '../platform/codec.ts'
import type { EpochBody, NamedArbiter, Witness } from './objects.ts'
import { seedKeyBytes } from './seed-share.ts'

/** The people of a committee, wherever they are written down: in a genesis document or in the step that begins an epoch. */
export const committeeBounds = {
  /** f = 13; certificates grow with n, and committees are chosen for trust, not for size (settlement.md §1). */
  witnesses: 40,
  addressesPerWitness: 4,
  address: 128,
  arbiters: 64,
  /** In UTF-16 units. */
  name: 64,
  operator: 32,
} as const

export const witnessCodec: Codec<Witness> = record({
  publicKey: bytesOf(32),
  peerId: textUpTo(64),
  addresses: listUpTo(textUpTo(committeeBounds.address), committeeBounds.addressesPerWitness),
  seedKey: bytesOf(seedKeyBytes),
})

/** What a founder writes down of an arbiter; its account follows from its key. */
export const arbiterFields = {
  name: textUpTo(committeeBounds.name),
  publicKey: bytesOf(32),
  weight: integer(1, 4),
  operator: textUpTo(committeeBounds.operator),
} as const
export const namedArbiterCodec: Codec<NamedArbiter> = record(arbiterFields)

export const epochBodyCodec: Codec<EpochBody> = record({
  witnesses: listUpTo(witnessCodec, committeeBounds.witnesses),
  faults: integer(0, (committeeBounds.witnesses - 1) / 3),
  arbiters: listUpTo(namedArbiterCodec, committeeBounds.arbiters),
  startsAtMs: timeMs,
})
