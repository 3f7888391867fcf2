import type { Signer } from '../identity/signing.ts'
import type { Network } from '../network/port.ts'
import { equalBytes } from '../platform/bytes.ts'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import type { Random } from '../platform/random.ts'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'
import { decodeRequest, encodeAnswer, type SettlementAnswer, type SettlementRequest } from './bundle.ts'
import { answerHandOver } from './closing.ts'
import type { Driver } from './driver-port.ts'
import type { EvidenceSink, Finals } from './evidence.ts'
import { createFacts, type Facts } from './facts.ts'
import type { AccountId, Bytes32, Credit, Decree } from './objects.ts'
import { hasForgottenDecree, hasForgottenVote } from './own-signatures.ts'
import { answerMember, isForMembers, maySpeakFor } from './member-answers.ts'
import { pageOfLog, proofsFor } from './pages.ts'
import { refusalTexts, type RefusalCode } from './refusals.ts'
import type { SettlementRules } from './rules.ts'
import { seatIn } from './seat.ts'
import type { SeedKey } from './seed-share.ts'
import { createShares } from './share-giver.ts'
import { createSuccessor, isNewcomer, type Successor } from './successor.ts'
import { testimonyOf } from './testimony.ts'
import { startDuties, type Duties } from './witness-duties.ts'
import { exchangeRegister } from './witness-register.ts'
import type { WitnessMemory, WitnessStore } from './witness-store.ts'

export type WitnessDeps = {
  readonly store: WitnessStore
  /** Votes wherever a committee names its key. */
  readonly signer: Signer
  /** Belongs to that key. */
  readonly seedKey: SeedKey
  readonly rules: SettlementRules
  readonly genesisCredits: readonly Credit[]
  readonly clock: Clock
  readonly log: Log
  /** From `resumeMemory`: a witness that may have forgotten a vote casts no more. */
  readonly isRetired: boolean
  /** It was shown a vote of its own that its file does not hold; the vault must remember that this key votes no more. */
  readonly onForgotten?: () => void
}

/** Runs something once everything that has arrived by now was taken in. */
export type NextTurn = (run: () => void) => void

export type Witness = {
  /** Answers one question; never throws. `nowMs` is this witness's own clock. */
  readonly exchange: (payload: Uint8Array, nowMs: number) => Uint8Array
  /** The same for many at the cost of one commit. */
  readonly exchangeAll: (payloads: readonly Uint8Array[], nowMs: number) => readonly Uint8Array[]
  /** Sees things through with this driver and watches its clock, until the returned function is called. */
  readonly attend: (network: Network, driver: Driver) => () => void
  /** Every contradiction that it meets, as often as it meets it; whoever listens must not throw. */
  readonly onEvidence: (listener: EvidenceSink) => void
  /** Who says whose guilt is proven: it votes for no committee with one of them. What others have certified stands all the same. */
  readonly heedConvictions: (isConvicted: (publicKey: Bytes32) => boolean) => void
  /** From now on it votes no more: the federation has contradicted itself. */
  readonly halt: () => void
  /** What it kept against those who made both final goes to those who listen for evidence. */
  readonly testify: (finals: Finals) => void
  /** By how much the other witnesses' clocks are ahead of its own; null as long as it does not know. */
  readonly clockOffsetMs: () => number | null
  /** Answers the settlement protocol; questions that arrive together share a commit. */
  readonly serve: (network: Network, nextTurn?: NextTurn) => void
  readonly successor: Successor
  /** Whether this key is one of an account that has or is owed something. */
  readonly maySpeakFor: (account: AccountId, key: Bytes32) => boolean
  /** Shows it decrees, oldest first, as a member would. */
  readonly inform: (decrees: readonly Decree[]) => RefusalCode | null
}

export const createWitness = (deps: WitnessDeps): Witness => {
  const { rules, log } = deps
  let duties: Duties | null = null
  const store = announcing(deps.store, () => duties?.sweeper.update())
  const listeners: EvidenceSink[] = []
  let isConvicted = (_publicKey: Bytes32): boolean => false
  const found: EvidenceSink = (evidence) => listeners.forEach((listener) => listener(evidence))
  const facts = createFacts(store, rules, deps.genesisCredits, found, (key) => isConvicted(key), deps.clock.nowMs)
  const known = { store, rules, facts, publicKey: deps.signer.publicKey }
  let isHalted = false
  let hasForgotten = false
  /** The file was rolled back: from now on this key casts no vote, whatever becomes of the file. */
  const noticeForgotten = (request: SettlementRequest): void => {
    if (hasForgotten || deps.isRetired || (request.kind !== 'exchange' && request.kind !== 'inform')) return
    const votes = request.kind === 'exchange' && hasForgottenVote(known, request.register, request.votes)
    if (!votes && !request.decrees.some((decree) => hasForgottenDecree(known, decree))) return
    hasForgotten = true
    log.write('error', 'witness retired', { reason: 'shown a vote of its own that its file does not hold' })
    deps.onForgotten?.()
  }
  const giveShare = createShares(deps.seedKey, rules.epochs)
  /** Why this witness votes no more, or not now. */
  const standsAside = (): RefusalCode | null => {
    if (isHalted) return 'halted'
    if (deps.isRetired || hasForgotten) return 'retired'
    return duties?.clockCheck.isOff() === true ? 'clock-off' : null
  }

  const answer = (request: SettlementRequest, nowMs: number): SettlementAnswer => {
    noticeForgotten(request)
    if (isForMembers(request)) return isNewcomer(known) ? refused('catching-up') : answerMember(store, request)
    switch (request.kind) {
      case 'exchange':
        return answerExchange({ ...deps, store, found }, facts, request, nowMs, standsAside())
      case 'inform': {
        const refusal = facts.take(request.decrees)
        const last = request.decrees.at(-1)
        if (refusal !== null) return refused(refusal)
        return { kind: 'informed', headStep: last === undefined ? -1 : facts.headStep(last.tx.objectId) }
      }
      case 'fetch-share': {
        const refusal = facts.take(request.decrees)
        return refusal === null ? giveShare(store.escrow(request.escrowId)) : refused(refusal)
      }
      case 'clock':
        return { kind: 'clock', nowMs }
      case 'fetch-log':
        return pageOfLog(store, request.after)
      case 'hand-over': {
        if (deps.isRetired || hasForgotten) return refused('retired')
        const seat = seatIn(rules, deps.signer.publicKey, request.governance)
        return seat.ok ? answerHandOver({ ...deps, store, ...seat.value }, request, nowMs) : refused(seat.error.code)
      }
    }
  }

  const inTransaction = (payloads: readonly Uint8Array[], nowMs: number): readonly Answered[] =>
    store.transaction(() =>
      payloads.map((payload) => {
        const request = decodeRequest(payload)
        const given = request.ok ? answer(request.value, nowMs) : refused('malformed')
        return { bytes: encodeAnswer(given), isHostile: given.kind === 'open' && given.refusal === 'bad-share' }
      }),
    )

  const answerOne = (payload: Uint8Array, nowMs: number): Answered => {
    try {
      return inTransaction([payload], nowMs)[0] ?? internalError
    } catch (error) {
      log.write('error', 'exchange failed', { reason: error instanceof Error ? error.message : String(error) })
      return internalError
    }
  }

  const answerAll = (payloads: readonly Uint8Array[], nowMs: number): readonly Answered[] => {
    if (payloads.length === 1) return payloads.map((payload) => answerOne(payload, nowMs))
    try {
      return inTransaction(payloads, nowMs)
    } catch {
      // Nothing of the batch was stored. One question's trouble must not become another's.
      return payloads.map((payload) => answerOne(payload, nowMs))
    }
  }

  return {
    exchange: (payload, nowMs) => answerOne(payload, nowMs).bytes,
    exchangeAll: (payloads, nowMs) => answerAll(payloads, nowMs).map(({ bytes }) => bytes),
    serve: (network, nextTurn = setImmediate) =>
      serve(
        network,
        (payloads, nowMs) => {
          duties?.clockCheck.update()
          return answerAll(payloads, nowMs)
        },
        deps.clock,
        nextTurn,
      ),
    attend: (network, driver) => {
      duties = startDuties({
        ...deps,
        store,
        epochs: rules.epochs,
        publicKey: deps.signer.publicKey,
        network,
        driver,
        proofsFor: (order) => proofsFor(store, order),
      })
      return duties.stop
    },
    onEvidence: (listener) => void listeners.push(listener),
    heedConvictions: (heeded) => {
      isConvicted = heeded
    },
    halt: () => {
      isHalted = true
    },
    testify: (finals) => testimonyOf(known, finals).forEach(found),
    clockOffsetMs: () => duties?.clockCheck.offsetMs() ?? null,
    successor: createSuccessor(known),
    maySpeakFor: (account, key) => maySpeakFor(store, rules.federationId, account, key),
    inform: (decrees) => store.transaction(() => facts.take(decrees)),
  }
}

/** `isHostile`: no correct driver asks this, and to find that out cost some 40 ms. */
type Answered = { readonly bytes: Uint8Array; readonly isHostile: boolean }

/**
 * Compares the file with what the vault remembers of it and starts a new generation; the vault must store the answer before the
 * witness serves. A file that is another one, or a copy from an earlier start, may lack votes that were cast: its key is retired.
 * A copy taken since the last start looks like the file itself, since the vault is not written with every vote; it is noticed when
 * somebody shows a vote that it lacks (own-signatures.ts).
 */
export const resumeMemory = (
  store: WitnessStore,
  remembered: WitnessMemory | null,
  random: Random,
): Result<WitnessMemory, Failure<'retired'>> =>
  store.transaction(() => {
    const found = store.memory()
    if (found === null && remembered === null) {
      const dbId = random.bytes(32)
      store.initialise(dbId)
      return ok({ dbId, generation: 0 })
    }
    // Generation 0 has never voted: the vault may have missed its first write.
    const expected = remembered ?? (found?.generation === 0 ? found : null)
    if (found === null || expected === null || !equalBytes(found.dbId, expected.dbId) || found.generation < expected.generation)
      return fail('retired', refusalTexts.retired)
    const generation = found.generation + 1
    store.beginGeneration(generation)
    return ok({ dbId: found.dbId, generation })
  })

type Exchange = Extract<SettlementRequest, { readonly kind: 'exchange' }>

const answerExchange = (
  deps: WitnessDeps & { readonly found: EvidenceSink },
  facts: Facts,
  request: Exchange,
  nowMs: number,
  standsAside: RefusalCode | null,
): SettlementAnswer => {
  const { store, signer, rules, found } = deps
  const { governance, objectId, step } = request.register
  if (!equalBytes(governance.federationId, rules.federationId)) return refused('wrong-federation')
  const refusal = facts.take(request.decrees)
  if (refusal !== null) return refused(refusal)
  const decree = facts.decree(objectId, step)
  if (decree !== null) return { kind: 'decided', decree }
  if (standsAside !== null) return refused(standsAside)
  const seat = seatIn(rules, signer.publicKey, governance)
  if (!seat.ok) return refused(seat.error.code)
  // H1: no vote for an account leaves a closed epoch. Escrows stay with the committee they were born with.
  const isAccount = store.escrow(objectId) === null && !equalBytes(objectId, rules.federationId)
  if (isAccount && store.isClosed(governance.epoch)) return answerClosed(request)
  return exchangeRegister({ store, facts, rules, signer, found, ...seat.value }, request, nowMs)
}

/** An escrow that is not known here looks like an account until its opening is shown. */
const answerClosed = ({ orders }: Exchange): SettlementAnswer =>
  orders.some(({ tx }) => tx.type === 'escrow')
    ? { kind: 'open', orders: [], votes: [], proposals: [], carried: [], refusal: 'missing-history', headStep: -1 }
    : refused('epoch-closed')

const refused = (refusal: RefusalCode): SettlementAnswer => ({ kind: 'refused', refusal })
const internalError: Answered = { bytes: encodeAnswer(refused('internal')), isHostile: false }

/** Whatever has to be seen through is news to the sweeper. */
const announcing = (store: WitnessStore, tell: () => void): WitnessStore => ({
  ...store,
  saveOpenRegister: (register) => {
    store.saveOpenRegister(register)
    tell()
  },
  saveDeadline: (id, dueMs) => {
    store.saveDeadline(id, dueMs)
    tell()
  },
})

/** Questions that arrive in the same turn of the event loop are answered together, so that under load they share one disk write. */
const serve = (
  network: Network,
  answerAll: (payloads: readonly Uint8Array[], nowMs: number) => readonly Answered[],
  clock: Clock,
  nextTurn: NextTurn,
): void => {
  let waiting: { readonly payload: Uint8Array; readonly reply: (answer: Answered) => void }[] = []
  const flush = (): void => {
    const batch = waiting
    waiting = []
    const answers = answerAll(
      batch.map(({ payload }) => payload),
      clock.nowMs(),
    )
    batch.forEach(({ reply }, index) => reply(answers[index] ?? internalError))
  }
  network.serve(
    'settlement',
    (payload, from) =>
      new Promise((resolve) => {
        const reply = ({ bytes, isHostile }: Answered): void => {
          if (isHostile) network.reportMisbehaviour(from, 'settlement: shares that are not those of the right witnesses')
          resolve(bytes)
        }
        if (waiting.length === 0) nextTurn(flush)
        waiting.push({ payload, reply })
      }),
  )
}
