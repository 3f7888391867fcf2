import { taggedHash } from '../identity/signing.ts'
import type { AmountMicro } from '../platform/amount.ts'
import {
  amount,
  bytesOf,
  encodeBytes,
  integer,
  listUpTo,
  literal,
  nullable,
  record,
  textUpTo,
  timeMs,
  wordOf,
  type Codec,
} from '../platform/codec.ts'
import { committeeBounds, namedArbiterCodec, witnessCodec } from '../settlement/committee-codec.ts'
import type { Bytes32, NamedArbiter, Signature, Witness } from '../settlement/objects.ts'
import { limitBounds, type FederationKind, type FederationLimits } from './limits.ts'

/** A part of the supply and the first key of the account it goes to. */
export type SupplyHolder = { readonly firstKey: Bytes32; readonly amountMicro: AmountMicro }

/** The document that makes a federation. Its hash is the federation's id, so nothing in it can ever change. */
export type Genesis = {
  readonly version: 1
  readonly name: string
  readonly kind: FederationKind
  /** The one Anthropic customer whose authorised users the members are; for kind organisation, and only there. */
  readonly organisation: { readonly customer: string } | null
  readonly founderKey: Bytes32
  /** n = 3f+1 in certificate order: the committee of epoch 0. */
  readonly witnesses: readonly Witness[]
  readonly faults: number
  readonly arbiters: readonly NamedArbiter[]
  /** There is no minting: these amounts are all the RUV this federation ever has. */
  readonly supply: readonly SupplyHolder[]
  /** Parts in a million of every price; 0 by default. */
  readonly feePpm: number
  readonly createdAtMs: number
  readonly limits: FederationLimits
}

/** Every founder's choice is bounded, because strangers' genesis documents are read too. Lengths in UTF-16 units. */
export const genesisBounds = {
  name: 64,
  customer: 120,
  holders: 64,
  feePpm: 100_000,
  /** The largest document within these bounds has about 46,000 bytes. */
  bytes: 50_000,
} as const

const limits = (): Codec<FederationLimits> => {
  const { clockSkewMs, durationMs, requestsPerMinute } = limitBounds
  const duration = integer(durationMs.min, durationMs.max)
  return record({
    maxClockSkewMs: integer(clockSkewMs.min, clockSkewMs.max),
    minReviewMs: duration,
    maxReviewMs: duration,
    maxWorkMs: duration,
    minRuleMs: duration,
    maxRuleMs: duration,
    seatAnyAfterMs: duration,
    giftPerDayMicro: nullable(amount),
    epochNoticeMs: integer(limitBounds.epochNoticeMs.min, limitBounds.epochNoticeMs.max),
    maxRequestsPerMinute: integer(requestsPerMinute.min, requestsPerMinute.max),
  })
}

const holder: Codec<SupplyHolder> = record({ firstKey: bytesOf(32), amountMicro: amount })

export const genesisCodec: Codec<Genesis> = record({
  version: literal(1),
  name: textUpTo(genesisBounds.name),
  kind: wordOf(['practice', 'organisation', 'community']),
  organisation: nullable(record({ customer: textUpTo(genesisBounds.customer) })),
  founderKey: bytesOf(32),
  witnesses: listUpTo(witnessCodec, committeeBounds.witnesses),
  faults: integer(0, (committeeBounds.witnesses - 1) / 3),
  arbiters: listUpTo(namedArbiterCodec, committeeBounds.arbiters),
  supply: listUpTo(holder, genesisBounds.holders),
  feePpm: integer(0, genesisBounds.feePpm),
  createdAtMs: timeMs,
  limits: limits(),
})

export type SignedGenesis = { readonly genesis: Genesis; readonly signature: Signature }
export const signedGenesisCodec: Codec<SignedGenesis> = record({ genesis: genesisCodec, signature: bytesOf(64) })

/** A genesis document belongs to no federation yet, so its domain is all zeros. */
export const noFederation = new Uint8Array(32)

/** The hash of the canonical encoding under RUV1/GENESIS, which is also what the founder signs. */
export const federationIdOf = (genesis: Genesis): Bytes32 => taggedHash('RUV1/GENESIS', noFederation, encodeBytes(genesisCodec, genesis))
