import { addBid, decide, openAuction, type Auction } from '../../core/orders/auction.ts'
import type { Bid, Signed, TaskRequest } from '../../core/orders/model.ts'
import { defaultLimits } from '../../core/federation/limits.ts'
import { keyFromSeed } from '../../core/identity/ed25519.ts'
import { sha256, utf8 } from '../../core/platform/bytes.ts'
import { accountIdOf, birthOf } from '../../core/settlement/account-id.ts'
import type { EscrowTerms } from '../../core/settlement/objects.ts'
import { standardLateReductionPpm } from '../../core/sla/model.ts'
import type { Decide, Offered } from './anchored.ts'
import type { Chance } from './chance.ts'

/** Decides by the shipping auction: what a client's program would lock money under, of these bids. Nothing is signed; the rest is real. */
const nowMs = 1_750_000_000_000
const limits = defaultLimits.practice
const federationId = sha256(utf8('price discovery'))
const unsigned = new Uint8Array(64)
const neutralReputationPpm = 500_000
const panel = { size: 1, quorum: 1 } as const

const partyOf = (name: string) => {
  const { publicKey } = keyFromSeed(sha256(utf8(name)))
  return { publicKey, account: accountIdOf(birthOf(federationId), publicKey), peer: { peerId: name, addresses: [] } }
}
const client = partyOf('client')
const providers = new Map<number, ReturnType<typeof partyOf>>()
const providerOf = (place: number): ReturnType<typeof partyOf> => {
  const party = providers.get(place) ?? partyOf(`provider ${place}`)
  providers.set(place, party)
  return party
}

const requestUpTo = (limitMicro: bigint, chance: Chance): Signed<TaskRequest> => ({
  id: sha256(utf8(String(chance()))),
  signature: unsigned,
  value: {
    client: client.account,
    clientKey: client.publicKey,
    peer: client.peer,
    classKey: 'practice-small',
    inputBucketBytes: 1_024,
    maxOutputTokens: 1_000,
    maxPriceMicro: limitMicro,
    deliverWithinMs: 60_000,
    firstTokenMs: null,
    mode: 'first',
    taskCommit: federationId,
    attestation: null,
    nonce: unsigned.subarray(0, 16),
    createdAtMs: nowMs,
    validUntilMs: nowMs + 15_000,
  },
})

const bidOf = ({ provider, priceMicro }: Offered, { id, value }: Signed<TaskRequest>): Signed<Bid> => {
  const party = providerOf(provider)
  const terms: EscrowTerms = {
    client: value.client,
    clientKey: value.clientKey,
    provider: party.account,
    providerKey: party.publicKey,
    amountMicro: priceMicro,
    classKey: value.classKey,
    pricing: { perTaskMicro: priceMicro, perThousandInputTokensMicro: 0n, perThousandOutputTokensMicro: 0n, minimumMicro: 0n },
    taskCommit: value.taskCommit,
    requestHash: id,
    firstTokenMs: 1_000,
    totalMs: 30_000,
    lateReductionPpm: standardLateReductionPpm,
    deliverByMs: nowMs + 60_000,
    reviewMs: limits.minReviewMs,
    ruleMs: limits.minRuleMs,
    panel,
    defaultOutcome: 'split-half',
    acceptValidUntilMs: nowMs + 10_000,
    nonce: unsigned.subarray(0, 16),
  }
  const bid = {
    requestHash: id,
    offerId: id,
    peer: party.peer,
    backend: 'practice',
    modelLabel: '',
    terms,
    acceptSignature: unsigned,
  } as const
  return {
    id: sha256(id, party.publicKey),
    signature: unsigned,
    value: { ...bid, taskKey: party.publicKey, validUntilMs: nowMs + 10_000 },
  }
}

export const byShippingAuction: Decide = (limitMicro, offered, chance) => {
  const request = requestUpTo(limitMicro, chance)
  let auction: Auction = openAuction({ request, limits, panelFor: () => panel, tieSalt: sha256(utf8(String(chance()))) }, nowMs)
  const placeOf = new Map<string, Offered>()
  for (const one of offered) {
    const bid = bidOf(one, request)
    placeOf.set(bid.value.terms.provider.join(), one)
    const added = addBid(auction, { bid, reputationPpm: one.reputationPpm ?? neutralReputationPpm, word: null, arrivedAtMs: nowMs })
    if (added.ok) auction = added.value
  }
  const winner = decide(auction, nowMs).winner
  return winner === null ? null : (placeOf.get(winner.bid.value.terms.provider.join()) ?? null)
}
