import type { Audit } from '../audit/service.ts'
import type { PolicyDecision } from '../compliance/policy.ts'
import type { PanelRule } from '../escrow/panel.ts'
import type { Executor } from '../executors/executor.ts'
import type { Signer } from '../identity/signing.ts'
import type { Bidder } from '../orders/bidding.ts'
import { closerOf, draftBid, type BidDraft, type NoBid } from '../orders/matching.ts'
import { bids, type Bid, type Offer, type Signed, type TaskRequest } from '../orders/model.ts'
import { toHex } from '../platform/bytes.ts'
import type { Clock } from '../platform/clock.ts'
import type { Random } from '../platform/random.ts'
import { err, fail, ok, type Err, type Failure, type Result } from '../platform/result.ts'
import type { Bytes32 } from '../settlement/objects.ts'
import { signTerms } from '../settlement/signatures.ts'
import type { BackendId } from './choice-store.ts'
import { createDemand, type DemandOfBackend } from './demand.ts'
import type { JobStore } from './job-store.ts'
import type { OwnerStore } from './owner-store.ts'
import { createPromises } from './promises.ts'
import type { Hold } from './serving-rules.ts'
import { createRoom, worstOf, type Capped } from './room.ts'
import { createBidKey, type BidKey } from './sealing.ts'

/** What is switched on: a backend within its caps, under rules that may refuse any task. */
export type Serving = Capped & {
  readonly executor: Executor
  /** Its own that are open: what it bids by. */
  readonly offers: () => readonly Signed<Offer>[]
  /** Whether this client's task runs here now, at once or after its provider's word. */
  readonly decisionFor: (request: TaskRequest) => PolicyDecision
  /** Why its owner's hours and rules let nothing of others run at this moment; null while they do. */
  readonly restsBecause: () => Hold | null
  readonly isPaused: () => boolean
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
}
type Now = {
  /** Those that take new tasks now. */
  readonly bidding: () => readonly Serving[]
  /** Of one backend, or of all. */
  readonly runningCount: (backendId: BackendId | null) => number
}
type Answer = { readonly serving: Serving; readonly draft: Result<BidDraft, Failure<NoBid>>; readonly rule: string }

/** Bids on requests as far as there is room on one of the backends, and keeps the room of every bid until it is taken up, lost or lapsed. */
export const createTaskBidder = (deps: TaskBidderDeps, { bidding, runningCount }: Now) => {
  const { clock, signer, federationId, audit } = deps
  const promises = createPromises(clock)
  const demand = createDemand(clock)
  const making = new Map<string, Promise<Result<Signed<Bid>, Failure>>>()

  const room = createRoom({ ...deps, promises, runningCount })

  /** A request comes by gossip and straight from its maker, often at once: both get the same bid. */
  const bid = (request: Signed<TaskRequest>): Promise<Result<Signed<Bid>, Failure>> => {
    const key = toHex(request.id)
    const made = making.get(key) ?? makeBid(request).finally(() => making.delete(key))
    making.set(key, made)
    return made
  }
  const makeBid = async (request: Signed<TaskRequest>): Promise<Result<Signed<Bid>, Failure>> => {
    const earlier = promises.of(request.id)
    if (earlier !== null) return ok(earlier.bid)
    if (promises.isFull()) return fail('busy', 'Too many requests at once; try again in a moment.')
    const key = await createBidKey(deps.random)
    // From here on nothing waits, so what is decided about the room still holds when the bid takes it.
    const answers = bidding().map((serving) => answerOf(serving, request, key))
    const [best] = answers.flatMap(({ serving, draft }) => (draft.ok ? [{ serving, draft: draft.value }] : [])).toSorted(byPrice)
    const { client: member } = request.value
    if (best === undefined) return refused(answers)
    demand.note('bid', eachOf(answers, best.serving))
    audit.tally({ kind: 'request', outcome: 'bid', rule: 'offer', member })
    const acceptSignature = signTerms(federationId, best.draft.terms, signer)
    const bid = bids.sign({ ...best.draft, acceptSignature }, signer, federationId)
    promises.add({ request, bid, key, backendId: best.serving.id, worst: worstOf(best.serving.caps, request.value) })
    return ok(bid)
  }
  /** What one backend would bid, within its own caps and those over all of them; `rule` is what stands in the way. */
  const answerOf = (serving: Serving, request: Signed<TaskRequest>, key: BidKey): Answer => {
    const { client: member } = request.value
    const full = room.refusalOf(serving, request.value, null)
    if (full !== null) audit.tally({ kind: 'cap', outcome: 'refuse', rule: full.rule, member })
    if (full?.rule === 'task-size') return { serving, draft: tooLarge, rule: full.rule }
    const held = promises.held(null).filter(({ backendId }) => backendId === serving.id)
    const situation = {
      offers: serving.offers(),
      busySlots: full === null ? runningCount(serving.id) + held.length : Number.MAX_SAFE_INTEGER,
      nowMs: clock.nowMs(),
      refusalByPolicy: (asked: TaskRequest): string | null => {
        const { verdict, rule, sentence } = serving.decisionFor(asked)
        if (verdict !== 'refuse') return null
        audit.tally({ kind: 'policy', outcome: 'refuse', rule, member })
        return sentence
      },
      panelFor: deps.panelFor,
      limits: deps.limits,
    }
    const draft = draftBid(request, situation, { nonce: deps.random.bytes(16), taskKey: key.publicKey })
    if (draft.ok) return { serving, draft, rule: 'bid' }
    const { code } = draft.error
    if (code !== 'refused-by-policy' && full === null) audit.tally({ kind: 'request', outcome: 'no-bid', rule: code, member })
    return { serving, draft, rule: code === 'busy' && full !== null ? full.rule : code }
  }
  const refused = (answers: readonly Answer[]): Err<Failure> => {
    const closest = answers
      .flatMap(({ draft }) => (draft.ok ? [] : [draft.error]))
      .reduce<Failure<NoBid> | null>((closest, one) => (closest === null ? one : closerOf(closest, one)), null)
    if (closest === null) return fail('not-a-provider', 'This member provides nothing at the moment.')
    demand.note(answers.find(({ draft }) => !draft.ok && draft.error === closest)?.rule ?? closest.code, eachOf(answers, null))
    return err(closest)
  }

  const bidder: Bidder = {
    bid,
    closed: (requestHash, wonByMe) => {
      if (!wonByMe) promises.lose(requestHash)
    },
  }
  return { bidder, promises, room, demand }
}

/** What became of a request at each backend; one that would have bid leaves it to the cheaper one that did. */
const eachOf = (answers: readonly Answer[], bidding: Serving | null): readonly DemandOfBackend[] =>
  answers.map(({ serving, draft, rule }) => ({
    backendId: serving.id,
    outcome: draft.ok && serving !== bidding ? 'own-is-cheaper' : rule,
  }))

/** The cheapest of what fits has the best chance. */
const byPrice = (a: { readonly draft: BidDraft }, b: { readonly draft: BidDraft }): number => {
  const [mine, others] = [a.draft.terms.amountMicro, b.draft.terms.amountMicro]
  return mine < others ? -1 : mine > others ? 1 : 0
}

const tooLarge = fail<NoBid>('too-large', 'The task asks for more output than my caps allow.')
