import type { Hidden } from '../compliance/placeholders.ts'
import { bids, type AuctionMode } from '../orders/model.ts'
import type { AmountMicro } from '../platform/amount.ts'
import { equalBytes, toHex, utf8 } from '../platform/bytes.ts'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'
import type { Bytes32 } from '../settlement/objects.ts'
import { createAttempts, type AttemptDeps, type AttemptEnd, type Attempts } from './attempt.ts'
import { createCopies } from './copies.ts'
import { isOver, maxAttempts, type Task, type TaskId } from './model.ts'
import { createPayments } from './payment.ts'
import { maxTaskBytes } from './sealing.ts'
import { createStanding, maxStandingMs, type StandingDeps } from './standing.ts'
import type { Attempt } from './store.ts'
import { createTaskAuctions, type TaskAuctionsDeps } from './task-auctions.ts'
import { createTrail, type Trail } from './trail.ts'

export type RequesterDeps = Omit<AttemptDeps, 'isStopped'> &
  TaskAuctionsDeps &
  Pick<StandingDeps, 'orders'> & {
    /** Refuses text that holds a credential; the sentence says which kind. */
    readonly inspect: (text: string) => Promise<Result<void, Failure<'secret-found'>>>
    readonly availableMicro: () => AmountMicro
    /** The longest that the federation gives a provider. */
    readonly maxWorkMs: number
  }

export type Ask = {
  /** As a provider reads it. */
  readonly prompt: string
  /** What stands behind its placeholders. */
  readonly hidden: readonly Hidden[]
  readonly classKey: string
  readonly maxOutputTokens: number
  readonly maxPriceMicro: AmountMicro
  readonly mode: AuctionMode
  readonly onlyProviderKey: Bytes32 | null
  readonly deadlineMs: number
  /** It waits this long for a provider; null ends it when nobody can serve it now. */
  readonly standsForMs: number | null
  /** So many providers answer it, each for its own escrow. */
  readonly copies: number
  /** Why its answer is not paid by itself; null: it is. */
  readonly hold: string | null
}
export type AskRefusal = 'secret-found' | 'insufficient-funds' | 'too-many-tasks' | 'deadline-out-of-range' | 'task-too-large'

/** More tasks under way than this are refused: a person has lost sight of them, or a program has run wild. */
const maxRunning = 64
/** An auction is not worth opening later than this before the deadline. */
const leastTimeMs = 1_000
/** Where many members run on one computer, or behind one switch, they vanish together and are back one after another within so long. */
const comeBackMs = 30_000

export type Requester = ReturnType<typeof createRequester>

/** The client's side of every trade: one auction after another until a provider has answered or there is none left to try. */
export const createRequester = (given: RequesterDeps) => {
  const { store, clock, log } = given
  const deps = { ...given, changed: tellFirstToo(given) }
  const underWay = new Set<string>()
  let stopped = false
  const trail = createTrail(deps)
  const payments = createPayments({ ...deps, isStopped: () => stopped }, trail)
  const attempts = createAttempts({ ...deps, isStopped: () => stopped }, trail, payments)

  /**
   * Stores the task, then runs it in the background; the answer comes as events. `record` runs the storing in a transaction of its
   * own, at most once for a request id.
   */
  const ask = async <E>(
    input: Ask,
    record: (store: () => Result<TaskId, Failure<AskRefusal>>) => Result<TaskId, Failure<AskRefusal> | E>,
  ): Promise<Result<TaskId, Failure<AskRefusal> | E>> => {
    const inspected = await deps.inspect(input.prompt)
    if (!inspected.ok) return inspected
    let added: readonly TaskId[] = []
    const asked = record(() => {
      const refused = refusalOf(input, { ...deps, underWay: underWay.size })
      if (refused !== null) return { ok: false, error: refused }
      const [first, ...others] = add(input)
      added = [first, ...others]
      return ok(first)
    })
    if (asked.ok && added.length > 0) {
      deps.changed(asked.value)
      for (const id of added) start(id)
    }
    return asked
  }
  const add = (input: Ask): readonly [TaskId, ...TaskId[]] => {
    const { deadlineMs, standsForMs, copies: count, ...rest } = input
    const askedAtMs = clock.nowMs()
    const standing = standsForMs === null ? null : { untilMs: askedAtMs + standsForMs, workMs: deadlineMs }
    const only = input.onlyProviderKey === null ? '' : ', of one provider'
    const first = deps.random.bytes(32)
    const ids = [first, ...Array.from({ length: count - 1 }, () => deps.random.bytes(32))] as const
    ids.forEach((id, number) => {
      const copy = count === 1 ? null : { first, number, agreementPpm: null }
      store.add({ id, askedAtMs, salt: deps.random.bytes(32), deadlineMs: askedAtMs + deadlineMs, standing, copy, ...rest })
      trail.addStep(id, 'requested', `For ${input.classKey}${only}${copy === null ? '' : `; copy ${number + 1} of ${count}`}.`)
    })
    return ids
  }
  const start = (id: TaskId, isTakenUp = false): void => {
    const key = toHex(id)
    // A task asked while the node still resumes is under way already; twice would be paid twice.
    if (underWay.has(key)) return
    underWay.add(key)
    run(id, isTakenUp)
      .catch((error: unknown) => {
        if (stopped) return
        log.write('error', 'task stopped', { task: key, reason: error instanceof Error ? (error.stack ?? error.message) : String(error) })
        stopAfterError(id)
      })
      .then(() => (stopped ? undefined : copies.rested(store.get(id))))
      .catch((error: unknown) => log.write('error', 'copies not judged', { task: key, reason: String(error) }))
      .finally(() => underWay.delete(key))
  }
  /** What is delivered stays so: it is paid for at the next start. */
  const stopAfterError = (id: TaskId): void => {
    try {
      if (store.get(id)?.state !== 'delivered')
        trail.end(id, 'failed', 'The program met an error of its own; the log has it. Locked amounts come back by themselves.')
    } catch (error) {
      log.write('error', 'task not stopped', { task: toHex(id), reason: String(error) })
    }
  }

  const run = async (id: TaskId, isTakenUp: boolean): Promise<void> => {
    const task = store.get(id)
    if (task === null) return
    const open = store.attempts(id).find((attempt) => !attempt.over || (attempt.receipt !== null && !isOver(task.state)))
    if (open !== undefined && (await goOn(deps, { attempts, trail }, task, open)) === 'task-over') return
    await copies.turnOf(task)
    let lostAtMs = clock.nowMs()
    const isWorthIt = (): boolean => isTakenUp || (store.attempts(id).length > 0 && auctions.isSomebodyLeft(task))
    const mayWait = (): boolean =>
      task.standing !== null || (clock.nowMs() < Math.min(lostAtMs + comeBackMs, task.deadlineMs - leastTimeMs) && isWorthIt())
    for (let tries = 0; isWaiting(id); tries++) {
      const now = store.get(id) ?? task
      if (clock.nowMs() + leastTimeMs > (now.standing?.untilMs ?? now.deadlineMs)) return giveUp(id, passed(now))
      if (store.attempts(id).length >= maxAttempts) return giveUp(id, 'Too many providers failed.')
      const nextChance = standing.watch(now, tries)
      const ended = await auctions.run(now.standing === null ? now : tryAgain(now, now.standing.workMs), mayWait)
      if (ended === 'task-over') return
      if (ended === 'next-bid') lostAtMs = clock.nowMs()
      if ((now.standing !== null || ended === 'no-bid') && isWaiting(id)) await nextChance()
    }
  }
  const tryAgain = (task: Task, workMs: number): Task => {
    const deadlineMs = clock.nowMs() + workMs
    store.setDeadline(task.id, deadlineMs)
    return { ...task, deadlineMs }
  }
  const giveUp = (id: TaskId, problem: string): void => {
    trail.together(id, () => {
      trail.setEnd(id, 'failed', store.get(id)?.problem ?? problem)
      payments.noteAllBack(id)
    })
  }
  const isWaiting = (id: TaskId): boolean => !stopped && store.get(id)?.state === 'waiting-for-bids'
  const standing = createStanding({ ...deps, isWaiting })
  const copies = createCopies({ ...deps, isWaiting }, trail, payments)
  const auctions = createTaskAuctions(deps, { trail, attempts, isWaiting, giveUp })

  const cancelOne = ({ id, state }: Task): void => {
    const isLocked = state !== 'waiting-for-bids'
    trail.end(id, 'cancelled', isLocked ? 'You cancelled it. The provider is told; what is locked comes back.' : 'You cancelled it.')
    auctions.close(id)
    attempts.cancel(id)
  }

  return {
    ask,
    openRequests: auctions.open,
    settled: payments.settled,
    /** Told by the escrows whenever a delivery was registered. */
    registered: payments.registered,
    /** At every step until the answer is complete; what is locked comes back by the provider's word, or after the deadline. */
    cancel: (id: TaskId): Result<void, Failure<'not-found' | 'too-late'>> => {
      const task = store.get(id)
      if (task === null) return fail('not-found', 'There is no such task.')
      // The first copy is the question: with it the others end too, as far as they still can.
      const all = task.copy?.number === 0 ? store.copiesOf(task.id) : [task]
      const open = all.filter(({ state }) => !isOver(state) && state !== 'delivered')
      if (open.length === 0) return fail('too-late', 'It is too late to cancel: the answer is complete or the task has ended.')
      for (const one of open) cancelOne(one)
      return ok(undefined)
    },
    /** Takes up every unfinished task; call once the wallet and the escrows know what the witnesses decided meanwhile. */
    resume: (): void => {
      for (const task of store.unfinished()) start(task.id, true)
    },
    stop: (): void => {
      stopped = true
      auctions.stop()
    },
  }
}

/** Takes up the attempt that a restart interrupted; the bid of one that fails has not won after all. */
const goOn = async (
  { store, federationId }: Pick<RequesterDeps, 'store' | 'federationId'>,
  { attempts, trail }: { readonly attempts: Attempts; readonly trail: Trail },
  task: Task,
  open: Attempt,
): Promise<AttemptEnd> => {
  const stored = store.bids(task.id).find(({ bidId }) => equalBytes(bidId, open.bidId))
  const bid = stored === undefined ? null : bids.decode(stored.bid, federationId)
  if (stored !== undefined && bid?.ok === true) {
    const ended = await attempts.run(task, open, bid.value, () => undefined)
    if (ended === 'next-bid') store.putBid(task.id, { ...stored, outcome: 'vanished' })
    return ended
  }
  trail.end(task.id, 'failed', 'The stored bid cannot be read. What is locked for it comes back by itself.', () => store.endAttempt(open))
  return 'task-over'
}

type Room = Pick<RequesterDeps, 'maxWorkMs' | 'availableMicro'> & { readonly underWay: number }
const refusalOf = (input: Ask, { maxWorkMs, availableMicro, underWay }: Room): Failure<AskRefusal> | null => {
  const bytes = utf8(input.prompt).length
  if (bytes > maxTaskBytes)
    return { code: 'task-too-large', message: `The task has ${bytes} bytes; at most ${maxTaskBytes} fit. Shorten it or split it.` }
  if (input.deadlineMs > maxWorkMs)
    return {
      code: 'deadline-out-of-range',
      message: `This federation allows ${Math.floor(maxWorkMs / 1_000)} seconds for a task at most.`,
    }
  if ((input.standsForMs ?? 0) > maxStandingMs) return { code: 'deadline-out-of-range', message: 'A task stands for 24 hours at most.' }
  if (underWay + input.copies > maxRunning)
    return { code: 'too-many-tasks', message: `${maxRunning} tasks are under way; wait until one has ended.` }
  const available = availableMicro()
  if (input.maxPriceMicro * BigInt(input.copies) > available)
    return { code: 'insufficient-funds', message: available === 0n ? nothingLeft : tooLittle }
  return null
}

const passed = ({ standing }: Task): string =>
  standing === null ? 'The deadline passed before a provider could answer.' : 'Nobody could serve it as long as it stood.'

const tooLittle = 'The price limit is more than is available. Lower it, or wait until locked amounts are settled.'
const nothingLeft =
  'Your wallet is empty: nothing is available to pay an answer with. Provide to others, or let a member send you RUV; what is locked comes back when it is settled.'

/** Whoever looks at the question sees what becomes of its copies. */
const tellFirstToo =
  ({ store, changed }: Pick<RequesterDeps, 'store' | 'changed'>) =>
  (id: TaskId): void => {
    changed(id)
    const first = store.get(id)?.copy?.first
    if (first !== undefined && toHex(first) !== toHex(id)) changed(first)
  }
