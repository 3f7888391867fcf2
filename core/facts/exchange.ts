import { NetworkError, type Network, type PeerAddress } from '../network/port.ts'
import { equalBytes } from '../platform/bytes.ts'
import type { Clock } from '../platform/clock.ts'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'
import type { Bytes32 } from '../settlement/objects.ts'
import type { FactStore } from './store.ts'
import {
  factAnswers,
  factQueries,
  maxAnswerBytes,
  maxDays,
  maxIds,
  maxProofs,
  type DayDigest,
  type FactAnswer,
  type FactQuery,
} from './wire.ts'

/** How a node gets the facts it lacks from one that has them: only days that differ, only ids that are missing. */
type Known = Pick<FactStore, 'days' | 'digest' | 'ids' | 'proof' | 'has'>

export const answerFacts = (store: Known, payload: Uint8Array): Result<Uint8Array, Failure<'malformed'>> => {
  const query = factQueries.decode(payload)
  return query.ok ? ok(factAnswers.encode(answerTo(store, query.value))) : query
}

const answerTo = (store: Known, query: FactQuery): FactAnswer => {
  switch (query.kind) {
    case 'days':
      return { kind: 'days', days: store.days(maxDays).map((day) => ({ day, digest: store.digest(day) })) }
    case 'ids':
      return { kind: 'ids', ids: store.ids(query.day, query.after, maxIds) }
    case 'proofs':
      return { kind: 'proofs', proofs: proofsWithin(store, query.ids) }
  }
}

const proofsWithin = (store: Known, ids: readonly Bytes32[]): readonly Uint8Array[] => {
  let bytes = 0
  const proofs: Uint8Array[] = []
  for (const id of ids) {
    const proof = store.proof(id)
    if (proof === null) continue
    bytes += proof.length
    if (bytes > maxAnswerBytes) break
    proofs.push(proof)
  }
  return proofs
}

export type FetchDeps = {
  readonly network: Network
  readonly clock: Clock
  readonly store: Known
  readonly take: (proof: Uint8Array) => Result<unknown, Failure>
  /** Whether no honest peer hands this on. */
  readonly isHostile: (failure: Failure) => boolean
}

const answerTimeoutMs = 10_000
/** Ten pages more at the rate of `facts`. */
const askAgainMs = 500
/** One comparison ends after this; the next goes on where it stopped. */
const maxCompareMs = 60_000
/** Ids of one day that are looked through: a hundred times a busy day. */
const maxIdsPerDay = 50 * maxIds

/** Takes what this peer has and this node lacks; how many facts that were. Ends at the first thing no honest peer sends. Rejects with NetworkError. */
export const fetchFacts = async (deps: FetchDeps, peer: PeerAddress, fromDay: number): Promise<Result<number, Failure>> => {
  const untilMs = deps.clock.nowMs() + maxCompareMs
  const theirs = await ask(deps, peer, { kind: 'days' }, untilMs)
  if (!theirs.ok) return theirs
  if (theirs.value.kind !== 'days') return wrongAnswer
  let taken = 0
  for (const day of theirs.value.days.filter((one) => one.day === 0 || one.day >= fromDay).filter(differsFrom(deps.store))) {
    if (deps.clock.nowMs() >= untilMs) break
    const fetched = await fetchDay(deps, peer, day, untilMs)
    if (!fetched.ok) return fetched
    taken += fetched.value
  }
  return ok(taken)
}
const wrongAnswer = fail('wrong-answer', 'The peer answered another question than it was asked.')

const differsFrom =
  (store: Known) =>
  ({ day, digest }: DayDigest): boolean =>
    !equalBytes(store.digest(day), digest)

const fetchDay = async (deps: FetchDeps, peer: PeerAddress, { day }: DayDigest, untilMs: number): Promise<Result<number, Failure>> => {
  let taken = 0
  let after: Bytes32 | null = null
  for (let seen = 0; seen < maxIdsPerDay && deps.clock.nowMs() < untilMs;) {
    const page: Result<FactAnswer, Failure> = await ask(deps, peer, { kind: 'ids', day, after }, untilMs)
    if (!page.ok) return page
    if (page.value.kind !== 'ids') return wrongAnswer
    const { ids } = page.value
    const fetched = await fetchProofs(
      deps,
      peer,
      ids.filter((id) => !deps.store.has(id)),
      untilMs,
    )
    if (!fetched.ok) return fetched
    taken += fetched.value
    seen += ids.length
    after = ids.at(-1) ?? null
    if (ids.length < maxIds) break
  }
  return ok(taken)
}

const fetchProofs = async (
  deps: FetchDeps,
  peer: PeerAddress,
  ids: readonly Bytes32[],
  untilMs: number,
): Promise<Result<number, Failure>> => {
  let taken = 0
  for (let at = 0; at < ids.length && deps.clock.nowMs() < untilMs;) {
    const asked = ids.slice(at, at + maxProofs)
    const answer = await ask(deps, peer, { kind: 'proofs', ids: asked }, untilMs)
    if (!answer.ok) return answer
    if (answer.value.kind !== 'proofs' || answer.value.proofs.length > asked.length) return wrongAnswer
    const results = answer.value.proofs.map((proof) => deps.take(proof))
    const offence = results.find((result) => !result.ok && deps.isHostile(result.error))
    if (offence?.ok === false) return offence
    taken += results.filter((result) => result.ok).length
    // A peer that has forgotten them meanwhile answers fewer; those are left for another.
    at += results.length === 0 ? asked.length : results.length
  }
  return ok(taken)
}

/** Asked again while the peer says that this node asks too fast. */
const ask = async (
  { network, clock }: FetchDeps,
  peer: PeerAddress,
  query: FactQuery,
  untilMs: number,
): Promise<Result<FactAnswer, Failure>> => {
  for (;;) {
    try {
      return factAnswers.decode(await network.request(peer, 'facts', factQueries.encode(query), { timeoutMs: answerTimeoutMs }))
    } catch (error) {
      if (!(error instanceof NetworkError && error.code === 'rate-limited') || clock.nowMs() >= untilMs) throw error
      await new Promise<void>((resolve) => void clock.after(askAgainMs, resolve))
    }
  }
}
