import type { Network } from '../network/port.ts'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import { fail, type Failure, type Result } from '../platform/result.ts'
import type { Bytes32 } from '../settlement/objects.ts'
import type { BidAllowance } from './bid-allowance.ts'
import { bids, type Bid, type Signed, type TaskRequest } from './model.ts'
import { answerTimeoutMs, marketMessages, noBid, type MarketAnswer } from './wire.ts'

/** The provider role plugs in here; a refusal's sentence goes back to the client. */
export type Bidder = {
  readonly bid: (request: Signed<TaskRequest>) => Promise<Result<Signed<Bid>, Failure>>
  readonly closed: (requestHash: Bytes32, wonByMe: boolean) => void
}

/**
 * Clients that are dialled at a time to bring them a bid. The address is whatever the request says, so a flood of requests
 * that all name one victim must not become a flood of connections to it.
 */
const maxCalls = 16

export type Bidding = ReturnType<typeof createBidding>

/** Bids on other members' requests, as far as the provider role is switched on. */
type BiddingDeps = { readonly network: Network; readonly log: Log; readonly clock: Clock; readonly allowance: BidAllowance }

export const createBidding = ({ network, log, clock, allowance }: BiddingDeps) => {
  let bidder: Bidder | null = null
  let calls = 0

  const bidOn = async (request: Signed<TaskRequest>): Promise<Result<Signed<Bid>, Failure>> => {
    try {
      if (bidder === null) return fail('not-a-provider', 'This member provides nothing at the moment.')
      const allowed = allowance.check(request, clock.nowMs())
      if (!allowed.ok) return allowed
      const bid = await bidder.bid(request)
      if (bid.ok) allowance.hold(request, bid.value)
      return bid
    } catch (error) {
      log.write('error', 'bidder failed', { reason: error instanceof Error ? (error.stack ?? error.message) : String(error) })
      return fail('internal', 'The provider’s program met an error of its own.')
    }
  }

  return {
    setBidder: (next: Bidder | null): void => {
      bidder = next
    },
    closed: (requestHash: Bytes32, wonByMe: boolean): void => {
      if (!wonByMe) allowance.closed(requestHash)
      try {
        bidder?.closed(requestHash, wonByMe)
      } catch (error) {
        log.write('error', 'bidder failed', { reason: String(error) })
      }
    },
    /** To a request that `from` brought: only the client itself learns the bid, so that no rival can ask for it. */
    answer: async (request: Signed<TaskRequest>, from: string): Promise<MarketAnswer> => {
      if (request.value.peer.peerId !== from)
        return noBid({ code: 'not-the-sender', message: 'A request must come from the peer that it names.' })
      const bid = await bidOn(request)
      return bid.ok ? { kind: 'bid', bid: bids.encode(bid.value) } : noBid(bid.error)
    },
    /** To a request heard by gossip: the bid is carried to the client. */
    call: async (request: Signed<TaskRequest>): Promise<void> => {
      if (bidder === null || calls >= maxCalls) return
      calls++
      try {
        const bid = await bidOn(request)
        if (!bid.ok) return
        const message = marketMessages.encode({ kind: 'bid', bid: bids.encode(bid.value) })
        await network.request(request.value.peer, 'market', message, { timeoutMs: answerTimeoutMs })
      } catch (error) {
        log.write('info', 'bid not delivered', { reason: String(error) })
      } finally {
        calls--
      }
    },
  }
}
