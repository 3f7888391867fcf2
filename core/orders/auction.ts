import type { PanelRule } from '../escrow/panel.ts'
import type { OpinionWord } from '../opinions/model.ts'
import { compareBytes, equalBytes, sha256, toHex } from '../platform/bytes.ts'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'
import { checkTerms } from '../settlement/account.ts'
import type { Bytes32, EscrowTerms } from '../settlement/objects.ts'
import type { SettlementLimits } from '../settlement/rules.ts'
import { standardLateReductionPpm } from '../sla/model.ts'
import type { Bid, Signed, TaskRequest } from './model.ts'
import { expectedCostMicro, worstCaseMicro, type TaskSize } from './quote.ts'

/**
 * The first-accept auction (settlement.md §11) as a pure state machine. The client alone decides, so matching needs no consensus:
 * deciding twice would only fund two escrows. `first` takes the best of what arrives within 40 ms of the first acceptable bid;
 * `best` takes the best of a window, or the first acceptable bid after an empty window.
 */
export const graceMs = 40
export const bestWindowMs = 150
/** The best of so many bids are kept: a flood of dear ones neither fills memory nor keeps a cheaper one out. */
export const maxBids = 64
/** A lock takes two round trips to the witnesses; a bid that lapses before that cannot be taken (anchors.md: 4 × 250 ms). */
export const minLockMs = 1_000

/** What the client knows of a bidder beside the bid: the reputation's lower bound in parts per million (neutral 500,000). */
export type Candidate = {
  readonly bid: Signed<Bid>
  readonly reputationPpm: number
  /** What the client itself said of the bidder, if anything. */
  readonly word: OpinionWord | null
  readonly arrivedAtMs: number
}

export type AuctionOpening = {
  readonly request: Signed<TaskRequest>
  /** The federation's limits: the witnesses refuse a lock whose terms are beyond them. */
  readonly limits: SettlementLimits
  /** The panel that belongs into terms between these parties. */
  readonly panelFor: PanelRule
  /** Random and kept by the client: it orders equal bids, so a bidder that knew it could make its bid come first. */
  readonly tieSalt: Uint8Array
  /** Takes a standing offer: nobody but its provider may bid. */
  readonly onlyProviderKey?: Bytes32 | null
}
export type Auction = AuctionOpening & {
  readonly openedAtMs: number
  /** Best first. */
  readonly candidates: readonly Candidate[]
  /** Of bidders that the client never wants again: they lose, and are told no more than other losers are. */
  readonly unwanted: readonly Candidate[]
  /** When the best candidate so far is taken; null while there is none to take. */
  readonly decideAtMs: number | null
  readonly winner: Candidate | null
  readonly isOver: boolean
}

export type BidRefusal =
  | 'not-this-request'
  | 'own-bid'
  | 'not-asked'
  | 'over-the-limit'
  | 'terms-differ'
  | 'too-slow'
  | 'expired'
  | 'already-bid'
  | 'too-many-bids'
  | 'already-decided'

export const openAuction = (opening: AuctionOpening, nowMs: number): Auction => ({
  ...opening,
  openedAtMs: nowMs,
  candidates: [],
  unwanted: [],
  decideAtMs: null,
  winner: null,
  isOver: false,
})

const objectionToBidder = (
  { request: { value: wanted }, onlyProviderKey = null }: AuctionOpening,
  terms: EscrowTerms,
): BidRefusal | null => {
  if (equalBytes(terms.provider, wanted.client) || equalBytes(terms.providerKey, wanted.clientKey)) return 'own-bid'
  return onlyProviderKey !== null && !equalBytes(terms.providerKey, onlyProviderKey) ? 'not-asked' : null
}

/** Why the client could not lock money under this bid now; null when it could. */
const objectionTo = (opening: AuctionOpening, bid: Bid, nowMs: number): BidRefusal | null => {
  const { request, limits, panelFor } = opening
  const { value: wanted, id } = request
  const { terms } = bid
  const panel = panelFor(terms, terms.amountMicro)
  if (!equalBytes(bid.requestHash, id) || !equalBytes(terms.requestHash, id)) return 'not-this-request'
  const wrongBidder = objectionToBidder(opening, terms)
  if (wrongBidder !== null) return wrongBidder
  if (terms.amountMicro > wanted.maxPriceMicro) return 'over-the-limit'
  const isAsRequested =
    equalBytes(terms.clientKey, wanted.clientKey) &&
    equalBytes(terms.taskCommit, wanted.taskCommit) &&
    terms.classKey === wanted.classKey &&
    terms.deliverByMs <= wanted.createdAtMs + wanted.deliverWithinMs &&
    terms.amountMicro <= worstCaseMicro(terms.pricing, wanted) &&
    terms.lateReductionPpm >= standardLateReductionPpm &&
    terms.panel.size === panel.size &&
    terms.panel.quorum === panel.quorum
  if (!isAsRequested || checkTerms(wanted.client, terms, limits) !== null) return 'terms-differ'
  if (wanted.firstTokenMs !== null && terms.firstTokenMs > wanted.firstTokenMs) return 'too-slow'
  return Math.min(bid.validUntilMs, terms.acceptValidUntilMs, terms.deliverByMs) < nowMs + minLockMs ? 'expired' : null
}

const refusalText: Readonly<Record<BidRefusal, string>> = {
  'not-this-request': 'The bid answers another request.',
  'own-bid': 'Nobody can take their own request.',
  'not-asked': 'The request is to one provider, and this is another.',
  'over-the-limit': 'The bid is above the request’s price limit.',
  'terms-differ': 'The bid’s terms are not those of the request or of the federation.',
  'too-slow': 'The bid promises its first token later than the request asks.',
  expired: 'The bid lapses before money could be locked for it.',
  'already-bid': 'This provider has bid already.',
  'too-many-bids': 'The request has as many better bids as it keeps.',
  'already-decided': 'The request is already decided.',
}
const refuse = (code: BidRefusal): Result<never, Failure<BidRefusal>> => fail(code, refusalText[code])

/** Takes a bid into the auction or says why not. Call `decideIfDue` afterwards. */
export const addBid = (auction: Auction, candidate: Candidate): Result<Auction, Failure<BidRefusal>> => {
  if (auction.isOver) return refuse('already-decided')
  const { bid, arrivedAtMs } = candidate
  const objection = objectionTo(auction, bid.value, arrivedAtMs)
  if (objection !== null) return refuse(objection)
  const { unwanted } = auction
  if ([...auction.candidates, ...unwanted].some((other) => isSameProvider(other.bid.value, bid.value))) return refuse('already-bid')
  if (candidate.word === 'never')
    return unwanted.length < maxBids ? ok({ ...auction, unwanted: [...unwanted, candidate] }) : refuse('too-many-bids')
  const candidates = [...auction.candidates, candidate].toSorted((a, b) => compareCandidates(auction, a, b)).slice(0, maxBids)
  if (!candidates.includes(candidate)) return refuse('too-many-bids')
  const dueMs = auction.request.value.mode === 'first' ? arrivedAtMs + graceMs : Math.max(auction.openedAtMs + bestWindowMs, arrivedAtMs)
  return ok({ ...auction, candidates, decideAtMs: auction.decideAtMs ?? dueMs })
}
const isSameProvider = (a: Bid, b: Bid): boolean =>
  equalBytes(a.terms.provider, b.terms.provider) || equalBytes(a.terms.providerKey, b.terms.providerKey)

/** Takes the best bid that still stands; without one the auction stays open for the next. */
export const decide = (auction: Auction, nowMs: number): Auction => {
  if (auction.isOver) return auction
  const winner = nextBest(auction, new Set(), nowMs)
  return { ...auction, winner, isOver: winner !== null, decideAtMs: null }
}
/** Decides when its time has come; otherwise the same auction. */
export const decideIfDue = (auction: Auction, nowMs: number): Auction =>
  auction.decideAtMs === null || nowMs < auction.decideAtMs ? auction : decide(auction, nowMs)

/** From here on no bid is taken; what there is stays for fail-over. */
export const endAuction = (auction: Auction): Auction => ({ ...auction, isOver: true, decideAtMs: null })

/**
 * The best candidate whose provider is not excluded and whose bid still stands: the winner, and after it the fail-over order. One whom
 * the client wants again goes before it if it costs the same; what it wants again never costs it more.
 */
export const nextBest = (auction: Auction, excludedProviderKeys: ReadonlySet<string>, nowMs: number): Candidate | null => {
  const open = auction.candidates.filter(
    (candidate) => !excludedProviderKeys.has(providerKeyOf(candidate)) && objectionTo(auction, candidate.bid.value, nowMs) === null,
  )
  const [best] = open
  if (best === undefined) return null
  return open.find((candidate) => candidate.word === 'again' && costsTheSame(auction.request.value, candidate, best)) ?? best
}
/** As expected, and at most. */
const costsTheSame = (request: TaskRequest, a: Candidate, b: Candidate): boolean => {
  const [one, other] = [a.bid.value.terms, b.bid.value.terms]
  const expected = ({ pricing, amountMicro }: EscrowTerms) => expectedCostMicro(pricing, request, amountMicro)
  return one.amountMicro === other.amountMicro && expected(one) === expected(other)
}

export const providerKeyOf = ({ bid }: Candidate): string => toHex(bid.value.terms.providerKey)

/** Without a wish, anything that starts within two seconds counts as equally fast. */
const defaultTierMs = 2_000

type Scored = { readonly terms: Pick<EscrowTerms, 'pricing' | 'amountMicro' | 'firstTokenMs'>; readonly reputationPpm: number }

/** Score² · 1/price · √min(1, wanted/promised latency), from settlement.md §11; P̂ is the same for all bids and drops out. */
export const scoreOf = (request: TaskSize & Pick<TaskRequest, 'firstTokenMs'>, { terms, reputationPpm }: Scored): number => {
  const { pricing, amountMicro, firstTokenMs } = terms
  const cost = Math.max(1, Number(expectedCostMicro(pricing, request, amountMicro)))
  return ((reputationPpm / 1e6) ** 2 / cost) * Math.sqrt(Math.min(1, (request.firstTokenMs ?? defaultTierMs) / Math.max(1, firstTokenMs)))
}

/** Equal scores are ordered by a hash under the client's secret salt, so no bidder is favoured by its key, its speed or its luck in grinding. */
const compareCandidates = ({ request, tieSalt }: Auction, a: Candidate, b: Candidate): number =>
  candidateScore(request, b) - candidateScore(request, a) || compareBytes(sha256(tieSalt, a.bid.id), sha256(tieSalt, b.bid.id))
const candidateScore = (request: Signed<TaskRequest>, { bid, reputationPpm }: Candidate): number =>
  scoreOf(request.value, { terms: bid.value.terms, reputationPpm })
