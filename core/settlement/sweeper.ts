import { expiryOf } from '../escrow/model.ts'
import { equalBytes, toHex } from '../platform/bytes.ts'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import { leaderOf } from './ballots.ts'
import type { RegisterId } from './bundle.ts'
import type { Driver } from './driver-port.ts'
import { txHash } from './encoding.ts'
import { committeeNamed, type Epochs } from './epochs.ts'
import type { AuthorisedTx, Bytes32, Committee, Decree, EscrowTx } from './objects.ts'
import type { SettlementRules } from './rules.ts'
import type { WitnessStore } from './witness-store.ts'

/**
 * A witness sees things through (settlement.md §3.2): every register in which it has voted to skip or to finalize is driven until it is
 * final, so that nobody can park a conflict and no payment is lost with the node that alone held its certificate; and an escrow whose time has come is ended, so that nobody has to come back for it. Whoever
 * wants the outcome is given the time to bring it about first. Without open business nothing runs and nothing is sent.
 */
export type Sweeper = {
  /** Something may have to be seen through that was not before. */
  readonly update: () => void
  readonly stop: () => void
}

export type SweeperDeps = {
  readonly store: WitnessStore
  readonly epochs: Epochs
  readonly rules: SettlementRules
  /** Asks this node's own witness too. */
  readonly driver: Driver
  readonly clock: Clock
  readonly log: Log
  /** Tells this witness's place in a committee. */
  readonly publicKey: Bytes32
  /** The decrees that prove what an order claims, as far as this witness has them. */
  readonly proofsFor: (order: AuthorisedTx) => readonly Decree[]
}

/** A client that drives its order itself polls every second. */
export const openPatienceMs = 5_000
/** The parties have 30 s each for it (escrow/schedule.ts). */
export const expiryPatienceMs = 60_000
/** Witnesses take turns, so that one is enough; 3 s decide a register without conflict over a bad line. */
export const turnMs = 3_000
const attemptMs = 30_000
const firstPauseMs = 5_000
const lastPauseMs = 60_000
/** Each drives four conversations; a witness with more to see through does it in turn. */
const maxAtOnce = 4
/** Besides those that failed before; the oldest first. */
const maxPlanned = 64
/** A burst of news is one look at the database. */
const settleMs = 1_000
/** Timers of Node overflow beyond 2³¹ ms. */
const longestTimerMs = 86_400_000

type Errand = {
  readonly key: string
  readonly dueMs: number
  readonly orderAt: (attempt: number) => AuthorisedTx | null
  /** So many of its orders in a row were refused for good. */
  readonly refused: (inARow: number, decide: Decide) => Promise<void>
}
type Decide = (order: AuthorisedTx) => ReturnType<Driver['decide']>
type Attempts = { readonly count: number; readonly refusals: number; readonly notBeforeMs: number }

export const createSweeper = (deps: SweeperDeps): Sweeper => {
  const { clock, driver, log } = deps
  const running = new Set<string>()
  const attempts = new Map<string, Attempts>()
  const stopping = new AbortController()
  let cancel = (): void => undefined
  let wakesAtMs = Infinity

  const options = { signal: stopping.signal, timeoutMs: attemptMs }
  const decide: Decide = (order) => driver.decide(order, deps.proofsFor(order), options)
  const attempt = async ({ key, orderAt, refused }: Errand): Promise<void> => {
    const { count, refusals } = attempts.get(key) ?? { count: 0, refusals: 0 }
    const order = orderAt(count)
    const outcome = order === null ? null : await decide(order)
    if (outcome !== null && (outcome.ok || outcome.error.code === 'conflict')) return void attempts.delete(key)
    const inARow = outcome?.error.code === 'refused' ? refusals + 1 : 0
    const pauseMs = Math.min(firstPauseMs * 2 ** count, lastPauseMs)
    attempts.set(key, { count: count + 1, refusals: inARow, notBeforeMs: clock.nowMs() + pauseMs })
    await refused(inARow, decide)
  }

  const run = (errand: Errand): void => {
    running.add(errand.key)
    attempt(errand)
      .catch((error: unknown) => log.write('error', 'sweep failed', { reason: String(error) }))
      .finally(() => {
        running.delete(errand.key)
        if (!stopping.signal.aborted) sweep()
      })
  }

  const sweep = (): void => {
    // Those that failed wait in front, and never keep others from being looked at.
    const limit = maxPlanned + attempts.size
    const errands = [...openErrands(deps, limit), ...expiryErrands(deps, limit)]
    const known = new Set(errands.map(({ key }) => key))
    for (const key of attempts.keys()) if (!known.has(key)) attempts.delete(key)
    let nextMs = Infinity
    for (const errand of errands) {
      if (running.has(errand.key)) continue
      const dueMs = Math.max(errand.dueMs, attempts.get(errand.key)?.notBeforeMs ?? 0)
      if (dueMs > clock.nowMs()) nextMs = Math.min(nextMs, dueMs)
      else if (running.size < maxAtOnce) run(errand)
    }
    wakeAt(nextMs)
  }

  const wakeAt = (timeMs: number): void => {
    cancel()
    wakesAtMs = timeMs
    if (timeMs < Infinity) cancel = clock.after(Math.min(Math.max(timeMs - clock.nowMs(), 0), longestTimerMs), sweep)
  }

  wakeAt(clock.nowMs())
  return {
    update: () => {
      const soonMs = clock.nowMs() + settleMs
      if (!stopping.signal.aborted && wakesAtMs > soonMs) wakeAt(soonMs)
    },
    stop: () => {
      stopping.abort()
      cancel()
    },
  }
}

/** The first witness in the register's own order is the first to move; one without a seat is the last. */
const turnMsOf = ({ publicKey }: SweeperDeps, register: Pick<RegisterId, 'objectId' | 'step'>, committee: Committee): number => {
  const size = committee.witnesses.length
  const me = committee.witnesses.findIndex((witness) => equalBytes(witness.publicKey, publicKey))
  return (me < 0 ? size : (me - leaderOf(register, committee, 0) + size) % size) * turnMs
}

/**
 * Any of the candidates will do, for the others come along; one that too many refuse is followed by the next. When all were refused,
 * as an order is that came too late for most, and all that the other witnesses have as well, there is no conflict that anybody could be
 * waiting for.
 */
const openErrands = (deps: SweeperDeps, limit: number): readonly Errand[] =>
  deps.store.openRegisters(limit).map(({ objectId, step, epoch, sinceMs }) => {
    const register = { governance: { federationId: deps.epochs.federationId, epoch }, objectId, step }
    const committee = committeeNamed(deps.epochs, register.governance) ?? deps.epochs.newest().committee
    return {
      key: `open/${toHex(objectId)}/${step}`,
      dueMs: sinceMs + openPatienceMs + turnMsOf(deps, register, committee),
      orderAt: (attempt) => {
        const candidates = deps.store.candidates(register)
        return candidates[attempt % Math.max(candidates.length, 1)]?.order ?? null
      },
      refused: async (inARow, decide) => {
        const own = deps.store.candidates(register).map(({ order }) => toHex(txHash(order.tx)))
        if (inARow < own.length) return
        const seen = await deps.driver.fetchUndecided(register, { epoch })
        if (!seen.ok) return
        const others = seen.value.filter(({ tx }) => !own.includes(toHex(txHash(tx))))
        const outcomes = await Promise.all(others.map(decide))
        if (outcomes.every((outcome) => !outcome.ok && outcome.error.code === 'refused')) deps.store.dropOpenRegister(register)
      },
    }
  })

const expiryErrands = (deps: SweeperDeps, limit: number): readonly Errand[] =>
  deps.store.deadlines(limit).map(({ id, dueMs }) => ({
    key: `expiry/${toHex(id)}`,
    dueMs: dueMs + expiryPatienceMs + turnMsOf(deps, { objectId: id, step: 0 }, deps.epochs.newest().committee),
    orderAt: () => expiryOrder(deps, id),
    // Too early by the clocks of others.
    refused: async () => undefined,
  }))

/** Nobody has to sign what time alone brings about. */
const expiryOrder = ({ store, rules }: SweeperDeps, id: Uint8Array): AuthorisedTx | null => {
  const state = store.escrow(id)
  const expiry = state === null ? null : expiryOf(state, rules.limits)
  if (state === null || expiry === null) return null
  const { step, headHash, governance } = state
  const position = { objectId: id, step: step + 1, previousHash: headHash, governance, next: governance }
  const tx: EscrowTx = { version: 1, type: 'escrow', ...position, body: { kind: expiry.move } }
  return { tx, authorisations: [] }
}
