import type { Clock } from '../platform/clock.ts'
import type { Failure, Result } from '../platform/result.ts'
import {
  addBid,
  decide,
  decideIfDue,
  endAuction,
  nextBest,
  openAuction,
  type Auction,
  type AuctionOpening,
  type BidRefusal,
  type Candidate,
} from './auction.ts'
import type { Bid, Signed, TaskRequest } from './model.ts'

/**
 * Gossip gets this long to reach a provider that was not asked directly, and that provider to dial back: three hops and a new
 * connection at 100 ms each, twice over.
 */
export const gossipChanceMs = 1_000
/** When all that are known are silent, they or this node have just started: so long it may take until their new offers are heard. */
export const comebackChanceMs = 5_000

/** Runs the pure auction against the clock for one request of this node. */
export type RunningAuction = {
  readonly request: Signed<TaskRequest>
  /** Best first. */
  readonly bids: () => readonly Candidate[]
  readonly offer: (bid: Signed<Bid>, reputationPpm: number, word: Candidate['word']) => Result<void, Failure<BidRefusal>>
  /** Resolves with the winner, or null when the request was stopped or lapsed, or nobody could serve it. */
  readonly winner: Promise<Candidate | null>
  /** The next bid that still stands, for fail-over. */
  readonly next: (excludedProviderKeys: ReadonlySet<string>) => Candidate | null
  readonly losers: (winner: Candidate | null) => readonly Candidate[]
  /**
   * Everyone asked directly has answered: nobody known is left to wait for, so `first` takes the best bid now; without a bid the
   * auction ends as soon as gossip has had its chance, or those that are silent had theirs to come back.
   */
  readonly everyoneAnswered: (areAllSilent: boolean) => void
  /** Ends it now, without a winner unless it has one. */
  readonly stop: () => void
}

export const runAuction = (opening: AuctionOpening, clock: Clock, onBid: (candidate: Candidate) => void): RunningAuction => {
  const { request } = opening
  let auction = openAuction(opening, clock.nowMs())
  let settle: (winner: Candidate | null) => void = () => undefined
  const winner = new Promise<Candidate | null>((resolve) => (settle = resolve))
  let cancelDecision = (): void => undefined
  let cancelGivingUp = (): void => undefined

  const until = (timeMs: number): number => Math.max(0, timeMs - clock.nowMs())
  const end = (): void => {
    auction = endAuction(auction)
    cancelDecision()
    cancelGivingUp()
    cancelLapse()
    settle(auction.winner)
  }
  const decideInTime = (): void => {
    auction = decideIfDue(auction, clock.nowMs())
    if (auction.winner !== null) return end()
    // A timer may fire a hair early. An auction whose bids have all lapsed meanwhile waits for the next one.
    if (auction.decideAtMs !== null) cancelDecision = clock.after(Math.max(1, until(auction.decideAtMs)), decideInTime)
  }
  const cancelLapse = clock.after(until(request.value.validUntilMs), () => {
    auction = decide(auction, clock.nowMs())
    end()
  })

  const offer: RunningAuction['offer'] = (bid, reputationPpm, word) => {
    const candidate: Candidate = { bid, reputationPpm, word, arrivedAtMs: clock.nowMs() }
    const added: Result<Auction, Failure<BidRefusal>> = addBid(auction, candidate)
    if (!added.ok) return added
    const isFirst = auction.decideAtMs === null
    auction = added.value
    if (isFirst && auction.decideAtMs !== null) cancelDecision = clock.after(until(auction.decideAtMs), decideInTime)
    onBid(candidate)
    return { ok: true, value: undefined }
  }

  return {
    request,
    bids: () => auction.candidates,
    offer,
    winner,
    next: (excluded) => nextBest(auction, excluded, clock.nowMs()),
    losers: (chosen) => [...auction.candidates.filter((candidate) => candidate !== chosen), ...auction.unwanted],
    everyoneAnswered: (areAllSilent) => {
      if (auction.isOver) return
      if (request.value.mode === 'first' && auction.candidates.length > 0) {
        auction = decide(auction, clock.nowMs())
        if (auction.winner !== null) return end()
      }
      cancelGivingUp()
      const chanceMs = areAllSilent ? comebackChanceMs : gossipChanceMs
      cancelGivingUp = clock.after(until(auction.openedAtMs + chanceMs), () => {
        if (auction.candidates.length === 0) end()
      })
    },
    stop: end,
  }
}
