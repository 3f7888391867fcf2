import type { PanelRule } from '../escrow/panel.ts'
import { equalBytes } from '../platform/bytes.ts'
import { err, fail, ok, type Failure, type Result } from '../platform/result.ts'
import type { EscrowTerms } from '../settlement/objects.ts'
import { standardLateReductionPpm } from '../sla/model.ts'
import { minLockMs } from './auction.ts'
import { tokensOfBytes } from './metering.ts'
import type { Bid, Offer, Signed, TaskRequest } from './model.ts'
import { worstCaseMicro } from './quote.ts'

/** The provider's side of the auction, pure: does one of my offers answer this request, and with which terms? */
export type ProviderSituation = {
  readonly offers: readonly Signed<Offer>[]
  /** Tasks running or promised by an unexpired bid, over all of these offers. */
  readonly busySlots: number
  readonly nowMs: number
  /** The policy table's verdict on running this client's task on the backend behind these offers; a sentence when refused. */
  readonly refusalByPolicy: (request: TaskRequest) => string | null
  readonly panelFor: PanelRule
  readonly limits: { readonly maxWorkMs: number; readonly reviewMs: number; readonly ruleMs: number }
}

/** Why there is no bid, from the most general to the one that only time has to cure. */
const noBids = [
  'expired',
  'no-offer-for-class',
  'own-request',
  'refused-by-policy',
  'too-large',
  'too-slow',
  'limit-too-low',
  'busy',
] as const
export type NoBid = (typeof noBids)[number]

/** A slot is kept this long for a client that has not locked the money yet (settlement.md §11 asks 3 s; a slow witness may need more). */
export const slotHeldMs = 10_000

export type BidDraft = Omit<Bid, 'acceptSignature'>
export type BidMaterial = { readonly nonce: Uint8Array; readonly taskKey: Uint8Array }

export const draftBid = (
  request: Signed<TaskRequest>,
  situation: ProviderSituation,
  material: BidMaterial,
): Result<BidDraft, Failure<NoBid>> => {
  const { value: wanted } = request
  const lastMs = Math.min(wanted.validUntilMs, wanted.createdAtMs + wanted.deliverWithinMs - minLockMs)
  if (lastMs <= situation.nowMs) return fail('expired', 'The request is no longer valid.')
  const chosen = chooseOffer(wanted, situation)
  if (!chosen.ok) return chosen
  const { id, value: offer } = chosen.value
  const terms = termsFor(request, offer, situation, material.nonce)
  return ok({
    requestHash: request.id,
    offerId: id,
    peer: offer.peer,
    backend: offer.backend,
    modelLabel: offer.modelLabel,
    terms,
    taskKey: material.taskKey,
    validUntilMs: terms.acceptValidUntilMs,
  })
}

/** The reason of whichever came closer to a bid. */
export const closerOf = (a: Failure<NoBid>, b: Failure<NoBid>): Failure<NoBid> => (noBids.indexOf(b.code) > noBids.indexOf(a.code) ? b : a)

/** The first of my offers for this class that fits; the failure is the reason of the one that came closest. */
const chooseOffer = (wanted: TaskRequest, situation: ProviderSituation): Result<Signed<Offer>, Failure<NoBid>> => {
  let closest: Failure<NoBid> = { code: 'no-offer-for-class', message: 'I have no offer for this class of model.' }
  for (const offer of situation.offers) {
    const { classKey, validUntilMs } = offer.value
    if (classKey !== wanted.classKey || validUntilMs <= situation.nowMs) continue
    const refused = refusalOf(offer.value, wanted, situation)
    if (refused === null) return ok(offer)
    closest = closerOf(closest, refused)
  }
  return err(closest)
}

const refusalOf = (offer: Offer, wanted: TaskRequest, situation: ProviderSituation): Failure<NoBid> | null => {
  if (equalBytes(offer.provider, wanted.client) || equalBytes(offer.providerKey, wanted.clientKey))
    return { code: 'own-request', message: 'This is my own request.' }
  const policy = situation.refusalByPolicy(wanted)
  if (policy !== null) return { code: 'refused-by-policy', message: policy }
  if (tokensOfBytes(wanted.inputBucketBytes) > offer.maxInputTokens || wanted.maxOutputTokens > offer.maxOutputTokens)
    return { code: 'too-large', message: 'The task is larger than my offer allows.' }
  if (wanted.firstTokenMs !== null && offer.firstTokenMs > wanted.firstTokenMs)
    return { code: 'too-slow', message: 'I promise the first token later than the request asks.' }
  if (worstCaseMicro(offer.pricing, wanted) > wanted.maxPriceMicro)
    return { code: 'limit-too-low', message: 'The price limit is below my price for the whole task.' }
  if (situation.busySlots >= offer.concurrent || offer.leftToday === 0) return { code: 'busy', message: 'All my slots are taken.' }
  return null
}

const termsFor = (request: Signed<TaskRequest>, offer: Offer, situation: ProviderSituation, nonce: Uint8Array): EscrowTerms => {
  const { value: wanted, id } = request
  const { nowMs, limits } = situation
  const parties = { client: wanted.client, clientKey: wanted.clientKey, provider: offer.provider, providerKey: offer.providerKey }
  // Exactly the worst case, so a client never pays more than it saw.
  const amountMicro = worstCaseMicro(offer.pricing, wanted)
  return {
    ...parties,
    amountMicro,
    classKey: wanted.classKey,
    pricing: offer.pricing,
    taskCommit: wanted.taskCommit,
    requestHash: id,
    firstTokenMs: offer.firstTokenMs,
    totalMs: offer.totalMs,
    lateReductionPpm: standardLateReductionPpm,
    deliverByMs: Math.min(wanted.createdAtMs + wanted.deliverWithinMs, nowMs + limits.maxWorkMs),
    reviewMs: limits.reviewMs,
    ruleMs: limits.ruleMs,
    panel: situation.panelFor(parties, amountMicro),
    defaultOutcome: 'split-half',
    acceptValidUntilMs: nowMs + slotHeldMs,
    nonce,
  }
}
