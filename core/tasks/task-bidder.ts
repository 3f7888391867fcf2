import type { Audit } from '../audit/service.ts'
import type { ProviderCaps } from '../compliance/caps.ts'
import type { PolicyDecision } from '../compliance/policy.ts'
import type { PanelRule } from '../escrow/panel.ts'
import type { Executor } from '../executors/executor.ts'
import type { Signer } from '../identity/signing.ts'
import type { Bidder } from '../orders/bidding.ts'
import { draftBid, type NoBid } from '../orders/matching.ts'
import { bids, type BackendKind, type Bid, type Offer, type Signed, type TaskRequest } from '../orders/model.ts'
import { toHex } from '../platform/bytes.ts'
import type { Clock } from '../platform/clock.ts'
import type { Random } from '../platform/random.ts'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'
import type { Bytes32 } from '../settlement/objects.ts'
import { signTerms } from '../settlement/signatures.ts'
import { createDemand } from './demand.ts'
import type { JobStore } from './job-store.ts'
import type { OwnerStore } from './owner-store.ts'
import { createPromises } from './promises.ts'
import { createRoom } from './room.ts'
import { createBidKey } from './sealing.ts'

/** What is switched on: one backend within its caps, under rules that may refuse any task. */
export type Serving = {
  readonly executor: Executor
  readonly backend: BackendKind
  readonly caps: ProviderCaps
  /** Whether this client's task runs here now, at once or after its provider's word. */
  readonly decisionFor: (request: TaskRequest) => PolicyDecision
}

export type TaskBidderDeps = {
  readonly store: JobStore
  readonly owner: OwnerStore
  readonly audit: Pick<Audit, 'note' | 'tally'>
  readonly signer: Signer
  readonly federationId: Bytes32
  readonly clock: Clock
  readonly random: Random
  readonly panelFor: PanelRule
  readonly limits: { readonly maxWorkMs: number; readonly reviewMs: number; readonly ruleMs: number }
  readonly ownOffers: () => readonly Signed<Offer>[]
}
type Now = { readonly serving: () => Serving | null; readonly runningCount: () => number }

/** Bids on requests as far as there is room, and keeps the room of every bid until it is taken up, lost or lapsed. */
export const createTaskBidder = (deps: TaskBidderDeps, { serving, runningCount }: Now) => {
  const { clock, signer, federationId, audit } = deps
  const promises = createPromises(clock)
  const demand = createDemand(clock)
  const bidding = new Map<string, Promise<Result<Signed<Bid>, Failure>>>()

  const room = createRoom({ ...deps, promises, runningCount })

  /** A request comes by gossip and straight from its maker, often at once: both get the same bid. */
  const bid = (request: Signed<TaskRequest>): Promise<Result<Signed<Bid>, Failure>> => {
    const key = toHex(request.id)
    const made = bidding.get(key) ?? makeBid(request).finally(() => bidding.delete(key))
    bidding.set(key, made)
    return made
  }
  const makeBid = async (request: Signed<TaskRequest>): Promise<Result<Signed<Bid>, Failure>> => {
    const earlier = promises.of(request.id)
    if (earlier !== null) return ok(earlier.bid)
    if (promises.isFull()) return fail('busy', 'Too many requests at once; try again in a moment.')
    const key = await createBidKey(deps.random)
    // From here on nothing waits, so what is decided about the room still holds when the bid takes it.
    const now = serving()
    if (now === null) return fail('not-a-provider', 'This member provides nothing at the moment.')
    const full = room.refusalOf(now.caps, request.value, null)
    const { client: member } = request.value
    if (full !== null) audit.tally({ kind: 'cap', outcome: 'refuse', rule: full.rule, member })
    if (full?.rule === 'task-size') {
      demand.note(full.rule)
      return tooLarge
    }
    const busySlots = full === null ? runningCount() + promises.held(null).requests.length : Number.MAX_SAFE_INTEGER
    const refusalByPolicy = (_backend: BackendKind, asked: TaskRequest): string | null => {
      const { verdict, rule, sentence } = now.decisionFor(asked)
      if (verdict !== 'refuse') return null
      audit.tally({ kind: 'policy', outcome: 'refuse', rule, member })
      return sentence
    }
    const situation = {
      offers: deps.ownOffers(),
      busySlots,
      nowMs: clock.nowMs(),
      refusalByPolicy,
      panelFor: deps.panelFor,
      limits: deps.limits,
    }
    const draft = draftBid(request, situation, { nonce: deps.random.bytes(16), taskKey: key.publicKey })
    if (!draft.ok) {
      const { code } = draft.error
      demand.note(code === 'busy' && full !== null ? full.rule : code)
      if (code !== 'refused-by-policy' && full === null) audit.tally({ kind: 'request', outcome: 'no-bid', rule: code, member })
      return draft
    }
    demand.note('bid')
    audit.tally({ kind: 'request', outcome: 'bid', rule: 'offer', member })
    const acceptSignature = signTerms(federationId, draft.value.terms, signer)
    const signed = bids.sign({ ...draft.value, acceptSignature }, signer, federationId)
    promises.add({ request, bid: signed, key })
    return ok(signed)
  }

  const bidder: Bidder = {
    bid,
    closed: (requestHash, wonByMe) => {
      if (!wonByMe) promises.lose(requestHash)
    },
  }
  return { bidder, promises, room, demand }
}

const tooLarge = fail<NoBid>('too-large', 'The task asks for more output than my caps allow.')
