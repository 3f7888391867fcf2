import { openEscrow } from '../../escrow/model.ts'
import { draftBid } from '../../orders/matching.ts'
import { bids, type Bid, type Signed, type TaskRequest } from '../../orders/model.ts'
import { federationId, pricingOf, situationOf } from '../../orders/testing/fixtures.ts'
import { offerDraft } from '../../orders/testing/world.ts'
import { equalBytes, sha256, toHex } from '../../platform/bytes.ts'
import type { Clock } from '../../platform/clock.ts'
import { ok, type Failure, type Result } from '../../platform/result.ts'
import { askMicro } from '../../prices/clock.ts'
import type { Bytes32, Decree, EscrowState } from '../../settlement/objects.ts'
import { guardMs } from '../../settlement/rules.ts'
import { signReceipt, signTerms } from '../../settlement/signatures.ts'
import { classKey, type Client } from './client.ts'
import type { Ledger } from './ledger.ts'
import type { Member, Session } from './member.ts'
import type { Notary } from './notary.ts'
import { createRounds, type Wish } from './rounds.ts'

const offerLifeMs = 3_600_000
const slots = 1
const firstTokenMs = 400

export type ProviderDeps = {
  readonly member: Member
  readonly costMicro: bigint
  readonly guessMicro: bigint
  readonly notary: Notary
  readonly ledger: Ledger
  readonly clock: Clock
  readonly offsetMs: () => number
  readonly trading: () => boolean
  readonly workMs: () => number
  /** Whether the next answer does not come about. */
  readonly fails: () => boolean
  readonly clientOf: (account: Bytes32) => { readonly name: string; readonly client: Client } | null
}
export type Provider = { readonly knows: (escrowId: Bytes32) => boolean }

/** Sells one task in every hour of work, at least at its cost, one at a time. */
export const createProvider = (deps: ProviderDeps): Provider => {
  const { member, costMicro, guessMicro, notary, ledger, clock } = deps
  const { signer } = member
  /** Bids that bind a slot, by request, until they lapse. */
  const held = new Map<string, number>()
  const running = new Set<string>()
  /** Escrows whose client was away when the answer was ready, as the disk remembers them. */
  const delivered = new Set<Bytes32>()
  const known = new Set<string>()
  const estimate = ({ prices }: Session): bigint => prices.priceOf(classKey).estimate?.priceMicro ?? guessMicro

  const busySlots = (): number => running.size + [...held.values()].filter((untilMs) => untilMs > clock.nowMs()).length
  const ownOffers = ({ orders }: Session) => orders.book.offers.ofMember(signer.publicKey)
  const withdraw = (session: Session): void => {
    for (const { id } of ownOffers(session)) session.orders.withdrawOffer(id)
  }
  const offer = (session: Session, { attempt, stance }: Wish): void => {
    const pricing = pricingOf(askMicro(costMicro, estimate(session), stance, attempt))
    const [open] = ownOffers(session)
    if (open?.value.pricing.perTaskMicro === pricing.perTaskMicro) return
    withdraw(session)
    const published = session.orders.publishOffer(offerDraft({ classKey, pricing, concurrent: slots, validForMs: offerLifeMs }))
    ledger.count('offers')
    if (!published.ok) ledger.violate(`${member.name} cannot offer: ${published.error.code}`)
  }
  const bid = (session: Session, request: Signed<TaskRequest>): Result<Signed<Bid>, Failure> => {
    const situation = situationOf(ownOffers(session), { nowMs: clock.nowMs(), busySlots: busySlots() })
    const nonce = sha256(request.id, signer.publicKey).slice(0, 16)
    const draft = draftBid(request, situation, { nonce, taskKey: signer.publicKey })
    if (!draft.ok) return draft
    held.set(toHex(request.id), draft.value.validUntilMs)
    return ok(bids.sign({ ...draft.value, acceptSignature: signTerms(federationId, draft.value.terms, signer) }, signer, federationId))
  }

  const heard = ({ tx }: Decree): void => {
    const session = member.session()
    const state = tx.type === 'account' ? openEscrow(tx) : null
    if (session === null || state === null || !equalBytes(state.terms.providerKey, signer.publicKey)) return
    const request = toHex(state.terms.requestHash)
    if (!held.delete(request)) return ledger.count('locked too late')
    session.orders.locked(state.terms.requestHash)
    if (running.size >= slots) ledger.violate(`${member.name} is over-filled`)
    running.add(request)
    known.add(toHex(state.id))
    rounds.served()
    withdraw(session)
    const startedAtMs = clock.nowMs()
    session.later(deps.workMs(), () => {
      running.delete(request)
      if (deps.fails()) giveBack(session, state)
      else answer(session, state, startedAtMs)
    })
  }
  const giveBack = (session: Session, { id, terms }: EscrowState): void => {
    const ended = notary.move(id, { kind: 'refund' }, { role: 'provider', signer })
    // The client has taken it back after the deadline.
    if (ended === null) return
    ledger.count('refunded by their providers')
    session.facts.publish({ kind: 'settlement', decrees: ended.decrees })
    const [buyer, refund] = [deps.clientOf(terms.client), ended.decrees.at(-1)]
    if (buyer !== null && refund !== undefined) session.orders.tellDecree({ peerId: buyer.name, addresses: [] }, refund)
  }
  const answer = (session: Session, { id, terms }: EscrowState, startedAtMs: number): void => {
    const priceMicro = terms.amountMicro
    const times = { startedAtMs, firstTokenAtMs: startedAtMs + firstTokenMs, finishedAtMs: clock.nowMs() }
    const usage = { inputTokens: 1_000, outputTokens: 1_000, transcriptHash: sha256(id) }
    const receipt = signReceipt(federationId, { escrowId: id, priceMicro, ...usage, ...times }, signer)
    const buyer = deps.clientOf(terms.client)
    if (buyer !== null && member.canReach(buyer.name) && buyer.client.answered(id, receipt)) return
    const body = { kind: 'deliver', atMs: clock.nowMs(), resultHash: sha256(id), priceMicro, recused: [] } as const
    if (notary.move(id, body, { role: 'provider', signer }) === null) return ledger.count('delivered too late')
    ledger.count('delivered')
    delivered.add(id)
    takeInTime(session, id)
  }
  const takeInTime = (session: Session, id: Bytes32): void => {
    const dueMs = (notary.get(id).state.reviewByMs ?? 0) + guardMs(notary.verifying.rules.limits)
    session.later(Math.max(0, dueMs - clock.nowMs()), () => {
      if (!delivered.delete(id)) return
      const ended = notary.move(id, { kind: 'expire-release' }, null)
      if (ended === null) return ledger.violate(`${member.name} is not paid after the review`)
      ledger.count('paid after review')
      session.facts.publish({ kind: 'settlement', decrees: ended.decrees })
    })
  }

  const rounds = createRounds({
    clock,
    offsetMs: deps.offsetMs,
    trading: deps.trading,
    attempt: offer,
    couldTrade: (session, stance) => costMicro <= askMicro(0n, estimate(session), stance, 0),
  })
  member.trades({
    came: (session) => {
      session.orders.setBidder({
        bid: (request) => Promise.resolve(bid(session, request)),
        closed: (requestHash, wonByMe) => {
          if (!wonByMe) held.delete(toHex(requestHash))
        },
      })
      rounds.came(session)
      for (const id of delivered) takeInTime(session, id)
    },
    left: () => {
      rounds.left()
      held.clear()
      running.clear()
    },
    heard,
    isDone: () => running.size === 0 && delivered.size === 0,
  })
  return { knows: (escrowId) => known.has(toHex(escrowId)) }
}
