import { standardLateReductionPpm } from '../../sla/model.ts'
import { keyFromSeed } from '../../identity/ed25519.ts'
import { createSigner, type Signer } from '../../identity/signing.ts'
import { sha256, utf8 } from '../../platform/bytes.ts'
import { accountIdOf } from '../../settlement/account-id.ts'
import type { AccountId, EscrowTerms, Pricing } from '../../settlement/objects.ts'
import type { SettlementLimits } from '../../settlement/rules.ts'
import { signTerms } from '../../settlement/signatures.ts'
import { draftBid, type ProviderSituation } from '../matching.ts'
import { bids, offers, requests, type Bid, type Offer, type Signed, type TaskRequest } from '../model.ts'
import { worstCaseMicro } from '../quote.ts'

/** Members, orders and bids as honest programs make them; each test changes what it is about. */
export const startMs = 1_750_000_000_000
export const federationId = sha256(utf8('test federation'))
export const otherFederationId = sha256(utf8('another federation'))

export const standardPanel = () => ({ size: 7, quorum: 5 })
export const limits: SettlementLimits = {
  maxClockSkewMs: 500,
  minReviewMs: 10_000,
  maxReviewMs: 3_600_000,
  maxWorkMs: 3_600_000,
  minRuleMs: 10_000,
  maxRuleMs: 3_600_000,
  seatAnyAfterMs: 5_000,
  giftPerDayMicro: null,
  epochNoticeMs: 10_000,
}

const signers = new Map<string, Signer>()
export const signerOf = (name: string): Signer => {
  const known = signers.get(name) ?? createSigner(keyFromSeed(sha256(utf8(name))))
  signers.set(name, known)
  return known
}
export const accountOf = (name: string): AccountId => accountIdOf({ federationId, epoch: 0 }, signerOf(name).publicKey)
export const peerOf = (name: string) => ({ peerId: name, addresses: [`/memory/${name}`] })

let made = 0
const nonce = (): Uint8Array => sha256(utf8(`nonce ${made++}`)).slice(0, 16)

export const pricingOf = (perTaskMicro: bigint): Pricing => ({
  perTaskMicro,
  perThousandInputTokensMicro: 0n,
  perThousandOutputTokensMicro: 0n,
  minimumMicro: 0n,
})

export const offerValue = (name: string, changes: Partial<Offer> = {}): Offer => ({
  provider: accountOf(name),
  providerKey: signerOf(name).publicKey,
  peer: peerOf(name),
  backend: 'practice',
  modelLabel: 'practice (simulated)',
  classKey: 'practice-small',
  pricing: pricingOf(100n),
  maxInputTokens: 100_000,
  maxOutputTokens: 4_000,
  concurrent: 2,
  leftToday: 100,
  firstTokenMs: 500,
  totalMs: 10_000,
  successPpm: 990_000,
  consentTag: new Uint8Array(32),
  nonce: nonce(),
  createdAtMs: startMs,
  validUntilMs: startMs + 3_600_000,
  oldestOpenMs: 0,
  ...changes,
})
export const offerOf = (name: string, changes: Partial<Offer> = {}): Signed<Offer> =>
  offers.sign(offerValue(name, changes), signerOf(name), federationId)

export const requestValue = (name: string, changes: Partial<TaskRequest> = {}): TaskRequest => ({
  client: accountOf(name),
  clientKey: signerOf(name).publicKey,
  peer: peerOf(name),
  classKey: 'practice-small',
  inputBucketBytes: 1_024,
  maxOutputTokens: 1_000,
  maxPriceMicro: 1_000n,
  deliverWithinMs: 60_000,
  firstTokenMs: null,
  mode: 'first',
  taskCommit: sha256(utf8('task')),
  attestation: null,
  nonce: nonce(),
  createdAtMs: startMs,
  validUntilMs: startMs + 15_000,
  ...changes,
})
export const requestOf = (name: string, changes: Partial<TaskRequest> = {}): Signed<TaskRequest> =>
  requests.sign(requestValue(name, changes), signerOf(name), federationId)

type BidChanges = { readonly terms?: Partial<EscrowTerms>; readonly bid?: Partial<Bid>; readonly nowMs?: number }

export const termsOf = (
  name: string,
  { id, value }: Signed<TaskRequest>,
  nowMs = startMs,
  changes: Partial<EscrowTerms> = {},
): EscrowTerms => ({
  client: value.client,
  clientKey: value.clientKey,
  provider: accountOf(name),
  providerKey: signerOf(name).publicKey,
  amountMicro: worstCaseMicro(changes.pricing ?? pricingOf(100n), value),
  classKey: value.classKey,
  pricing: pricingOf(100n),
  taskCommit: value.taskCommit,
  requestHash: id,
  firstTokenMs: 500,
  totalMs: 5_000,
  lateReductionPpm: standardLateReductionPpm,
  deliverByMs: value.createdAtMs + value.deliverWithinMs,
  reviewMs: limits.minReviewMs,
  ruleMs: limits.minRuleMs,
  panel: standardPanel(),
  defaultOutcome: 'split-half',
  acceptValidUntilMs: nowMs + 10_000,
  nonce: nonce(),
  ...changes,
})

/** A bid, signed by its provider whatever it says. */
export const bidOf = (
  name: string,
  request: Signed<TaskRequest>,
  { terms: changed = {}, bid = {}, nowMs = startMs }: BidChanges = {},
): Signed<Bid> => {
  const terms = termsOf(name, request, nowMs, changed)
  const value: Bid = {
    requestHash: request.id,
    offerId: sha256(utf8(`offer of ${name}`)),
    peer: peerOf(name),
    backend: 'practice',
    modelLabel: 'practice (simulated)',
    terms,
    acceptSignature: signTerms(federationId, terms, signerOf(name)),
    taskKey: sha256(utf8(`task key of ${name}`)),
    validUntilMs: terms.acceptValidUntilMs,
    ...bid,
  }
  return bids.sign(value, signerOf(name), federationId)
}

export const situationOf = (own: readonly Signed<Offer>[], changes: Partial<ProviderSituation> = {}): ProviderSituation => ({
  offers: own,
  busySlots: 0,
  nowMs: startMs,
  refusalByPolicy: () => null,
  panelFor: standardPanel,
  limits: { maxWorkMs: limits.maxWorkMs, reviewMs: limits.minReviewMs, ruleMs: limits.minRuleMs },
  ...changes,
})

/** What an honest provider answers; null when it does not bid. */
export const honestBid = (name: string, request: Signed<TaskRequest>, situation: ProviderSituation): Signed<Bid> | null => {
  const draft = draftBid(request, situation, { nonce: nonce(), taskKey: sha256(utf8(`task key of ${name}`)) })
  if (!draft.ok) return null
  return bids.sign(
    { ...draft.value, acceptSignature: signTerms(federationId, draft.value.terms, signerOf(name)) },
    signerOf(name),
    federationId,
  )
}
