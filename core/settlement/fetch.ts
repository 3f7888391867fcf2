import { equalBytes, toHex } from '../platform/bytes.ts'
import type { Clock } from '../platform/clock.ts'
import { fail, ok, type Result } from '../platform/result.ts'
import type { SettlementAnswer, SettlementRequest } from './bundle.ts'
import { verifyDecree } from './certificate.ts'
import type { FetchFailure } from './driver-port.ts'
import type { Epochs } from './epochs.ts'
import { contradictingFinals, type EvidenceSink } from './evidence.ts'
import { openEscrow } from '../escrow/model.ts'
import { txHash } from './encoding.ts'
import { quorumOf, type AccountId, type Decree, type ObjectId, type Witness } from './objects.ts'
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
  readonly signal?: AbortSignal
}

export const fetchObject = async (ask: Ask, objectId: ObjectId, fromStep: number): Promise<Result<readonly Decree[], FetchFailure>> => {
  const pulled = await pullFromQuorum(ask, (witness) => pullChain(ask, witness, objectId, fromStep))
  if (!pulled.ok) return pulled
  contradictingFinals(pulled.value.flat()).forEach(ask.found)
  return ok(pulled.value.reduce((longest, chain) => (chain.length > longest.length ? chain : longest), []))
}

/** The union of what the witnesses show, since each of them may have missed something. */
export const fetchInbox = async (ask: Ask, account: AccountId): Promise<Result<readonly Decree[], FetchFailure>> => {
  const pulled = await pullFromQuorum(ask, (witness) =>
    pullPages(
      ask,
      witness,
      (after) => ({ kind: 'fetch-inbox', account, after }),
      0,
      () => 'next',
    ),
  )
  if (!pulled.ok) return pulled
  return ok([...new Map(pulled.value.flat().map((decree) => [toHex(txHash(decree.tx)), decree])).values()])
}

/** Waits for q answers, not for all: f witnesses may never answer. */
const pullFromQuorum = (
  { epochs }: Ask,
  pull: (witness: Witness) => Promise<readonly Decree[] | null>,
): Promise<Result<readonly (readonly Decree[])[], FetchFailure>> =>
  new Promise((resolve, reject) => {
    const { committee } = epochs.newest()
    const answers: (readonly Decree[])[] = []
    let silent = 0
    const settle = (answer: readonly Decree[] | null): void => {
      if (answer === null) silent++
      else answers.push(answer)
      if (answers.length >= quorumOf(committee)) resolve(ok([...answers]))
      else if (silent > committee.faults) resolve(noQuorum)
    }
    for (const witness of committee.witnesses) pull(witness).then(settle, reject)
  })

export const noQuorum = fail('no-quorum', 'Too few witnesses can be reached to learn the newest state. Check the connection and try again.')

const pullChain = (ask: Ask, witness: Witness, objectId: ObjectId, fromStep: number): Promise<readonly Decree[] | null> => {
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
      if (place === 'foreign' || !verifyDecree(decree, ask.epochs)) {
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
