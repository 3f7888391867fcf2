import type { Network, PeerAddress, Verdict } from '../network/port.ts'
import { fromHex } from '../platform/bytes.ts'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import { chooseFrom, type Random } from '../platform/random.ts'
import { fail, type Failure, type Result } from '../platform/result.ts'
import type { VerifyContext } from '../settlement/verify.ts'
import type { Database } from '../storage/database.ts'
import { answerFacts, fetchFacts } from './exchange.ts'
import { factOf, type Fact, type FactFailure, type Proof } from './model.ts'
import { createFactStore, dayMs } from './store.ts'
import { decodeProof, encodeProof } from './wire.ts'

export type FactsDeps = {
  readonly db: Database
  readonly network: Network
  readonly verifying: VerifyContext
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
}
export type TakeFailure = FactFailure | Failure<'malformed' | 'known' | 'too-old'>
export type Facts = ReturnType<typeof createFacts>

/** Three half-lives of reputation: what is older weighs an eighth, and is forgotten by every node alike. */
export const factHorizonMs = 180 * dayMs
/** First soon, for what was certified while this node was away; in the end rarely, because gossip loses little. */
const compareFirstMs = 1_500
const compareMaxMs = 300_000

/**
 * The facts of the federation, at this node: what it took part in and what its peers show, each checked from the certificates up before it
 * counts. Gossip brings new ones; comparing with peers brings what gossip lost and what happened before this node came.
 */
export const createFacts = ({ db, network, verifying, clock, random, log }: FactsDeps) => {
  const store = createFactStore(db)
  const listeners = new Set<() => void>()
  let revision = store.count()
  let cancelCompare = (): void => undefined
  let isComparing = false
  let compareMs = compareFirstMs
  let prunedAtMs = 0

  const take = (bytes: Uint8Array): Result<Fact, TakeFailure> => {
    const proof = decodeProof(bytes)
    return proof.ok ? takeProof(proof.value, bytes) : proof
  }
  const takeProof = (proof: Proof, bytes: Uint8Array): Result<Fact, TakeFailure> => {
    const fact = factOf(proof, verifying)
    if (!fact.ok) return fact
    if (fact.value.kind === 'settlement' && fact.value.atMs < clock.nowMs() - factHorizonMs) return tooOld
    if (!store.insert(fact.value, bytes)) return known
    revision++
    for (const listener of listeners) listener()
    return fact
  }
  const hear = (data: Uint8Array): Verdict => {
    const taken = take(data)
    return taken.ok ? 'accept' : isHostile(taken.error) ? 'reject' : 'ignore'
  }

  const compareWith = async (peer: PeerAddress): Promise<number> => {
    try {
      const fetched = await fetchFacts({ network, clock, store, take, isHostile }, peer, horizonDay())
      if (!fetched.ok) network.reportMisbehaviour(peer.peerId, `facts: ${fetched.error.code}`)
      return fetched.ok ? fetched.value : 0
    } catch (error) {
      log.write('info', 'facts not compared', { peer: peer.peerId, reason: String(error) })
      return 0
    }
  }
  const compareLater = (): void => {
    cancelCompare()
    cancelCompare = clock.after(compareMs, () => void compare())
  }
  const compare = async (): Promise<void> => {
    prune()
    const peer = chooseFrom(network.peers(), random)
    const found = peer === undefined ? 0 : await compareWith(peer)
    if (!isComparing) return
    // Where one was missing there may be more.
    compareMs = found > 0 ? compareFirstMs : Math.min(2 * compareMs, compareMaxMs)
    compareLater()
  }
  const prune = (): void => {
    if (clock.nowMs() - prunedAtMs < dayMs) return
    prunedAtMs = clock.nowMs()
    store.removeBefore(prunedAtMs - factHorizonMs)
  }
  const horizonDay = (): number => Math.max(0, Math.floor((clock.nowMs() - factHorizonMs) / dayMs))

  return {
    store,
    revision: (): number => revision,
    onChanged: (listener: () => void): (() => void) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    /** What this node was part of: checked like everything else, kept, and told to the others. */
    publish: (proof: Proof): Result<Fact, TakeFailure> => {
      const bytes = encodeProof(proof)
      const taken = takeProof(proof, bytes)
      if (taken.ok)
        network.publish('facts', bytes).catch((error: unknown) => log.write('info', 'fact not gossiped', { reason: String(error) }))
      return taken
    },
    has: (id: string): boolean => store.has(fromHex(id)),
    compareWith,
    start: (): void => {
      network.serve('facts', async (payload, from) => {
        const answer = answerFacts(store, payload)
        if (answer.ok) return answer.value
        network.reportMisbehaviour(from, answer.error.code)
        return new Uint8Array()
      })
      network.subscribe('facts', hear)
      isComparing = true
      compareLater()
    },
    stop: (): void => {
      isComparing = false
      cancelCompare()
    },
  }
}

const known = fail('known', 'This fact is known already.')
const tooOld = fail('too-old', 'This is too long ago to count.')

/** What no honest peer hands on. */
const isHostile = ({ code }: Failure): boolean => code !== 'known' && code !== 'too-old' && code !== 'unknown-epoch'
