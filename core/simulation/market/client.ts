import { providerKeyOf, type Candidate } from '../../orders/auction.ts'
import { requestDraft } from '../../orders/testing/world.ts'
import type { PostedRequest } from '../../orders/own-orders.ts'
import { toHex } from '../../platform/bytes.ts'
import type { Clock } from '../../platform/clock.ts'
import { limitMicro } from '../../prices/clock.ts'
import type { Bytes32, Decree, SignedUsageReceipt } from '../../settlement/objects.ts'
import { guardMs } from '../../settlement/rules.ts'
import type { Ledger } from './ledger.ts'
import type { Member, Session } from './member.ts'
import type { Notary } from './notary.ts'
import type { Provider } from './provider.ts'
import { createRounds, type Wish } from './rounds.ts'

export const classKey = 'practice-small'
const requestLifeMs = 15_000
const deliverWithinMs = 60_000
/** Two round trips to the witnesses, at the distances of this network. */
const lockMs = 250
/** A provider that has not begun by then is replaced. */
const patienceMs = 3_000
const highestMicro = 1_000_000_000n

export type ClientDeps = {
  readonly member: Member
  readonly valueMicro: bigint
  /** What a task costs before anybody has traded, as this member believes. */
  readonly guessMicro: bigint
  readonly notary: Notary
  readonly ledger: Ledger
  readonly clock: Clock
  readonly offsetMs: () => number
  readonly trading: () => boolean
  readonly providerOf: (name: string) => Provider | null
}
export type Client = { readonly answered: (escrowId: Bytes32, receipt: SignedUsageReceipt) => boolean }

/** Wants one task in every hour of work, at most at its value, and pays for it when it has the answer. */
export const createClient = (deps: ClientDeps): Client => {
  const { member, valueMicro, guessMicro, notary, ledger, clock } = deps
  const { signer } = member
  /** Escrows that this client still has to see end, as its disk remembers them. */
  const locked = new Map<string, Bytes32>()
  const auctions = new Set<string>()
  const estimate = ({ prices }: Session): bigint => prices.priceOf(classKey).estimate?.priceMicro ?? guessMicro

  const ask = (session: Session, { attempt, stance }: Wish): void => {
    const maxPriceMicro = limitMicro(valueMicro, estimate(session), stance, attempt)
    const draft = requestDraft({ classKey, maxPriceMicro, deliverWithinMs, validForMs: requestLifeMs })
    const posted = session.orders.postRequest(draft, () => undefined)
    if (!posted.ok) return ledger.violate(`${member.name} cannot ask: ${posted.error.message}`)
    const id = toHex(posted.value.request.id)
    ledger.count('requests')
    ledger.begin(id, `an auction of ${member.name}`, clock.nowMs() + requestLifeMs)
    auctions.add(id)
    void posted.value.winner.then((winner) => {
      ledger.end(id)
      auctions.delete(id)
      if (member.session() === session) lock(session, posted.value, winner, new Set())
    })
  }
  const lock = (session: Session, posted: PostedRequest, winner: Candidate | null, failed: Set<string>): void => {
    if (winner === null) return posted.close(null)
    rounds.served()
    session.later(lockMs, () => {
      const { terms, acceptSignature, peer } = winner.bid.value
      const escrow = notary.open(terms, acceptSignature, signer)
      const { id } = escrow.state
      ledger.count('escrows')
      locked.set(toHex(id), id)
      refundInTime(session, id)
      for (const decree of escrow.decrees) session.orders.tellDecree(peer, decree)
      session.later(patienceMs, () => {
        const isRunning = member.canReach(peer.peerId) && deps.providerOf(peer.peerId)?.knows(id) === true
        if (isRunning) return posted.close(winner)
        ledger.count('fail-overs')
        failed.add(providerKeyOf(winner))
        const next = posted.next(failed)
        if (next === null) rounds.openAgain()
        lock(session, posted, next, failed)
      })
    })
  }
  /** What was not delivered comes back after its deadline. */
  const refundInTime = (session: Session, id: Bytes32): void => {
    const { terms } = notary.get(id).state
    const dueMs = terms.deliverByMs + guardMs(notary.verifying.rules.limits)
    session.later(Math.max(0, dueMs - clock.nowMs()), () => {
      if (!locked.delete(toHex(id))) return
      const { phase } = notary.get(id).state
      // A provider that has delivered to nobody is paid when the review ends.
      if (phase !== 'open') return
      const ended = notary.move(id, { kind: 'expire-refund' }, null)
      if (ended === null) return ledger.violate(`an escrow of ${member.name} does not come back after its deadline`)
      ledger.count('refunded after the deadline')
      rounds.openAgain()
      session.facts.publish({ kind: 'settlement', decrees: ended.decrees })
    })
  }

  /** A provider that failed has given the money back. */
  const heard = ({ tx }: Decree): void => {
    if (tx.type === 'escrow' && tx.body.kind === 'refund' && locked.delete(toHex(tx.objectId))) rounds.openAgain()
  }

  const rounds = createRounds({
    clock,
    offsetMs: deps.offsetMs,
    trading: deps.trading,
    attempt: ask,
    couldTrade: (session, stance) => valueMicro >= limitMicro(highestMicro, estimate(session), stance, 0),
  })
  member.trades({
    came: (session) => {
      rounds.came(session)
      for (const id of locked.values()) refundInTime(session, id)
    },
    left: () => {
      rounds.left()
      for (const id of auctions) ledger.end(id)
      auctions.clear()
    },
    heard,
    isDone: () => locked.size === 0 && auctions.size === 0,
  })

  return {
    answered: (escrowId, receipt) => {
      const session = member.session()
      const ended = session === null ? null : notary.move(escrowId, { kind: 'release', receipt }, { role: 'client', signer })
      if (session === null || ended === null) return false
      locked.delete(toHex(escrowId))
      ledger.count('paid')
      const published = session.facts.publish({ kind: 'settlement', decrees: ended.decrees })
      if (!published.ok) ledger.violate(`a certified trade is no fact: ${published.error.code}`)
      return true
    },
  }
}
