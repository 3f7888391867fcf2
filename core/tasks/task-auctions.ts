import { providerKeyOf, type Candidate } from '../orders/auction.ts'
import { describeFit } from '../orders/fit.ts'
import { bids, type Bid, type Signed } from '../orders/model.ts'
import type { PostedRequest } from '../orders/own-orders.ts'
import type { Orders } from '../orders/service.ts'
import { formatRuv } from '../platform/amount.ts'
import { fromHex, toHex, utf8 } from '../platform/bytes.ts'
import type { Clock } from '../platform/clock.ts'
import type { Failure, Result } from '../platform/result.ts'
import type { Bytes32 } from '../settlement/objects.ts'
import type { AttemptEnd, Attempts } from './attempt.ts'
import { auctionLifeMs, maxAttempts, type BidOutcome, type Task, type TaskId } from './model.ts'
import { taskBucketBytes } from './padding.ts'
import { commitmentOf } from './sealing.ts'
import type { Attempt, TaskStore } from './store.ts'
import type { Trail } from './trail.ts'

export type TaskAuctionsDeps = {
  readonly store: TaskStore
  readonly orders: Pick<Orders, 'postRequest' | 'fit'>
  readonly federationId: Bytes32
  readonly clock: Clock
  readonly changed: (taskId: TaskId) => void
}
type Tools = {
  readonly trail: Trail
  readonly attempts: Attempts
  readonly isWaiting: (id: TaskId) => boolean
  readonly giveUp: (id: TaskId, problem: string) => void
}

/** The auctions of this member's tasks, and the attempts that follow from their bids. */
export const createTaskAuctions = (deps: TaskAuctionsDeps, { trail, attempts, isWaiting, giveUp }: Tools) => {
  const { store, clock } = deps
  const auctions = new Map<string, PostedRequest>()

  /**
   * One auction and, as long as its bids stand, one attempt after another; no provider is tried twice for one task. Without a bid the task
   * ends, unless it `mayWait` then.
   */
  const run = async (task: Task, mayWait: () => boolean): Promise<AttemptEnd | 'no-bid'> => {
    const tried = triedProviders(task)
    if (task.onlyProviderKey !== null && tried.size > 0) {
      giveUp(task.id, 'The provider of this offer could not answer.')
      return 'task-over'
    }
    const posted = postRequest(task, tried.size > 0)
    if (!posted.ok) {
      trail.end(task.id, 'failed', posted.error.message)
      return 'task-over'
    }
    const auction = posted.value
    if (task.onlyProviderKey === null && task.standing === null) warnIfNobodyFits(task)
    auctions.set(toHex(task.id), auction)
    try {
      const winner = await auction.winner
      // Read anew each time: another copy may have taken a provider meanwhile.
      let candidate = winner !== null && triedProviders(task).has(providerKeyOf(winner)) ? auction.next(triedProviders(task)) : winner
      if (candidate === null && isWaiting(task.id)) {
        if (!mayWait()) giveUp(task.id, noBidReason(task, auction))
        else if (task.standing !== null) sayWhy(task.id, noBidReason(task, auction))
        return 'no-bid'
      }
      while (candidate !== null && isWaiting(task.id) && store.attempts(task.id).length < maxAttempts) {
        if ((await tryCandidate(task, candidate, auction)) === 'task-over') return 'task-over'
        candidate = auction.next(triedProviders(task))
      }
      return 'next-bid'
    } finally {
      auction.close(null)
      auctions.delete(toHex(task.id))
    }
  }
  /** Also by the other copies of the same question: each has a provider of its own. */
  const triedProviders = (task: Task): Set<string> => {
    const copies = task.copy === null ? [task] : store.copiesOf(task.copy.first)
    return new Set(copies.flatMap(({ id }) => store.attempts(id).flatMap(({ bidId }) => providerOf(store.bid(id, bidId)))))
  }
  const providerOf = (encoded: Uint8Array | null): readonly string[] => {
    const bid = encoded === null ? null : bids.decode(encoded, deps.federationId)
    return bid?.ok === true ? [toHex(bid.value.value.terms.providerKey)] : []
  }
  /** A task that stands waits on, and says for what. */
  const sayWhy = (id: TaskId, reason: string): void => {
    if (store.get(id)?.problem !== reason) trail.move(id, 'waiting-for-bids', reason)
  }
  const noBidReason = (task: Task, auction: PostedRequest): string => {
    const reasons = [...new Set(auction.refusals().map(({ reason }) => reason))]
    if (task.onlyProviderKey !== null) return `The provider of this offer did not take the task. ${reasons[0] ?? offerIsGone}`
    const fit = deps.orders.fit(sizeOf(task))
    const known = fit.fitting === 0 ? `${describeFit(fit)} ` : ''
    return reasons.length === 0 && fit.offers === 0
      ? 'No provider offers this class at the moment.'
      : `No provider bid. ${known}${reasons.slice(0, 3).join(' ')}`.trimEnd()
  }
  /** At once, so that nobody waits for what the book already answers; gossip may still reach somebody whom the book does not know. */
  const warnIfNobodyFits = (task: Task): void => {
    const fit = deps.orders.fit(sizeOf(task))
    if (fit.fitting === 0) trail.step(task.id, 'requested', `${describeFit(fit)} Asking whether somebody else can.`)
  }

  const postRequest = (task: Task, isFailOver: boolean): Result<PostedRequest, Failure> => {
    const leftMs = task.deadlineMs - clock.nowMs()
    const plaintext = utf8(task.prompt)
    return deps.orders.postRequest(
      {
        ...sizeOf(task),
        deliverWithinMs: leftMs,
        // The first to bid may be the one that has just failed, so the others are waited for.
        mode: isFailOver ? 'best' : task.mode,
        taskCommit: commitmentOf({ salt: task.salt, plaintext }),
        validForMs: Math.min(auctionLifeMs, leftMs),
      },
      (candidate) => setOutcome(task.id, candidate, candidate.word === 'never' ? 'unacceptable' : 'waiting'),
      task.onlyProviderKey,
    )
  }
  const setOutcome = (task: TaskId, { bid, arrivedAtMs, reputationPpm, word }: Candidate, outcome: BidOutcome): void => {
    store.putBid(task, { bidId: bid.id, bid: bids.encode(bid), atMs: arrivedAtMs, outcome, reputationPpm, isPreferred: word === 'again' })
    deps.changed(task)
  }

  const tryCandidate = async (task: Task, candidate: Candidate, auction: PostedRequest): Promise<AttemptEnd> => {
    const attempt = addAttempt(task, candidate.bid, auction.bids().length)
    const ended = await attempts.run(task, attempt, candidate.bid, () => {
      setOutcome(task.id, candidate, 'won')
      for (const loser of auction.losers(candidate))
        if (loser.word !== 'never' && !wasTried(task.id, loser)) setOutcome(task.id, loser, 'lost')
      auction.close(candidate)
    })
    if (ended === 'next-bid') setOutcome(task.id, candidate, 'vanished')
    return ended
  }
  const wasTried = (task: TaskId, { bid }: Candidate): boolean => store.attempts(task).some(({ bidId }) => toHex(bidId) === toHex(bid.id))
  /** On the disk with the order that locks for it, which is written next. */
  const addAttempt = (task: Task, { id, value }: Signed<Bid>, bidCount: number): Attempt =>
    trail.noted(task.id, () => {
      trail.setState(task.id, 'locking', null)
      trail.addStep(
        task.id,
        'bids',
        `${bidCount} ${bidCount === 1 ? 'bid' : 'bids'}; the best costs at most ${formatRuv(value.terms.amountMicro)} RUV.`,
      )
      return store.addAttempt(task.id, id)
    })

  /** What waits for bids now, or for somebody who could bid. */
  const open = () => {
    const waiting = store.unfinished().filter(({ state }) => state === 'waiting-for-bids')
    return waiting.map((task) => {
      const posted = auctions.get(toHex(task.id))
      return {
        task,
        bids: posted?.bids().length ?? 0,
        untilMs: task.standing?.untilMs ?? posted?.request.value.validUntilMs ?? task.deadlineMs,
      }
    })
  }

  return {
    run,
    open,
    /** Whether the book has somebody who could serve it and was not tried. */
    isSomebodyLeft: (task: Task): boolean => deps.orders.fit(sizeOf(task), [...triedProviders(task)].map(fromHex)).fitting > 0,
    close: (id: TaskId): void => auctions.get(toHex(id))?.close(null),
    stop: (): void => {
      for (const auction of auctions.values()) auction.stop()
    },
  }
}

const sizeOf = (task: Task) => ({
  classKey: task.classKey,
  inputBucketBytes: taskBucketBytes(utf8(task.prompt).length),
  maxOutputTokens: task.maxOutputTokens,
  maxPriceMicro: task.maxPriceMicro,
  firstTokenMs: null,
})

const offerIsGone = 'Its offer is not open any more.'
