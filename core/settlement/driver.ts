import type { Network } from '../network/port.ts'
import { equalBytes, toHex } from '../platform/bytes.ts'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import { err, fail, ok, type Result } from '../platform/result.ts'
import type { DecideOptions, Driver, DriverOptions, FetchFailure, FetchOptions } from './driver-port.ts'
import type { SettlementAnswer } from './bundle.ts'
import { txHash } from './encoding.ts'
import { committeeNamed, epochAt, type Epochs } from './epochs.ts'
import type { EvidenceSink } from './evidence.ts'
import { fetchInbox, fetchObject, learnEpochs, type Ask } from './fetch.ts'
import { fetchCredits, fetchEscrows, fetchKeys, fetchTimes, fetchUndecided } from './fetch-member.ts'
import { fetchShares } from './fetch-shares.ts'
import type { AuthorisedTx, Committee, Decree, Witness as WitnessIdentity } from './objects.ts'
import { refusalTexts, type RefusalCode } from './refusals.ts'
import { createSession, type Outcome, type Session } from './session.ts'
import { skipAfterMs } from './register.ts'
import { createWitnessClient, type WitnessClient } from './witness-client.ts'
import type { Witness } from './witness.ts'

export type DriverDeps = {
  readonly network: Network
  readonly epochs: Epochs
  readonly clock: Clock
  readonly log: Log
  /** This node's own witness, when it is one. */
  readonly ownWitness?: Witness | null
  /** Hears of every contradiction between signed statements that it meets; must not throw. */
  readonly found?: EvidenceSink
  /** Two contradicting steps were certified: nothing more is submitted to this federation. */
  readonly isHalted?: () => boolean
}

const defaultTimeoutMs = 15_000
/** An undecided register is looked at this often (settlement.md §3.2). */
const pollMs = 1_000
/** An unreachable witness is tried again after 100 ms, then 200 ms, up to 2 s. */
const backoffMs = (failures: number): number => Math.min(100 * 2 ** (failures - 1), 2_000)

/**
 * Drives registers to their decision: one conversation with each witness, in which whatever one of them says is shown to the others
 * as soon as it matters. Without conflict that is two round trips, notarize and finalize.
 */
export const createDriver = (deps: DriverDeps): Driver => {
  const { clock, epochs, log } = deps
  const own = deps.ownWitness ?? null
  const found = deps.found ?? (() => undefined)
  const client = createWitnessClient(deps.network, own === null ? null : { witness: own, nowMs: clock.nowMs })
  const tools = { client, clock, epochs, found }

  const within = async <T>(
    options: DriverOptions | undefined,
    work: (signal: AbortSignal) => Promise<Result<T, FetchFailure>>,
  ): Promise<Result<T, FetchFailure>> => {
    if (deps.isHalted?.() === true) return fail('no-quorum', refusalTexts.halted)
    const stop = new AbortController()
    const cancelTimer = clock.after(options?.timeoutMs ?? defaultTimeoutMs, () => stop.abort())
    const signal = options?.signal === undefined ? stop.signal : AbortSignal.any([options.signal, stop.signal])
    try {
      const result = await work(signal)
      return options?.signal?.aborted === true && !result.ok ? fail('aborted', 'Stopped before the witnesses had answered.') : result
    } finally {
      cancelTimer()
      stop.abort()
    }
  }

  /** Shows a witness what was decided, and what came before it if this witness was away then. */
  const inform = async (witness: WitnessIdentity, decree: Decree): Promise<void> => {
    const { objectId, step, governance } = decree.tx
    const answer = await client.ask(witness, { kind: 'inform', decrees: [decree] })
    if (answer?.kind === 'refused' && answer.refusal === 'unknown-epoch') await client.tell(witness, [...epochs.chain(), decree])
    if (answer?.kind !== 'informed' || answer.headStep >= step) return
    const missed = await fetchObject({ ...tools, epoch: governance.epoch }, objectId, answer.headStep + 1)
    if (missed.ok) await client.tell(witness, missed.value)
  }
  const informAll = (decree: Decree): void => {
    // Those of a new committee hear of it too.
    if (decree.tx.type === 'federation') epochs.take(decree)
    for (const witness of concernedBy(epochs, decree)) {
      inform(witness, decree).catch((error: unknown) => {
        log.write('warn', 'could not hand on a decree', { peerId: witness.peerId, reason: String(error) })
      })
    }
  }

  const decideOrder: Driver['decide'] = async (order, supporting, options) => {
    if (!equalBytes(order.tx.governance.federationId, epochs.federationId)) return refusedBecause('wrong-federation')
    let outcome = refusedBecause('unknown-epoch')
    for (let isNews = true; isNews; isNews = await learnEpochs(tools)) {
      for (const committee of committeesFor(order, epochs, clock.nowMs())) {
        outcome = await decide({ ...tools, committee, log }, order, supporting, options)
        if (!isChangingOver(outcome)) return outcome
      }
    }
    return isChangingOver(outcome) ? changingOver : outcome
  }

  const fetching = <T>(options: FetchOptions | undefined, fetch: (ask: Ask) => Promise<Result<T, FetchFailure>>) =>
    within(options, (signal) => fetch({ ...tools, epoch: options?.epoch ?? 0, signal }))

  return {
    decide: async (order, supporting, options) => {
      if (deps.isHalted?.() === true) return refusedBecause('halted')
      const outcome = await decideOrder(order, supporting, options)
      if (outcome.ok) informAll(outcome.value)
      else if (outcome.error.code === 'conflict') informAll(outcome.error.decree)
      return outcome
    },
    fetchObject: (objectId, fromStep, options) => fetching(options, (ask) => fetchObject(ask, objectId, fromStep)),
    fetchShares: (disputed, chain, options) => within(options, (signal) => fetchShares({ ...tools, signal }, disputed, chain)),
    fetchInbox: (account, options) => fetching(options, (ask) => fetchInbox(ask, account)),
    fetchKeys: (account, options) => fetching(options, (ask) => fetchKeys(ask, account)),
    fetchCredits: (credits, options) => fetching(options, (ask) => fetchCredits(ask, credits)),
    fetchEscrows: (provider, options) => fetching(options, (ask) => fetchEscrows(ask, provider)),
    fetchTimes: (decrees, options) => fetching(options, (ask) => fetchTimes(ask, decrees)),
    fetchUndecided: (register, options) => fetching(options, (ask) => fetchUndecided(ask, register)),
    learnEpochs: async (options) => {
      const learnt = await fetching(options, async (ask) => ok(await learnEpochs(ask)))
      return learnt.ok && learnt.value
    },
  }
}

/** Everybody who decided this step, will decide the next one, or has to answer for it later. */
const concernedBy = (epochs: Epochs, { tx, certificate }: Decree): readonly WitnessIdentity[] => {
  const named = [tx.governance, tx.next, certificate.statement.governance].map((governance) => committeeNamed(epochs, governance))
  const witnesses = [...named, epochs.newest().committee].flatMap((committee) => committee?.witnesses ?? [])
  return [...new Map(witnesses.map((witness) => [toHex(witness.publicKey), witness])).values()]
}

/**
 * Whom to ask, one after the other: the committee that the order names; for an account also the newest one, which takes over what that
 * committee left behind. Once it may have left, the newest comes first.
 */
const committeesFor = ({ tx }: AuthorisedTx, epochs: Epochs, nowMs: number): readonly Committee[] => {
  const own = epochs.get(tx.governance.epoch)
  const newest = epochAt(epochs, nowMs).committee
  if (own === null) return []
  if (tx.type !== 'account' || newest.epoch <= own.committee.epoch) return [own.committee]
  return own.closesAtMs !== null && nowMs >= own.closesAtMs ? [newest, own.committee] : [own.committee, newest]
}

/** Said by committees that hand over or take over; another one may decide, and if not, they will have done so soon. */
const isChangingOver = (outcome: Outcome): boolean =>
  !outcome.ok && outcome.error.code === 'refused' && changeovers.includes(outcome.error.reason)
const changeovers: readonly RefusalCode[] = ['epoch-closed', 'not-taken-over', 'no-seat']
const changingOver: Outcome = fail('timeout', 'The witnesses of this federation are changing over. It is kept and tried again.')

const refusedBecause = (reason: RefusalCode): Outcome => err({ code: 'refused', message: refusalTexts[reason], reason })

type Tools = {
  readonly client: WitnessClient
  readonly clock: Clock
  readonly epochs: Epochs
  /** Decides this order. */
  readonly committee: Committee
  readonly found: EvidenceSink
  readonly log: Log
}

/** Runs one conversation for each witness until the first outcome, the time limit or the caller's signal. */
const decide = (tools: Tools, order: AuthorisedTx, supporting: readonly Decree[], options: DecideOptions | undefined): Promise<Outcome> =>
  new Promise((resolve, reject) => {
    const { clock, committee } = tools
    const session = createSession(order, committee, tools.epochs, tools.found)
    const stop = new AbortController()
    const news = createNews(clock, stop.signal)
    const timers = [
      clock.after(options?.timeoutMs ?? defaultTimeoutMs, () => finish({ ok: false, error: session.giveUp() })),
      clock.after(skipAfterMs(0), () => {
        session.overdue()
        news.tell()
      }),
    ]
    const abort = (): void => finish(fail('aborted', 'Stopped before the witnesses had decided. The order may still become final.'))
    const end = (): void => {
      options?.signal?.removeEventListener('abort', abort)
      for (const cancel of timers) cancel()
      stop.abort()
    }
    const finish = (outcome: Outcome): void => {
      end()
      resolve(outcome)
    }
    options?.signal?.addEventListener('abort', abort)
    if (options?.signal?.aborted === true) return abort()

    const ownSteps = options?.ownSteps ?? (() => [])
    const talk: Conversation = { ...tools, session, supporting, ownSteps, signal: stop.signal, news }
    committee.witnesses.forEach((_, index) => {
      converse(talk, index, () => {
        const outcome = session.outcome()
        if (outcome !== null) finish(outcome)
        else news.tell()
      }).catch((error: unknown) => {
        end()
        reject(error instanceof Error ? error : new Error(String(error)))
      })
    })
  })

type Conversation = Tools & {
  readonly session: Session
  readonly supporting: readonly Decree[]
  readonly ownSteps: (fromStep: number) => readonly Decree[]
  readonly signal: AbortSignal
  readonly news: News
}

/** Asks one witness, and again whenever there is something it should hear of, or at every poll. */
const converse = async (talk: Conversation, index: number, heard: () => void): Promise<void> => {
  const { client, committee, session, signal, news } = talk
  const witness = committee.witnesses[index]
  if (witness === undefined) return
  let failures = 0
  let proofs: readonly Decree[] = talk.supporting
  let hasCaughtUp = false
  let hasToldEpochs = false
  while (!signal.aborted) {
    const fits = await client.tellAhead(witness, proofs, signal)
    const told = session.milestones()
    const asked = await client.ask(witness, { kind: 'exchange', register: session.register, ...session.bundle(), decrees: fits }, signal)
    if (isOfUnknownEpoch(talk.epochs, asked)) await learnEpochs(talk)
    if (signal.aborted) return
    const answer = isOfUnknownEpoch(talk.epochs, asked) ? null : asked
    if (lacksEpoch(answer) && !hasToldEpochs) {
      hasToldEpochs = true
      await client.tell(witness, talk.epochs.chain(), signal)
      continue
    }
    if (answer?.kind === 'open' && answer.refusal === 'missing-history' && !hasCaughtUp) {
      hasCaughtUp = true
      proofs = [...(await historyFrom(talk, answer.headStep + 1)), ...talk.supporting]
      continue
    }
    const lie = answer === null ? null : session.take(index, answer)
    if (lie !== null) client.report(witness, `settlement: ${lie}`)
    failures = answer === null || lie !== null || answer.kind === 'refused' ? failures + 1 : 0
    if (failures === 0) proofs = session.refusalOf(index) === null ? [] : talk.supporting
    heard()
    if (failures > 0) await news.pause(backoffMs(failures))
    else await news.until(() => session.milestones() > told, pollMs)
  }
}

/** Decided by a committee that this node has not heard of: it can neither be believed nor be called a lie. */
const isOfUnknownEpoch = (epochs: Epochs, answer: SettlementAnswer | null): boolean => {
  if (answer?.kind !== 'decided') return false
  const { federationId, epoch } = answer.decree.certificate.statement.governance
  return equalBytes(federationId, epochs.federationId) && epochs.get(epoch) === null
}

const lacksEpoch = (answer: SettlementAnswer | null): boolean =>
  (answer?.kind === 'refused' || answer?.kind === 'open') && answer.refusal === 'unknown-epoch'

/** The steps of this object that a witness lacks: from what the caller has, else from the other witnesses. */
const historyFrom = async (
  { client, clock, epochs, found, session, supporting, ownSteps, signal }: Conversation,
  fromStep: number,
): Promise<readonly Decree[]> => {
  const { objectId, step } = session.register
  const given = [...supporting, ...ownSteps(fromStep)].filter(({ tx }) => equalBytes(tx.objectId, objectId) && tx.step >= fromStep)
  if (new Set(given.map(({ tx }) => toHex(txHash(tx)))).size >= step - fromStep) return given
  const fetched = await fetchObject({ client, clock, epochs, found, epoch: session.order.tx.governance.epoch, signal }, objectId, fromStep)
  if (!fetched.ok) return given
  const last = fetched.value.at(-1)?.tx.step ?? fromStep - 1
  return [...fetched.value, ...given.filter(({ tx }) => tx.step > last)]
}

type News = ReturnType<typeof createNews>

/** Lets conversations wait for each other: until something is news, a time has passed, or all is over. */
const createNews = (clock: Clock, signal: AbortSignal) => {
  const waiting = new Set<() => void>()
  const tell = (): void => {
    for (const check of waiting) check()
  }
  signal.addEventListener('abort', tell)
  const until = (isNews: () => boolean, atMostMs: number): Promise<void> =>
    new Promise((resolve) => {
      const done = (): void => {
        cancel()
        waiting.delete(check)
        resolve()
      }
      const check = (): void => {
        if (signal.aborted || isNews()) done()
      }
      const cancel = clock.after(atMostMs, done)
      waiting.add(check)
      check()
    })
  return { tell, until, pause: (forMs: number) => until(() => false, forMs) }
}
