import type { Network, Verdict } from '../network/port.ts'
import { sha256, toHex } from '../platform/bytes.ts'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import type { Epochs } from '../settlement/epochs.ts'
import {
  decodeEvidence,
  encodeEvidence,
  maxEvidenceBytes,
  offenceId,
  verifyEvidence,
  type Evidence,
  type EvidenceSink,
  type Finals,
} from '../settlement/evidence.ts'
import type { AccountId, Bytes32 } from '../settlement/objects.ts'
import { createRecent } from '../settlement/recent.ts'
import { createConvictions, maxFacts, noOptimismMs, type Fact } from './model.ts'
import type { EvidenceStore } from './store.ts'

export type EvidenceDeps = {
  readonly store: EvidenceStore
  readonly epochs: Epochs
  readonly network: Network
  readonly clock: Clock
  readonly log: Log
  readonly changed: (revision: number) => void
  /** Two contradicting steps are certified: nothing of this federation can be accepted any more. Also at the start, if it is known then. */
  readonly broken: (finals: Finals) => void
}

export type EvidenceBook = {
  /** For whatever meets contradictions; the same one may come often. */
  readonly found: EvidenceSink
  readonly start: () => void
  readonly stop: () => void
  readonly revision: () => number
  /** Newest first. */
  readonly facts: () => readonly Fact[]
  /** A witness or an arbiter. */
  readonly isConvicted: (publicKey: Bytes32) => boolean
  readonly ordersTwice: (account: AccountId) => { readonly count: number; readonly lastFoundAtMs: number | null }
  /** Whether to begin work for this account before its lock is final. */
  readonly mayStartOptimistically: (account: AccountId) => boolean
  readonly isBroken: () => boolean
}

/** Whoever joins later hears of it too; gossip forgets after four minutes what it has passed on. */
const tellAgainMs = 10 * 60_000
const maxToldAgain = 64
/** The same contradiction is met with every answer of a liar. */
const maxRemembered = 1_024

/** Keeps what proves that somebody has contradicted himself, passes it on, and knows what follows from it. */
export const createEvidenceBook = (deps: EvidenceDeps): EvidenceBook => {
  const { store, epochs, network, clock, log } = deps
  const convictions = createConvictions()
  const met = createRecent<true>(maxRemembered)
  let revision = 0
  let cancel = (): void => undefined

  const publish = (piece: Uint8Array): void => {
    network.publish('evidence', piece).catch((error: unknown) => log.write('info', 'evidence not sent', { reason: String(error) }))
  }

  const keep = (fact: Fact, evidence: Evidence, piece: Uint8Array): void => {
    convictions.add(fact)
    store.add(fact.id, { piece, foundAtMs: fact.foundAtMs })
    log.write(fact.account === null ? 'error' : 'warn', 'evidence', {
      offence: fact.offence,
      culprit: fact.culprit === null ? 'the committee' : toHex(fact.culprit),
      object: toHex(fact.objectId),
      step: fact.step,
    })
    deps.changed(++revision)
    if (evidence.kind === 'finals') deps.broken(evidence)
  }

  /** Whether it is valid, new or not; a valid one is passed on even when it is known, for those who join. */
  const take = (piece: Uint8Array): Verdict => {
    const decoded = decodeEvidence(piece)
    if (!decoded.ok) return 'reject'
    const verdict = verifyEvidence(decoded.value, epochs)
    if (!verdict.ok) return verdict.error.code === 'unknown-epoch' ? 'ignore' : 'reject'
    if (convictions.has(verdict.value)) return 'accept'
    if (!convictions.hasRoomFor(verdict.value)) return 'ignore'
    keep({ ...verdict.value, id: offenceId(verdict.value), foundAtMs: clock.nowMs() }, decoded.value, piece)
    return 'accept'
  }

  const load = (): void => {
    for (const { piece, foundAtMs } of store.newest(maxFacts).toReversed()) {
      const decoded = decodeEvidence(piece)
      const verdict = decoded.ok ? verifyEvidence(decoded.value, epochs) : decoded
      if (!decoded.ok || !verdict.ok) continue
      convictions.add({ ...verdict.value, id: offenceId(verdict.value), foundAtMs })
      if (decoded.value.kind === 'finals') deps.broken(decoded.value)
    }
  }

  const tellAgain = (): void => {
    cancel = clock.after(tellAgainMs, () => {
      for (const { piece } of store.newest(maxToldAgain)) publish(piece)
      tellAgain()
    })
  }

  return {
    found: (evidence) => {
      try {
        const piece = encodeEvidence(evidence)
        const key = toHex(sha256(piece))
        if (met.get(key) === true || piece.length > maxEvidenceBytes) return
        met.set(key, true)
        const before = revision
        take(piece)
        if (revision > before) publish(piece)
      } catch (error) {
        log.write('error', 'evidence not kept', { reason: String(error) })
      }
    },
    start: () => {
      load()
      network.subscribe('evidence', take)
      tellAgain()
    },
    stop: () => cancel(),
    revision: () => revision,
    facts: () => convictions.facts().toReversed(),
    isConvicted: convictions.isConvicted,
    ordersTwice: convictions.ordersTwice,
    mayStartOptimistically: (account) => {
      const { lastFoundAtMs } = convictions.ordersTwice(account)
      return lastFoundAtMs === null || clock.nowMs() - lastFoundAtMs >= noOptimismMs
    },
    isBroken: convictions.isBroken,
  }
}
