import type { PanelRule } from '../escrow/panel.ts'
import type { Network } from '../network/port.ts'
import { equalBytes, toHex } from '../platform/bytes.ts'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import type { Random } from '../platform/random.ts'
import { fail, type Failure, type Result } from '../platform/result.ts'
import type { AccountId, Bytes32, EscrowTerms } from '../settlement/objects.ts'
import type { SettlementLimits } from '../settlement/rules.ts'
import { verifyTerms } from '../settlement/signatures.ts'
import type { Candidate } from './auction.ts'
import { runAuction, type RunningAuction } from './auctioneer.ts'
import type { OfferBrief, OfferSide } from './book.ts'
import { cheapest } from './cheapest.ts'
import { expectedUsage, type TaskSize } from './quote.ts'
import { shortIdOf } from './side.ts'
import { bids, requests, type Offer, type Signed, type TaskRequest } from './model.ts'
import type { Entry } from './price-index.ts'
import { isHostile, onceKnown, ownerUnknown } from './shelf.ts'
import type { IsUnwanted } from './unwanted.ts'
import { answerTimeoutMs, marketAnswers, marketMessages } from './wire.ts'

/** A request goes straight to this many of the best makers; gossip reaches the rest (settlement.md §11: 8–16). */
const maxPushed = 16
/** With those whose new offers are heard while all others are silent. */
const maxAsked = 2 * maxPushed
/** Why a provider that was asked directly did not bid; the reason is one sentence, by the provider itself or by this node. */
export type NoBidReason = { readonly provider: AccountId; readonly code: string; readonly reason: string }

export type Asked = RunningAuction & {
  /** Those that gave a reason first, those that did not answer last. */
  readonly refusals: () => readonly NoBidReason[]
}

type Running = { readonly auction: RunningAuction; readonly heard: (offer: Offer) => void }

export type AskingDeps = {
  readonly network: Network
  readonly federationId: Bytes32
  readonly limits: SettlementLimits
  readonly panelFor: PanelRule
  readonly keyBelongsTo: (accountId: AccountId, key: Bytes32) => boolean | null
  readonly keysAsked?: () => Promise<void>
  /** How the bidder ranks; null when the amount is more than this client entrusts to it. */
  readonly reputationPpm: (terms: EscrowTerms) => number | null
  readonly wordOn: (provider: AccountId) => Candidate['word']
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
}

export type Asking = ReturnType<typeof createAsking>

const overExposure = fail(
  'over-exposure',
  'The amount is more than this client entrusts to a provider with so few trades; smaller tasks come first.',
)

/** The auctions of this node's own requests. */
export const createAsking = (deps: AskingDeps) => {
  const { network, federationId, clock, log } = deps
  const running = new Map<string, Running>()

  /** `from` is the peer whose connection brought the bid. */
  const takeBid = (bytes: Uint8Array, from: string): Result<void, Failure> => {
    const decoded = bids.decode(bytes, federationId)
    if (!decoded.ok) return decoded
    const { requestHash, peer, terms, acceptSignature } = decoded.value.value
    const auction = running.get(toHex(requestHash))?.auction
    if (auction === undefined) return fail('unknown-request', 'That request is closed.')
    // The winner is dialled at `peer`: a bidder can make the client dial itself and nobody else.
    if (peer.peerId !== from) return fail('not-the-sender', 'A bid must come from the peer that it names.')
    const belongs = deps.keyBelongsTo(terms.provider, terms.providerKey)
    if (belongs === null) return ownerUnknown
    if (!belongs) return fail('not-the-owner', 'Refused: the bid names an account its key does not own.')
    if (!verifyTerms(federationId, terms, acceptSignature)) return fail('bad-signature', 'Refused: the bid does not sign its terms.')
    const reputationPpm = deps.reputationPpm(terms)
    return reputationPpm === null ? overExposure : auction.offer(decoded.value, reputationPpm, deps.wordOn(terms.provider))
  }

  const ask = async ({ provider, peer }: Offer, request: Uint8Array): Promise<NoBidReason | null> => {
    const noBid = ({ code, message }: Failure): NoBidReason => ({ provider, code, reason: message })
    try {
      const message = marketMessages.encode({ kind: 'request', request })
      const answer = marketAnswers.decode(await network.request(peer, 'market', message, { timeoutMs: answerTimeoutMs }))
      if (answer.ok && answer.value.kind === 'no-bid') return { provider, code: answer.value.code, reason: answer.value.reason }
      const { value } = answer.ok ? answer : { value: null }
      const taken = value?.kind === 'bid' ? await onceKnown(deps, () => takeBid(value.bid, peer.peerId)) : answer.ok ? misplaced : answer
      if (taken.ok) return null
      if (isHostile(taken.error)) network.reportMisbehaviour(peer.peerId, taken.error.code)
      return noBid(taken.error)
    } catch {
      return noBid({ code: noAnswer, message: 'The provider did not answer.' })
    }
  }

  return {
    takeBid,
    /** Starts the auction and asks these makers directly; gossip reaches the others, unless only one of them may bid. */
    open: (
      request: Signed<TaskRequest>,
      makers: readonly Offer[],
      onBid: (candidate: Candidate) => void,
      onlyProviderKey: Bytes32 | null = null,
    ): Asked => {
      const opening = { request, limits: deps.limits, panelFor: deps.panelFor, tieSalt: deps.random.bytes(32), onlyProviderKey }
      const auction = runAuction(opening, clock, (candidate) => {
        try {
          onBid(candidate)
        } catch (error) {
          log.write('error', 'bid not recorded', { reason: String(error) })
        }
      })
      const refusals: NoBidReason[] = []
      const bytes = requests.encode(request)
      let [asked, waitedFor, present] = [0, 0, 0]
      const areAllSilent = (): boolean => asked > 0 && present === 0
      const askMaker = async (maker: Offer): Promise<void> => {
        asked++
        waitedFor++
        const refusal = await ask(maker, bytes)
        if (refusal !== null) refusals.push(refusal)
        if (refusal?.code !== noAnswer) present++
        if (--waitedFor === 0) auction.everyoneAnswered(areAllSilent())
      }
      const heard = (offer: Offer): void => {
        const isForIt = offer.classKey === request.value.classKey && !equalBytes(offer.providerKey, request.value.clientKey)
        const mayBid = onlyProviderKey === null || equalBytes(offer.providerKey, onlyProviderKey)
        const isWanted = deps.wordOn(offer.provider) !== 'never'
        if (isForIt && mayBid && isWanted && areAllSilent() && asked < maxAsked) void askMaker(offer)
      }
      running.set(toHex(request.id), { auction, heard })
      for (const maker of makers) void askMaker(maker)
      if (makers.length === 0) auction.everyoneAnswered(false)
      const isSilent = ({ code }: NoBidReason): number => (code === noAnswer ? 1 : 0)
      return { ...auction, refusals: () => refusals.toSorted((a, b) => isSilent(a) - isSilent(b)) }
    },
    /** A new offer: its maker is asked about what nobody has answered to. */
    heard: (offer: Offer): void => {
      for (const auction of running.values()) auction.heard(offer)
    },
    /** Ends an auction; false when it has been closed before. */
    close: (auction: RunningAuction): boolean => {
      auction.stop()
      return running.delete(toHex(auction.request.id))
    },
    stop: (): void => {
      for (const { auction } of running.values()) auction.stop()
    },
  }
}

const noAnswer = 'no-answer'
const misplaced = fail('malformed', 'The provider’s answer was none to a request.')

/** The makers of the offers that cost least for such a task, each and each peer id once, without myself and without whom I never want again. */
export const makersFor = (side: OfferSide, classKey: string, size: TaskSize, ownKey: Bytes32, isUnwanted: IsUnwanted): readonly Offer[] => {
  const own = shortIdOf(ownKey)
  const seen = new Set<string>()
  const makers: Offer[] = []
  const isAsked = (entry: Entry<OfferBrief>): boolean => entry.member.key !== own && !isUnwanted(entry)
  for (const { entry } of cheapest(side, classKey, expectedUsage(size), 2 * maxPushed, isAsked)) {
    const { value } = side.open(entry)
    if (seen.has(value.peer.peerId) || makers.length >= maxPushed) continue
    seen.add(value.peer.peerId)
    makers.push(value)
  }
  return makers
}

/** One offer of the provider that alone is asked; none when it offers nothing of the class any more. */
export const makerOf = (side: OfferSide, classKey: string, providerKey: Bytes32): readonly Offer[] =>
  side
    .ofMember(providerKey)
    .filter(({ value }) => value.classKey === classKey)
    .slice(-1)
    .map(({ value }) => value)
