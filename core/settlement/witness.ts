import type { Signer } from '../identity/signing.ts'
import type { Network } from '../network/port.ts'
import { equalBytes, toHex } from '../platform/bytes.ts'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import type { Random } from '../platform/random.ts'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'
import { decodeRequest, encodeAnswer, maxPageBytes, type SettlementAnswer, type SettlementRequest } from './bundle.ts'
import { encodeDecree } from './encoding.ts'
import { committeeNamed, type Epochs } from './epochs.ts'
import type { Driver } from './driver-port.ts'
import type { EvidenceSink } from './evidence.ts'
import { createFacts, type Facts } from './facts.ts'
import type { AuthorisedTx, Credit, Decree, EscrowState, ObjectId } from './objects.ts'
import { createRecent } from './recent.ts'
import { refusalTexts, type RefusalCode } from './refusals.ts'
import type { SettlementRules } from './rules.ts'
import type { SeedKey } from './seed-share.ts'
import { startDuties, type Duties } from './witness-duties.ts'
import { exchangeRegister, type WitnessSeat } from './witness-register.ts'
import type { WitnessMemory, WitnessStore } from './witness-store.ts'

export type WitnessDeps = {
  readonly store: WitnessStore
  /** Votes wherever a committee names its key. */
  readonly signer: Signer
  /** Belongs to that key. */
  readonly seedKey: SeedKey
  readonly epochs: Epochs
  readonly rules: SettlementRules
  readonly genesisCredits: readonly Credit[]
  readonly clock: Clock
  readonly log: Log
  /** From `resumeMemory`: a witness that may have forgotten a vote casts no more. */
  readonly isRetired: boolean
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
  /** From now on it votes no more: the federation has contradicted itself. */
  readonly halt: () => void
  /** By how much the other witnesses' clocks are ahead of its own; null as long as it does not know. */
  readonly clockOffsetMs: () => number | null
  /** Answers the settlement protocol; questions that arrive together share a commit. */
  readonly serve: (network: Network, nextTurn?: NextTurn) => void
}

export const createWitness = (deps: WitnessDeps): Witness => {
  const { epochs, log } = deps
  let duties: Duties | null = null
  const store = announcing(deps.store, () => duties?.sweeper.update())
  const listeners: EvidenceSink[] = []
  const found: EvidenceSink = (evidence) => listeners.forEach((listener) => listener(evidence))
  const facts = createFacts(store, epochs, deps.rules, deps.genesisCredits, found)
  let isHalted = false
  const giveShare = createShares(deps.seedKey, epochs)
  /** Why this witness votes no more, or not now. */
  const standsAside = (): RefusalCode | null => {
    if (isHalted) return 'halted'
    if (deps.isRetired) return 'retired'
    return duties?.clockCheck.isOff() === true ? 'clock-off' : null
  }

  const answer = (request: SettlementRequest, nowMs: number): SettlementAnswer => {
    switch (request.kind) {
      case 'exchange':
        return answerExchange({ ...deps, store, found }, facts, request, nowMs, standsAside())
      case 'inform': {
        const refusal = facts.take(request.decrees)
        const last = request.decrees.at(-1)
        if (refusal !== null) return refused(refusal)
        return { kind: 'informed', headStep: last === undefined ? -1 : facts.headStep(last.tx.objectId) }
      }
      case 'fetch-object':
        return pageOfObject(store, request.objectId, request.fromStep)
      case 'fetch-inbox':
        return pageOfInbox(store, request.account, request.after)
      case 'fetch-share': {
        const refusal = facts.take(request.decrees)
        return refusal === null ? giveShare(store.escrow(request.escrowId)) : refused(refusal)
      }
      case 'clock':
        return { kind: 'clock', nowMs }
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
        publicKey: deps.signer.publicKey,
        network,
        driver,
        proofsFor: (order) => proofsFor(store, order),
      })
      return duties.stop
    },
    onEvidence: (listener) => void listeners.push(listener),
    halt: () => {
      isHalted = true
    },
    clockOffsetMs: () => duties?.clockCheck.offsetMs() ?? null,
  }
}

/** `isHostile`: no correct driver asks this, and to find that out cost some 40 ms. */
type Answered = { readonly bytes: Uint8Array; readonly isHostile: boolean }

/**
 * Compares the file with what the vault remembers of it and starts a new generation; the vault must store the answer before the
 * witness serves. A file that is another one, or a copy from an earlier start, may lack votes that were cast: its key is retired.
 * A copy taken since the last start looks like the file itself; the vault is not written with every vote.
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
  const { epochs, store, signer, rules, found } = deps
  const { governance, objectId, step } = request.register
  if (!equalBytes(governance.federationId, epochs.federationId)) return refused('wrong-federation')
  const refusal = facts.take(request.decrees)
  if (refusal !== null) return refused(refusal)
  const decree = facts.decree(objectId, step)
  if (decree !== null) return { kind: 'decided', decree }
  if (standsAside !== null) return refused(standsAside)
  const committee = committeeNamed(epochs, governance)
  if (committee === null) return refused('unknown-epoch')
  const me = committee.witnesses.findIndex(({ publicKey }) => equalBytes(publicKey, signer.publicKey))
  if (me < 0) return refused('no-seat')
  const seat: WitnessSeat = { store, facts, committee, rules, signer, me, found }
  return exchangeRegister(seat, request, nowMs)
}

const refused = (refusal: RefusalCode): SettlementAnswer => ({ kind: 'refused', refusal })
const internalError: Answered = { bytes: encodeAnswer(refused('internal')), isHostile: false }

/**
 * A share is given only once the dispute is final here. It is the same every time and takes some 15 ms to make, so whoever asks often
 * gets the one that was made.
 */
const createShares = (seedKey: SeedKey, epochs: Epochs) => {
  const made = createRecent<Uint8Array>(maxShares)
  return (escrow: EscrowState | null): SettlementAnswer => {
    if (escrow === null) return refused('missing-history')
    if (escrow.dispute === null) return refused('wrong-phase')
    const seats = committeeNamed(epochs, escrow.governance)?.witnesses ?? []
    if (!seats.some((seat) => equalBytes(seat.seedKey, seedKey.publicKey))) return refused('wrong-governance')
    const { txHash: disputeHash } = escrow.dispute
    const name = { federationId: epochs.federationId, escrowId: escrow.id, disputeHash }
    const share = made.get(toHex(disputeHash)) ?? seedKey.share(name)
    made.set(toHex(disputeHash), share)
    return { kind: 'share', share }
  }
}
const maxShares = 1_024

/** Up to the first step that this witness missed: what comes after it proves nothing without it. */
const pageOfObject = (store: WitnessStore, id: ObjectId, fromStep: number): SettlementAnswer => {
  const decrees: Decree[] = []
  let pageBytes = 0
  for (const decree of store.decrees(id, fromStep, maxPageDecrees)) {
    pageBytes += encodeDecree(decree).length
    // A witness may know a later step and not the one before it. An escrow's step 0 is the account step that opened it.
    const isNext = equalBytes(decree.tx.objectId, id) ? decree.tx.step === fromStep + decrees.length : fromStep + decrees.length === 0
    if (pageBytes > maxPageBytes || !isNext) break
    decrees.push(decree)
  }
  const next = fromStep + decrees.length
  return { kind: 'decrees', decrees, next: store.decidedAt(id, next) === null ? null : next }
}

/** A page of history: some 100 kB with four witnesses. */
const maxPageDecrees = 64
/** Each may need the five decrees of an escrow. */
const maxPageCredits = 16

const pageOfInbox = (store: WitnessStore, account: ObjectId, after: number): SettlementAnswer => {
  const rows = store.inbox(account, after, maxPageCredits)
  const decrees: Decree[] = []
  let pageBytes = 0
  let next = after
  for (const { sequence, object, step } of rows) {
    const proof = proofAt(store, object, step)
    pageBytes += proof.reduce((sum, decree) => sum + encodeDecree(decree).length, 0)
    if (pageBytes > maxPageBytes) break
    decrees.push(...proof)
    next = sequence
  }
  return { kind: 'decrees', decrees, next: rows.length === 0 || next === after ? null : next }
}

/** A transfer proves its credit alone; an escrow's payout needs its whole chain, which starts with the decree that opened it. */
const proofAt = (store: WitnessStore, object: ObjectId, step: number): readonly Decree[] => {
  const decree = store.decree(object, step)
  if (decree === null) return []
  return decree.tx.type === 'account' ? [decree] : store.decrees(object, 0, step + 1)
}

/** The proofs of what an order claims, as far as they are here; genesis needs none. */
const proofsFor = (store: WitnessStore, { tx }: AuthorisedTx): readonly Decree[] =>
  tx.type !== 'account'
    ? []
    : tx.body.claims.flatMap((id) => {
        const place = store.creditPlace(id)
        return place === null ? [] : proofAt(store, place.object, place.step)
      })

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
