import { equalBytes, toHex } from '../platform/bytes.ts'
import type { Clock } from '../platform/clock.ts'
import { fail, ok, type Result } from '../platform/result.ts'
import type { SettlementAnswer, SettlementRequest } from './bundle.ts'
import { decreeProblem } from './certificate.ts'
import type { FetchFailure } from './driver-port.ts'
import type { Epochs } from './epochs.ts'
import { contradictingFinals, type EvidenceSink } from './evidence.ts'
import { openEscrow } from '../escrow/model.ts'
import { txHash } from './encoding.ts'
import { quorumOf, type AccountId, type Committee, type Decree, type ObjectId, type Witness } from './objects.ts'
import type { WitnessClient } from './witness-client.ts'

/**
 * Catching up. One honest witness among q has every decree that a quorum could know of, and decrees prove themselves; so q answers
 * are enough, the longest valid chain is the right one, and lies can only be short.
 */

export type Ask = {
  readonly client: WitnessClient
  readonly clock: Clock
  readonly epochs: Epochs
  readonly found: EvidenceSink
  /** The epoch of the object's last step known here; by default the first, in which accounts are born. */
  readonly epoch?: number
  readonly signal?: AbortSignal
}

export const fetchObject = async (ask: Ask, objectId: ObjectId, fromStep: number): Promise<Result<readonly Decree[], FetchFailure>> => {
  const pulled = await pullFromQuorum(ask, (witness) => fetchFrom(ask, witness, objectId, fromStep))
  if (!pulled.ok) return pulled
  contradictingFinals(pulled.value.flat()).forEach(ask.found)
  return ok(pulled.value.reduce((longest, chain) => (chain.length > longest.length ? chain : longest), []))
}

/** Learns the epochs that began since the newest one known here; true when there were any. */
export const learnEpochs = async (ask: Ask): Promise<boolean> => {
  const { epochs } = ask
  const before = epochs.newest().committee.epoch
  await pullFromQuorum({ ...ask, epoch: before }, async (witness) => {
    for (let known = -1; known < epochs.newest().committee.epoch;) {
      known = epochs.newest().committee.epoch
      const answer = await ask.client.ask(witness, { kind: 'fetch-object', objectId: epochs.federationId, fromStep: known + 1 }, ask.signal)
      if (answer?.kind !== 'decrees') return null
      if (answer.decrees.some((decree) => epochs.take(decree) !== null)) ask.client.report(witness, 'an epoch that does not hold')
    }
    return []
  })
  return epochs.newest().committee.epoch > before
}

/** The union of what the witnesses show, since each of them may have missed something. */
export const fetchInbox = (ask: Ask, account: AccountId): Promise<Result<readonly Decree[], FetchFailure>> =>
  fetchUnion(ask, (after) => ({ kind: 'fetch-inbox', account, after }))

export const fetchUnion = async (
  ask: Ask,
  pageFrom: (after: number) => SettlementRequest,
): Promise<Result<readonly Decree[], FetchFailure>> => {
  const pulled = await pullFromQuorum(ask, (witness) => pullPages(ask, witness, pageFrom, 0, () => 'next'))
  if (!pulled.ok) return pulled
  return ok([...new Map(pulled.value.flat().map((decree) => [toHex(txHash(decree.tx)), decree])).values()])
}

/**
 * Asks the committee of this epoch and the newest one, for between them the object may have moved. Waits for q answers of each, not for
 * all: f witnesses may never answer. Of a committee that has gone too few may be left; then the other one alone is enough.
 */
export const pullFromQuorum = <T>(
  { epochs, epoch = 0 }: Ask,
  pull: (witness: Witness) => Promise<T | null>,
): Promise<Result<readonly T[], FetchFailure>> =>
  new Promise((resolve, reject) => {
    const committees = [...new Set([epochs.get(epoch)?.committee ?? epochs.newest().committee, epochs.newest().committee])]
    const witnesses = new Map(committees.flatMap((committee) => committee.witnesses).map((witness) => [toHex(witness.publicKey), witness]))
    const answers = new Map<string, T | null>()
    const settle = (key: string, answer: T | null): void => {
      answers.set(key, answer)
      const standings = committees.map((committee) => standingOf(committee, answers))
      if (standings.includes('waiting')) return
      const shown = [...answers.values()].filter((one): one is Awaited<T> & T => one !== null)
      resolve(standings.includes('answered') ? ok(shown) : noQuorum)
    }
    for (const [key, witness] of witnesses) pull(witness).then((answer) => settle(key, answer), reject)
  })

const standingOf = (committee: Committee, answers: ReadonlyMap<string, unknown>): 'answered' | 'silent' | 'waiting' => {
  const heard = committee.witnesses.map(({ publicKey }) => answers.get(toHex(publicKey)))
  if (heard.filter((answer) => answer !== undefined && answer !== null).length >= quorumOf(committee)) return 'answered'
  return heard.filter((answer) => answer === null).length > committee.faults ? 'silent' : 'waiting'
}

export const noQuorum = fail('no-quorum', 'Too few witnesses can be reached to learn the newest state. Check the connection and try again.')

/** What one witness shows of an object, up to the first thing that does not hold; null when it does not answer. */
export const fetchFrom = (ask: Ask, witness: Witness, objectId: ObjectId, fromStep: number): Promise<readonly Decree[] | null> => {
  let previous: Decree | null = null
  const place = (decree: Decree): Place => {
    const belongs = equalBytes(decree.tx.objectId, objectId) || (fromStep === 0 && isOpeningOf(decree, objectId))
    if (!belongs) return 'foreign'
    const follows = previous === null ? decree.tx.step === fromStep || isOpeningOf(decree, objectId) : isNext(previous, decree, objectId)
    previous = decree
    return follows ? 'next' : 'later'
  }
  return pullPages(ask, witness, (from) => ({ kind: 'fetch-object', objectId, fromStep: from }), fromStep, place)
}

/** An escrow's step 0 is the account step that opened it. */
const isOpeningOf = ({ tx }: Decree, objectId: ObjectId): boolean =>
  tx.type === 'account' && openEscrow(tx) !== null && equalBytes(txHash(tx), objectId)

const isNext = (previous: Decree, next: Decree, objectId: ObjectId): boolean => {
  const previousStep = isOpeningOf(previous, objectId) ? 0 : previous.tx.step
  return next.tx.step === previousStep + 1 && equalBytes(next.tx.previousHash, txHash(previous.tx))
}

/** A hundred thousand steps; whoever has more asks again from there. */
const maxPages = 2_000

/** A long-lived stream may have died unnoticed; the next question opens a new one. */
const attempts = 3
const pauseMs = 200

export const askPatiently = async (
  { client, clock, signal }: Ask,
  witness: Witness,
  request: SettlementRequest,
): Promise<SettlementAnswer | null> => {
  for (let attempt = 1; attempt < attempts && signal?.aborted !== true; attempt++) {
    const answer = await client.ask(witness, request, signal)
    if (answer !== null) return answer
    await new Promise<void>((resolve) => clock.after(pauseMs, resolve))
  }
  return client.ask(witness, request, signal)
}

/** Where a decree belongs: here, after a gap of a witness that missed a step, or nowhere in what was asked for. */
type Place = 'next' | 'later' | 'foreign'

/** What one witness shows, up to the first gap or the first thing that does not hold; null when it does not answer. */
const pullPages = async (
  ask: Ask,
  witness: Witness,
  pageFrom: (cursor: number) => SettlementRequest,
  firstCursor: number,
  placeOf: (decree: Decree) => Place,
): Promise<readonly Decree[] | null> => {
  const decrees: Decree[] = []
  let cursor = firstCursor
  for (let page = 0; page < maxPages; page++) {
    const answer = await askPatiently(ask, witness, pageFrom(cursor))
    if (answer?.kind !== 'decrees') return null
    for (const decree of answer.decrees) {
      const place = placeOf(decree)
      const first = place === 'foreign' ? 'wrong-object' : decreeProblem(decree, ask.epochs)
      // It may be the first sign of a committee that is not known here.
      const problem = first === 'unknown-epoch' && (await learnEpochs(ask)) ? decreeProblem(decree, ask.epochs) : first
      // For all this node can tell it is true.
      if (problem === 'unknown-epoch') return decrees
      if (problem !== null) {
        ask.client.report(witness, 'a decree that does not hold')
        return decrees
      }
      if (place === 'later') return decrees
      decrees.push(decree)
    }
    if (answer.next === null || answer.next <= cursor) return decrees
    cursor = answer.next
  }
  return decrees
}
